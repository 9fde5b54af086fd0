"""Editing a request. An approval is bound to its content: docs/process.md#rounds-and-material-changes."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from models.catalog.document import OWNER, Catalog, Service
from models.catalog.revisions import hold_revision
from models.catalog.roles import RELEASE_MANAGER
from models.errors import Invalid, Refused, Stale
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.access import roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import PREPARING, SENT_BACK, State, Verb
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.release import Release
from models.packages.dependents import keys_brought, redraw_releases_after
from models.people.directory import roles_of
from models.releases.activities.release_criteria import exchange_document_criteria
from models.releases.approval.decisions import APPROVED
from models.releases.approval.turns import asked_in_new_round
from models.releases.policy.collision_findings import refresh_collisions
from models.releases.policy.observed_stops import EDIT, record_observed_stops, refused_but_for_trial
from models.releases.policy.stored_findings import store_findings
from models.releases.request.events import ReleaseEdited, ReleaseResubmitted
from models.releases.request.form import MATERIAL, CheckedRequest, RequestForm, check_request
from models.releases.request.judging import judge_in_turn, lead_time_begins, refuse_violations
from models.releases.request.next_round import begin_next_round
from models.unit_of_work import Transaction, UnitOfWork

FIELDS = (
    "type",
    "title",
    "description",
    "changes",
    "window_start",
    "window_end",
    "method",
    "back_out_plan",
)

JUDGED_FIELDS = frozenset(("type", "window_start", "window_end", "method"))
"""Fields that policy looks at. An edit that changes none of them isn't refused for hard findings of by now."""

WINDOW_FIELDS = frozenset(("window_start", "window_end"))

MOVERS = (RELEASE_MANAGER, OWNER)
"""They move a window, and so does the requester."""

EDITABLE = (State.REQUESTED, *SENT_BACK, *PREPARING)


@dataclass(frozen=True, slots=True)
class EditedRelease:
    """``voided`` when everybody has to decide again."""

    identifier: str
    fields: tuple[str, ...]
    voided: bool


async def check_may_edit_request(work: UnitOfWork, actor: Actor, release_id: int) -> Release:
    """The release. Raises :class:`~models.errors.Refused` when ``actor`` may not edit it."""
    async with work.reading() as snapshot:
        release = await load_release(snapshot.session, release_id)
        catalog = await snapshot.catalog()
        service = catalog.by_key.get(release.service)
        roles = await roles_of(snapshot.session, service, actor.person) if service else frozenset()
    _check_editable(release, actor.person, roles)
    return release


async def edit_release(
    work: UnitOfWork, actor: Actor, release_id: int, round_: int, form: RequestForm, *, moves_window: bool = False
) -> EditedRelease:
    """Replace the request by ``form``; a release that was sent back or has expired is resubmitted with it.

    With ``moves_window`` only the window is taken from the form, which :data:`MOVERS` may do too.

    Raises :class:`~models.errors.Invalid` for wrong fields and for hard findings of policy,
    :class:`~models.errors.Refused` when the release cannot be edited any more or not by this person,
    :class:`~models.errors.Stale` when somebody else edited it meanwhile.
    """
    async with work(actor) as tx:
        await hold_revision(tx.session)
        release = await load_release(tx.session, release_id, lock=True)
        catalog = await tx.catalog()
        service = catalog.by_key.get(release.service)
        roles = await roles_of(tx.session, service, actor.person) if service else frozenset()
        if not (moves_window and may_move_window(release, service, roles)):
            _check_editable(release, actor.person, roles)
        if release.round != round_:
            raise Stale(f"{release.identifier} was changed meanwhile. Open it again, then edit.")
        if moves_window:
            window = {"window_start": form.window_start, "window_end": form.window_end}
            form = RequestForm(**(as_requested(release) | window))
        if form.service != release.service:
            raise Invalid({"service": "A release stays with its service. Cancel it and request another."})
        request = check_request(form, catalog, tx.now)
        requested_at = lead_time_begins(release, request.type, request.window_start, tx.now)
        planned_for = release.window_start if release.approved_at else None
        fields = _apply(release, request)
        if "type" in fields:
            await exchange_document_criteria(tx, release, service)
        findings = await judge_in_turn(tx, catalog, request, release.requester, requested_at, release_id)
        judged = release.state in SENT_BACK or not JUDGED_FIELDS.isdisjoint(fields)
        if judged:
            refuse_violations(findings)
            await record_observed_stops(tx, release, EDIT, refused_but_for_trial(findings))
        await store_findings(tx, release_id, findings, judged=judged)
        if not WINDOW_FIELDS.isdisjoint(fields):
            await refresh_collisions(tx, catalog, release)
        if is_resubmitted(release):
            return await _resubmit(tx, catalog, release, fields)
        edited = await change_content(tx, catalog, release, fields)
        if planned_for and release.approved_at is None:
            await redraw_releases_after(tx, catalog, release_id, await keys_brought(tx, release_id), planned_for)
        return edited


def is_resubmitted(release: Release) -> bool:
    """Whether an edit asks for approval again."""
    return release.state in SENT_BACK


def as_requested(release: Release) -> dict[str, Any]:
    """The request by field of the form."""
    entered = {name: getattr(release, name) for name in FIELDS}
    return entered | {"changes": ", ".join(release.changes), "service": release.service}


def _check_editable(release: Release, person: str, roles: frozenset[str]) -> None:
    if release.state not in EDITABLE:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so it cannot be edited any more.")
    if not may_edit(release, person, roles):
        raise Refused(f"{release.identifier} is edited by whoever requested it.")


def may_edit(release: Release, person: str, roles: frozenset[str]) -> bool:
    """Whether ``person``, who holds ``roles`` in its service, may edit it now; only its requester resubmits."""
    if person == release.requester:
        return release.state in EDITABLE
    return RELEASE_MANAGER in roles and release.state in EDITABLE and release.state not in SENT_BACK


def may_move_window(release: Release, service: Service | None, roles: frozenset[str]) -> bool:
    """Whether somebody who holds ``roles``, and needn't be its requester, may give it another window now."""
    movable = release.state in EDITABLE and release.state not in SENT_BACK
    return movable and not roles.isdisjoint(roles_that_answer(service, MOVERS))


def _apply(release: Release, request: CheckedRequest) -> tuple[str, ...]:
    changed = tuple(name for name in FIELDS if getattr(release, name) != getattr(request, name))
    for name in changed:
        setattr(release, name, getattr(request, name))
    return changed


async def _resubmit(tx: Transaction, catalog: Catalog, release: Release, fields: tuple[str, ...]) -> EditedRelease:
    lifecycle.move(release, Verb.RESUBMIT, tx.now)
    await begin_next_round(tx, catalog, release)
    tx.record(
        ReleaseResubmitted(
            subject=release.id,
            release_id=release.id,
            identifier=release.identifier,
            fields=fields,
            round=release.round,
            person=tx.actor.person,
            asked=await asked_in_new_round(tx, catalog, release),
        )
    )
    return EditedRelease(release.identifier, fields, voided=True)


async def change_content(
    tx: Transaction, catalog: Catalog, release: Release, fields: tuple[str, ...]
) -> EditedRelease:
    """Record that ``fields`` have changed; a material one begins the next round.

    A release that was sent back begins its next round when it is resubmitted.
    """
    material = [MATERIAL[name] for name in fields if name in MATERIAL]
    approvers = await _approvers(tx, release)
    undecided = release.state in SENT_BACK
    voided = bool(material) and not undecided and (bool(approvers) or release.state in PREPARING)
    if material and not undecided:
        if release.state in PREPARING:
            lifecycle.move(release, Verb.VOID, tx.now)
        await begin_next_round(tx, catalog, release)
    if fields:
        tx.record(
            ReleaseEdited(
                subject=release.id,
                release_id=release.id,
                identifier=release.identifier,
                fields=fields,
                round=release.round,
                voided=voided,
                voided_people=approvers if voided else (),
                material=tuple(dict.fromkeys(material)),
                asked=await asked_in_new_round(tx, catalog, release) if voided else (),
            )
        )
    return EditedRelease(release.identifier, fields, voided)


async def _approvers(tx: Transaction, release: Release) -> tuple[str, ...]:
    query = select(Decision.person).where(
        col(Decision.release_id) == release.id,
        col(Decision.round) == release.round,
        col(Decision.verdict) == APPROVED,
    )
    return tuple((await tx.session.exec(query)).all())
