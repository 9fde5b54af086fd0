"""Editing a request. An approval is bound to its content: docs/process.md#rounds-and-material-changes."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from models.catalog.document import OWNER, Service
from models.catalog.revisions import hold_revision
from models.catalog.roles import RELEASE_MANAGER
from models.errors import Invalid, Refused, Stale
from models.events import Actor
from models.lifecycle.access import roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import SENT_BACK, State
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.release import Release
from models.lifecycle.window_notices import refresh_window_notice
from models.packages.dependents import keys_brought, redraw_releases_after
from models.people.directory import roles_of
from models.releases.activities.criteria.release_criteria import exchange_document_criteria
from models.releases.policy.collision_findings import refresh_collisions
from models.releases.policy.observed_stops import EDIT, record_observed_stops, refused_but_for_trial
from models.releases.policy.rules.risk import Risk
from models.releases.policy.stored_findings import store_findings
from models.releases.request.change_content import EDITABLE, EditedRelease, TooFewRemain, change_content, resubmit
from models.releases.request.content_changes import changes_of_request
from models.releases.request.form import CheckedRequest, RequestForm, check_request
from models.releases.request.judging import judge_in_turn, lead_time_begins, refuse_violations
from models.releases.request.queries import edit_cost
from models.releases.request.records import EditCost
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

EDITORS = (RELEASE_MANAGER,)
"""Who may edit a request, besides its requester."""


@dataclass(frozen=True, slots=True)
class EditableRequest:
    release: Release
    cost: EditCost | None
    """None where it begins another round anyway, because it is resubmitted."""


async def check_may_edit_request(work: UnitOfWork, actor: Actor, release_id: int) -> EditableRequest:
    """The release, and what it costs to edit it. Raises :class:`~models.errors.Refused` when ``actor`` may not."""
    async with work.reading(actor) as snapshot:
        release = await load_release(snapshot.session, release_id)
        catalog = await snapshot.catalog()
        service = catalog.by_key.get(release.service)
        roles = await roles_of(snapshot.session, service, actor.person) if service else frozenset()
        _check_editable(release, actor.person, roles)
        cost = None if is_resubmitted(release) else await edit_cost(snapshot, release, EDITORS)
    return EditableRequest(release, cost)


async def edit_release(
    work: UnitOfWork,
    actor: Actor,
    release_id: int,
    round_: int,
    form: RequestForm,
    seen: str = "",
    *,
    moves_window: bool = False,
) -> EditedRelease:
    """Replace the request by ``form``; a release that was sent back or has expired is resubmitted with it.

    ``seen`` is the :func:`content_mark` of what the form began with: also an edit that begins no round is not
    overwritten. With ``moves_window`` only the window is taken from the form, which :data:`MOVERS` may do too.

    Raises :class:`~models.errors.Invalid` for wrong fields, for hard findings of policy and where too few people
    would be left to approve it; :class:`~models.errors.Refused` when the release cannot be edited any more or not
    by this person; :class:`~models.errors.Stale` when somebody else edited it meanwhile.
    """
    async with work(actor) as tx:
        await hold_revision(tx.session)
        release, service = await _load_to_edit(tx, release_id, moves_window=moves_window)
        if release.round != round_ or seen not in ("", content_mark(release)):
            raise Stale(f"{release.identifier} was changed meanwhile. Open it again, then edit.")
        if moves_window:
            window = {"window_start": form.window_start, "window_end": form.window_end}
            form = RequestForm(**(as_requested(release) | window))
        if form.service != release.service:
            raise Invalid({"service": "A release stays with its service. Cancel it and request another."})
        catalog = await tx.catalog()
        request = check_request(form, catalog, tx.now)
        requested_at = lead_time_begins(release, request.type, request.window_start, tx.now)
        planned_for = release.window_start if release.approved_at else None
        before = _request_of(release)
        fields = _apply(release, request)
        changes = changes_of_request(before, _request_of(release))
        if "type" in fields:
            await exchange_document_criteria(tx, release, service)
        risk = await _judge(tx, release, request, requested_at, fields)
        if is_resubmitted(release):
            return await resubmit(tx, catalog, release, changes, fields, risk)
        try:
            edited = await change_content(tx, catalog, release, changes, fields, EDITORS, risk)
        except TooFewRemain as error:
            raise Invalid({error.field: str(error)}) from None
        if planned_for and release.approved_at is None:
            await redraw_releases_after(tx, catalog, release_id, await keys_brought(tx, release_id), planned_for)
        return edited


async def _load_to_edit(tx: Transaction, release_id: int, *, moves_window: bool) -> tuple[Release, Service | None]:
    release = await load_release(tx.session, release_id, lock=True)
    service = (await tx.catalog()).by_key.get(release.service)
    roles = await roles_of(tx.session, service, tx.actor.person) if service else frozenset()
    if not (moves_window and may_move_window(release, service, roles)):
        _check_editable(release, tx.actor.person, roles)
    return release, service


async def _judge(
    tx: Transaction, release: Release, request: CheckedRequest, requested_at: datetime, fields: tuple[str, ...]
) -> Risk:
    """The risk as it is now. Stores the soft findings.

    Raises :class:`~models.errors.Invalid` for hard ones about what was edited.
    """
    catalog, requesters = await tx.catalog(), await requesters_of(tx.session, release)
    found = await judge_in_turn(tx, catalog, request, release.requester, requested_at, release.id, requesters)
    findings = found.findings
    judged = release.state in SENT_BACK or not JUDGED_FIELDS.isdisjoint(fields)
    if judged:
        refuse_violations(findings)
        await record_observed_stops(tx, release, EDIT, refused_but_for_trial(findings))
    await store_findings(tx, release.id, findings, judged=judged)
    if not WINDOW_FIELDS.isdisjoint(fields):
        await refresh_collisions(tx, catalog, release)
        await refresh_window_notice(tx, release.id)
    return found.risk


def is_resubmitted(release: Release) -> bool:
    """Whether an edit asks for approval again."""
    return release.state in SENT_BACK


def as_requested(release: Release) -> dict[str, Any]:
    """The request by field of the form."""
    return _request_of(release) | {"changes": ", ".join(release.changes), "service": release.service}


def content_mark(release: Release) -> str:
    """Changes with every edit of the request, so that a form can tell what it began with."""
    values = [str(value) for value in _request_of(release).values()]
    return blake2b("\0".join(values).encode(), digest_size=8).hexdigest()


def _request_of(release: Release) -> dict[str, Any]:
    """The request by name of its field."""
    return {name: getattr(release, name) for name in FIELDS}


def _check_editable(release: Release, person: str, roles: frozenset[str]) -> None:
    if release.state not in EDITABLE:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so it cannot be edited any more.")
    if not may_edit(release, person, roles):
        raise Refused(f"{release.identifier} is edited by whoever requested it.")


def may_edit(release: Release, person: str, roles: frozenset[str]) -> bool:
    """Whether ``person``, who holds ``roles`` in its service, may edit it now; only its requester resubmits."""
    if person == release.requester:
        return release.state in EDITABLE
    return not roles.isdisjoint(EDITORS) and release.state in EDITABLE and release.state not in SENT_BACK


def may_move_window(release: Release, service: Service | None, roles: frozenset[str]) -> bool:
    """Whether somebody who holds ``roles``, and needn't be its requester, may give it another window now."""
    movable = release.state in EDITABLE and release.state not in SENT_BACK
    return movable and not roles.isdisjoint(roles_that_answer(service, MOVERS))


def _apply(release: Release, request: CheckedRequest) -> tuple[str, ...]:
    changed = tuple(name for name in FIELDS if getattr(release, name) != getattr(request, name))
    for name in changed:
        setattr(release, name, getattr(request, name))
    return changed
