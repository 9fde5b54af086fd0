"""Deciding on a requested release: approve, reject, ask for changes.

Approving is what happens most, often many at once, so it reads the release, the decisions so far and the catalog's
revision in one statement, and writes with plain inserts. Who stands in for whom is read only where somebody's own
roles do not do.
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
from models.packages.dependents import keys_brought, redraw_later
from models.people.directory import names, people_in, roles_of
from models.prepared import Prepared
from models.releases import lifecycle
from models.releases.afterwards import owe
from models.releases.decided import APPROVED, CHANGES_REQUESTED, REJECTED
from models.releases.events import ApprovalGranted, ChangesRequested, ReleaseRejected
from models.releases.forms import TEXT_LIMIT
from models.releases.lifecycle import Verb
from models.releases.plan import create_plan
from models.releases.policy.collided import settle_collisions
from models.releases.policy.kept import require_waivers
from models.releases.quorum import Approval, Tally, reachable, tally
from models.releases.standing_in import Standing, standings_of
from models.releases.tables import Decision, Release
from models.releases.who import role_words, who_could
from models.unit_of_work import Transaction, UnitOfWork


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
    standing_in_for: str | None
    revision: int | None


class _Decided(NamedTuple):
    """What one person decided in the round."""

    person: str
    verdict: str
    roles: tuple[str, ...]
    standing_in_for: str

    @property
    def approval(self) -> Approval:
        return Approval(self.person, self.roles, self.standing_in_for)


@dataclass(frozen=True, slots=True)
class _Case:
    """A release that somebody decides on, as far as deciding needs it."""

    id: int
    identifier: str
    service: Service
    catalog: Catalog
    type: ReleaseType
    row: _Row
    decisions: tuple["_Decided", ...]

    @property
    def round(self) -> int:
        return self.row.round

    @property
    def requester(self) -> str:
        return self.row.requester

    @property
    def approvals(self) -> list[Approval]:
        return [one.approval for one in self.decisions if one.verdict == APPROVED]


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
        col(Decision.standing_in_for),
        _LATEST.label("revision"),
    )
    .outerjoin(Decision, and_(col(Decision.release_id) == Release.id, col(Decision.round) == Release.round))
    .where(col(Release.id) == bindparam("release_id"))
)

_DECIDE = Prepared(
    insert(Decision), ("release_id", "round", "person", "verdict", "standing_in_for", "roles", "reason", "at")
)


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
        if any(one.person == actor.person and one.verdict == APPROVED for one in case.decisions):
            return Approved(case.identifier, before, again=True)
        standing, after = await _counting(tx, case, actor.person, before)
        await _decide(tx, case, APPROVED, standing, "")
        if after.complete:
            await require_waivers(tx, case.catalog, case.id, case.identifier)
            await _complete(tx, case)
        tx.record(
            ApprovalGranted(
                subject=case.id,
                release_id=case.id,
                identifier=case.identifier,
                channel=case.service.channel,
                grounds=await _grounds(tx, standing),
                round=case.round,
                roles=standing.roles,
                standing_in_for=standing.standing_in_for,
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
        standing = (await _entitled(tx, case, actor.person))[0]
        if any(one.person == actor.person and one.verdict == REJECTED for one in case.decisions):
            return
        await _decide(tx, case, REJECTED, standing, given)
        stopped = await _stops(tx, case, {actor.person, standing.standing_in_for})
        if stopped:
            release = await _move(tx, case.id, Verb.REJECT)
            await settle_collisions(tx, case.catalog, release)
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
                standing_in_for=standing.standing_in_for,
            )
        )


async def request_changes(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, round_: int, reason: str
) -> None:
    """Send the release back to its requester with ``reason``. Raises like :func:`reject_release`."""
    given = check_reason(reason)
    async with work(actor) as tx:
        case = await _read(tx, catalogs, Verb.REQUEST_CHANGES, release_id, round_)
        standing = (await _entitled(tx, case, actor.person))[0]
        await _decide(tx, case, CHANGES_REQUESTED, standing, given)
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
                standing_in_for=standing.standing_in_for,
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
    decisions = tuple(
        _Decided(row.person, row.verdict, tuple(row.roles), row.standing_in_for or "")
        for row in rows
        if row.person is not None
    )
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


async def _counting(tx: Transaction, case: _Case, person: str, before: Tally) -> tuple[Standing, Tally]:
    """In what ``person``'s approval counts, and how far the quorum is with it. Raises Refused when it does not."""
    own = await _own_standing(tx, case, person)
    after = _with(case, person, own, before) if own else None
    if own and after:
        return own, after
    others = await _stand_ins(tx, case, person)
    for standing in others:
        after = _with(case, person, standing, before)
        if after:
            return standing, after
    first = next(iter([own, *others] if own else others), None)
    raise Refused(await _nothing_left(tx, case, first, before) if first else await _nobody(tx, case))


def _with(case: _Case, person: str, standing: Standing, before: Tally) -> Tally | None:
    others = [one for one in case.approvals if one.person != person]
    mine = Approval(person, standing.roles, standing.standing_in_for)
    after = tally(case.type.approvals, [*others, mine], case.requester)
    return after if sum(after.missing.values()) < sum(before.missing.values()) else None


async def _entitled(tx: Transaction, case: _Case, person: str) -> list[Standing]:
    """In what ``person`` may decide, at least one. Raises Refused with who may when there is none."""
    own = await _own_standing(tx, case, person)
    found = [own] if own else await _stand_ins(tx, case, person)
    if not found:
        raise Refused(await _nobody(tx, case))
    return found


async def _stand_ins(tx: Transaction, case: _Case, person: str) -> list[Standing]:
    return await standings_of(tx.session, case.service, case.type.approvals, person, case.requester, tx.now)


async def _own_standing(tx: Transaction, case: _Case, person: str) -> Standing | None:
    """The asked-for roles that ``person`` holds, if any. Raises Refused for the requester."""
    if person == case.requester:
        others = await who_could(tx.session, case.service, case.type.approvals, without=(case.requester,))
        raise Refused(f"You requested {case.identifier}, so somebody else has to decide on it: {others}.")
    direct = case.service.roles_of((person,))
    held = await roles_of(tx.session, case.service, person) if case.service.names_groups else direct
    roles = tuple(role for role in case.type.approvals if role in held)
    return Standing(roles) if roles else None


async def _nobody(tx: Transaction, case: _Case) -> str:
    others = await who_could(tx.session, case.service, case.type.approvals, without=(case.requester,))
    return f"{case.identifier} is decided by its {role_words(case.type.approvals)}: {others}."


async def _grounds(tx: Transaction, standing: Standing) -> str:
    if not standing.standing_in_for:
        return f"holds {role_words(standing.roles)}"
    called = await names(tx.session, (standing.standing_in_for,))
    absent = called.get(standing.standing_in_for, standing.standing_in_for)
    return f"stands in for {absent}, who holds {role_words(standing.roles)}"


async def _nothing_left(tx: Transaction, case: _Case, standing: Standing, before: Tally) -> str:
    mine = {tx.actor.person, standing.standing_in_for} - {""}
    partner = next((one for one in case.approvals if {one.person, one.standing_in_for} & mine), None)
    if partner:
        called = await names(tx.session, (partner.person,))
        return (
            f"{called.get(partner.person, partner.person)} has approved {case.identifier} already. Whoever stands "
            "in for somebody and the one they stand in for count once together."
        )
    open_roles = [role for role, count in before.missing.items() if count]
    others = await who_could(tx.session, case.service, open_roles, without=(case.requester,))
    return (
        f"The {role_words(standing.roles)} has approved {case.identifier} already. It still waits for "
        f"{role_words(open_roles)}: {others}."
    )


async def _decide(tx: Transaction, case: _Case, verdict: str, standing: Standing, reason: str) -> None:
    values = {
        "verdict": verdict,
        "standing_in_for": standing.standing_in_for or None,
        "roles": list(standing.roles),
        "reason": reason,
        "at": tx.now,
    }
    if any(one.person == tx.actor.person for one in case.decisions):
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
    brings = await keys_brought(tx, case.id)
    await redraw_later(tx, case.catalog, case.id, brings, case.row.window_start)
    if case.type.afterwards:
        owe(tx, case.id, case.round, case.type.afterwards, case.catalog.zone(case.service))


async def _stops(tx: Transaction, case: _Case, rejecters: set[str]) -> bool:
    if case.service.policy.approval.one_rejection_stops:
        return True
    holders = {role: await people_in(tx.session, case.service, role) for role in case.type.approvals}
    earlier = [one for one in case.decisions if one.verdict == REJECTED]
    against = {one.person for one in earlier} | {one.standing_in_for for one in earlier} | rejecters
    return not reachable(case.type.approvals, holders, case.requester, against)
