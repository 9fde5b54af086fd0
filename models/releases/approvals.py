"""Deciding on a requested release: approve, reject, ask for changes.

Approving is what happens most, often many at once, so it reads the release, the decisions so far and the catalog's
revision in one statement, and writes with plain inserts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, insert, select, update
from sqlmodel import col, func
from sqlmodel import select as select_rows

from models.catalog.document import Catalog, ReleaseType, Service
from models.catalog.store import CatalogCache, CatalogRevision
from models.errors import Invalid, NotFound, Refused, Stale
from models.events import Actor
from models.people.directory import people_in, roles_of
from models.prepared import Prepared
from models.releases import lifecycle
from models.releases.events import ApprovalGranted, ChangesRequested, ReleaseRejected
from models.releases.forms import TEXT_LIMIT
from models.releases.lifecycle import Verb
from models.releases.plan import create_plan
from models.releases.policy.kept import require_waivers
from models.releases.quorum import Approval, Tally, reachable, tally
from models.releases.tables import Decision, Release
from models.releases.who import role_words, who_could
from models.unit_of_work import Transaction, UnitOfWork

APPROVED = "approved"
REJECTED = "rejected"
CHANGES_REQUESTED = "changes_requested"


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval came to."""

    identifier: str
    tally: Tally
    again: bool
    """The person had approved this already; nothing was changed."""


class _Row(NamedTuple):
    """What deciding reads, a row for each decision of the round; one without a person when there is none."""

    identifier: str
    service: str
    type: str
    state: str
    round: int
    requester: str
    window_start: datetime
    person: str | None
    verdict: str
    roles: list[str]
    revision: int | None


@dataclass(frozen=True, slots=True)
class _Case:
    """A release that somebody decides on, as far as deciding needs it."""

    id: int
    identifier: str
    service: Service
    catalog: Catalog
    type: ReleaseType
    row: _Row
    decisions: tuple[tuple[str, str, tuple[str, ...]], ...]

    @property
    def round(self) -> int:
        return self.row.round

    @property
    def requester(self) -> str:
        return self.row.requester

    @property
    def approvals(self) -> list[Approval]:
        return [Approval(person, roles) for person, verdict, roles in self.decisions if verdict == APPROVED]


_LATEST = select(func.max(CatalogRevision.id)).scalar_subquery()

_READ = Prepared(
    select(
        col(Release.identifier),
        col(Release.service),
        col(Release.type),
        col(Release.state),
        col(Release.round),
        col(Release.requester),
        col(Release.window_start),
        col(Decision.person),
        col(Decision.verdict),
        col(Decision.roles),
        _LATEST.label("revision"),
    )
    .outerjoin(Decision, and_(col(Decision.release_id) == Release.id, col(Decision.round) == Release.round))
    .where(col(Release.id) == bindparam("release_id"))
)

_DECIDE = Prepared(insert(Decision), ("release_id", "round", "person", "verdict", "roles", "reason", "at"))


async def approve_release(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, round_: int
) -> Approved:
    """Count ``actor``'s approval of round ``round_``; with the last one needed the release is approved.

    Raises :class:`~models.errors.Refused` for the requester, for people in no role that is asked for and when
    their roles have all approved, and when this would complete the approvals of a release whose policy findings
    are not all waived; :class:`~models.errors.Stale` when the release has changed since.
    """
    async with work(actor) as tx:
        case = await _read(tx, catalogs, Verb.APPROVE, release_id, round_)
        before = tally(case.type.approvals, case.approvals, case.requester)
        if any(person == actor.person and verdict == APPROVED for person, verdict, _ in case.decisions):
            return Approved(case.identifier, before, again=True)
        roles = await _entitled(tx, case, actor.person)
        others = [approval for approval in case.approvals if approval.person != actor.person]
        after = tally(case.type.approvals, [*others, Approval(actor.person, roles)], case.requester)
        if sum(after.missing.values()) == sum(before.missing.values()):
            raise Refused(await _nothing_left(tx, case, roles, before))
        await _decide(tx, case, APPROVED, roles, "")
        if after.complete:
            await require_waivers(tx, case.catalog, case.id, case.identifier)
            await _complete(tx, case)
        tx.record(
            ApprovalGranted(
                subject=case.id,
                release_id=case.id,
                identifier=case.identifier,
                channel=case.service.channel,
                grounds=f"holds {role_words(roles)}",
                round=case.round,
                roles=roles,
                complete=after.complete,
                requester=case.requester,
            )
        )
        return Approved(case.identifier, after, again=False)


@dataclass(frozen=True, slots=True)
class Deciding:
    """A release that somebody may decide on: what it is called, where its card stands."""

    identifier: str
    channel: str


async def decider(tx: Transaction, catalogs: CatalogCache, verb: Verb, release_id: int, round_: int) -> Deciding:
    """Lock the release for what an approver may do besides deciding. Raises like :func:`approve_release`."""
    case = await _read(tx, catalogs, verb, release_id, round_)
    await _entitled(tx, case, tx.actor.person)
    return Deciding(case.identifier, case.service.channel)


async def check_may_decide(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, verb: Verb, release_id: int, round_: int
) -> str:
    """Whether ``actor`` could take ``verb`` now; gives the identifier. Raises what the use case would raise.

    Asked before a modal for the reason opens, so that nobody types a reason in vain; asked again on submitting.
    """
    async with work(actor) as tx:
        case = await _read(tx, catalogs, verb, release_id, round_)
        await _entitled(tx, case, actor.person)
        return case.identifier


async def reject_release(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, round_: int, reason: str
) -> None:
    """Reject with ``reason``: the release is stopped, unless the policy lets it go on while it can be approved.

    Raises like :func:`approve_release`, and :class:`~models.errors.Invalid` without a usable reason.
    """
    given = check_reason(reason)
    async with work(actor) as tx:
        case = await _read(tx, catalogs, Verb.REJECT, release_id, round_)
        roles = await _entitled(tx, case, actor.person)
        if any(person == actor.person and verdict == REJECTED for person, verdict, _ in case.decisions):
            return
        await _decide(tx, case, REJECTED, roles, given)
        stopped = await _stops(tx, case, actor.person)
        if stopped:
            await _move(tx, case.id, Verb.REJECT)
        tx.record(
            ReleaseRejected(
                subject=case.id,
                release_id=case.id,
                identifier=case.identifier,
                channel=case.service.channel,
                grounds=given,
                round=case.round,
                stopped=stopped,
                person=actor.person,
                requester=case.requester,
            )
        )


async def request_changes(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, round_: int, reason: str
) -> None:
    """Send the release back to its requester with ``reason``. Raises like :func:`reject_release`."""
    given = check_reason(reason)
    async with work(actor) as tx:
        case = await _read(tx, catalogs, Verb.REQUEST_CHANGES, release_id, round_)
        roles = await _entitled(tx, case, actor.person)
        await _decide(tx, case, CHANGES_REQUESTED, roles, given)
        await _move(tx, case.id, Verb.REQUEST_CHANGES)
        tx.record(
            ChangesRequested(
                subject=case.id,
                release_id=case.id,
                identifier=case.identifier,
                channel=case.service.channel,
                grounds=given,
                round=case.round,
                person=actor.person,
                requester=case.requester,
            )
        )


def check_reason(reason: str) -> str:
    """A reason that can be recorded. Raises :class:`~models.errors.Invalid` for an empty or endless one."""
    given = reason.strip()
    if not given:
        raise Invalid({"reason": "Give a reason; the requester reads it."})
    if len(given) > TEXT_LIMIT:
        raise Invalid({"reason": f"This is {len(given):,} characters long; {TEXT_LIMIT:,} is the most."})
    return given


async def _read(tx: Transaction, catalogs: CatalogCache, verb: Verb, release_id: int, round_: int) -> _Case:
    await tx.lock(Release, release_id)
    rows = [_Row(*row) for row in await tx.run(_READ, {"release_id": release_id})]
    if not rows:
        raise NotFound("This release is not in the database any more.")
    first = rows[0]
    lifecycle.check(verb, first.identifier, first.state)
    if first.round != round_:
        raise Stale(f"{first.identifier} has changed since this was shown. Read its card again, then decide.")
    revision = first.revision or 0
    catalog = catalogs.known(revision) or await catalogs.at(tx.session, revision)
    service, kind = _terms(catalog, first)
    decisions = tuple((row.person, row.verdict, tuple(row.roles)) for row in rows if row.person is not None)
    return _Case(release_id, first.identifier, service, catalog, kind, first, decisions)


def _terms(catalog: Catalog, row: _Row) -> tuple[Service, ReleaseType]:
    service = catalog.by_key.get(row.service)
    kind = service.policy.types.get(row.type) if service else None
    if service is None or kind is None:
        raise Refused(
            f"The catalog no longer says who approves {row.type} releases of {row.service}, so {row.identifier} "
            "cannot be decided. Ask the process owner to put it back, or cancel the release."
        )
    return service, kind


async def _entitled(tx: Transaction, case: _Case, person: str) -> tuple[str, ...]:
    """The roles in which ``person`` may decide. Raises Refused with who may when there are none."""
    if person == case.requester:
        others = await who_could(tx.session, case.service, case.type.approvals, without=(case.requester,))
        raise Refused(f"You requested {case.identifier}, so somebody else has to decide on it: {others}.")
    direct = case.service.roles_of((person,))
    held = await roles_of(tx.session, case.service, person) if case.service.names_groups else direct
    roles = tuple(role for role in case.type.approvals if role in held)
    if not roles:
        others = await who_could(tx.session, case.service, case.type.approvals, without=(case.requester,))
        asked = role_words(case.type.approvals)
        raise Refused(f"{case.identifier} is decided by its {asked}: {others}.")
    return roles


async def _nothing_left(tx: Transaction, case: _Case, roles: tuple[str, ...], before: Tally) -> str:
    open_roles = [role for role, count in before.missing.items() if count]
    others = await who_could(tx.session, case.service, open_roles, without=(case.requester,))
    return (
        f"The {role_words(roles)} has approved {case.identifier} already. It still waits for "
        f"{role_words(open_roles)}: {others}."
    )


async def _decide(tx: Transaction, case: _Case, verdict: str, roles: tuple[str, ...], reason: str) -> None:
    values = {"verdict": verdict, "roles": list(roles), "reason": reason, "at": tx.now}
    if any(person == tx.actor.person for person, _, _ in case.decisions):
        await tx.session.exec(
            update(Decision)
            .where(
                col(Decision.release_id) == case.id,
                col(Decision.round) == case.round,
                col(Decision.person) == tx.actor.person,
            )
            .values(**values)
        )
        return
    row = {"release_id": case.id, "round": case.round, "person": tx.actor.person, **values}
    await tx.run(_DECIDE, row)


async def _move(tx: Transaction, release_id: int, verb: Verb) -> Release:
    release = (await tx.session.exec(select_rows(Release).where(col(Release.id) == release_id))).one()
    lifecycle.move(release, verb, tx.now)
    return release


async def _complete(tx: Transaction, case: _Case) -> None:
    await lifecycle.approve(tx, case.id, case.identifier, case.row.state)
    await create_plan(tx, case.catalog, case.id, case.service, case.row.type, case.row.window_start)


async def _stops(tx: Transaction, case: _Case, rejecter: str) -> bool:
    if case.service.policy.approval.one_rejection_stops:
        return True
    holders = {role: await people_in(tx.session, case.service, role) for role in case.type.approvals}
    against = {person for person, verdict, _ in case.decisions if verdict == REJECTED} | {rejecter}
    return not reachable(case.type.approvals, holders, case.requester, against)
