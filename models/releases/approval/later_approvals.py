"""What an emergency owes: approvals collected after it was approved, within its type's grace period (DOMAIN.md)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog import document
from models.catalog.document import OWNER, Catalog, Service
from models.catalog.quorum import Tally
from models.catalog.roles import role_words
from models.errors import Refused, Stale
from models.events import Actor
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.approvals import Decision, LaterApprovals
from models.lifecycle.tables.release import Release
from models.people.directory import roles_of
from models.people.who_could import who_could
from models.people.zones import zones_of
from models.releases.approval.deadlines import WaitingRequest, reminders
from models.releases.approval.decisions import APPROVED_AFTERWARDS, deciders, decisions_of
from models.releases.approval.events import LaterApprovalGranted, LaterApprovalsChased, LaterApprovalsLate
from models.releases.approval.later_progress import NEVER_WENT_THROUGH, counts_towards, tally_later
from models.releases.approval.stand_ins import DecisionRight, decision_rights_of, delegates_of
from models.time.spans import parse_span
from models.unit_of_work import Transaction, UnitOfWork

BATCH = 50
"""Emergencies looked at in one transaction."""

_MOMENT = timedelta(microseconds=1)

DAILY = "1d"
"""How long the first reminder waits where the policy does not say: a working day."""


def require_later_approvals(
    tx: Transaction, release_id: int, round_: int, terms: document.LaterApprovalTerms, zone: ZoneInfo
) -> None:
    """Write down what the release owes from now on, by the catalog as it is now."""
    tx.session.add(
        LaterApprovals(
            release_id=release_id,
            round=round_,
            required=dict(terms.approvals),
            since=tx.now,
            due_at=parse_span(terms.within).after(tx.now, zone),
            looked_at=tx.now,
            next_at=tx.now,
        )
    )


async def approve_afterwards(work: UnitOfWork, actor: Actor, release_id: int, round_: int) -> str:
    """Count an approval that the emergency owes; gives the identifier. Giving it twice counts once.

    Raises :class:`~models.errors.Refused` when nothing is owed, for the requester, for whoever has approved before
    and for people in no role that is asked for.
    """
    async with work(actor) as tx:
        release = await load_release(tx.session, release_id, lock=True)
        if release.round != round_:
            raise Stale(f"{release.identifier} has changed since this was shown. Read its card again, then decide.")
        owed = await tx.session.get(LaterApprovals, (release_id, round_))
        if owed is None or release.state in NEVER_WENT_THROUGH:
            raise Refused(f"{release.identifier} needs no approvals afterwards.")
        decisions = await decisions_of(tx.session, release)
        if any(one.person == actor.person and one.verdict == APPROVED_AFTERWARDS for one in decisions):
            return release.identifier
        catalog = await tx.catalog()
        standing, after = await _counting(tx, catalog.by_key.get(release.service), release, owed, decisions)
        _decide(tx, release, decisions, standing)
        if after.complete:
            owed.completed_at, owed.next_at = tx.now, None
        tx.record(
            LaterApprovalGranted(
                subject=release_id,
                release_id=release_id,
                identifier=release.identifier,
                grounds=f"holds {role_words(standing.roles)}" if not standing.standing_in_for else "",
                round=round_,
                roles=standing.roles,
                complete=after.complete,
                late=tx.now > owed.due_at,
                standing_in_for=standing.standing_in_for,
            )
        )
        return release.identifier


async def chase_later_approvals(tx: Transaction, catalog: Catalog) -> int:
    """Do what is due on one batch of emergencies; gives how many. Call again while it gives :data:`BATCH`.

    What another process has locked is passed over, so that everybody is reminded once, and nobody about a release
    on which somebody is deciding at this moment.
    """
    query = (
        select(LaterApprovals, Release)
        .join(Release, col(Release.id) == col(LaterApprovals.release_id))
        .where(col(LaterApprovals.next_at) <= tx.now)
        .order_by(col(LaterApprovals.next_at), col(LaterApprovals.release_id))
        .limit(BATCH)
        .with_for_update(of=[LaterApprovals, Release], skip_locked=True)
    )
    rows = (await tx.session.exec(query)).all()
    for owed, release in rows:
        service = catalog.by_key.get(release.service)
        if service is None or release.round != owed.round or release.state in NEVER_WENT_THROUGH:
            owed.next_at = None
            continue
        await _look(tx, service, catalog.zone(service), release, owed)
    return len(rows)


async def next_later_approvals_at(session: AsyncSession, now: datetime) -> datetime | None:
    """When, after ``now``, something is due next about what emergencies owe, if anything is."""
    return (
        await session.exec(select(func.min(LaterApprovals.next_at)).where(col(LaterApprovals.next_at) > now))
    ).one()


async def _look(tx: Transaction, service: Service, zone: ZoneInfo, release: Release, owed: LaterApprovals) -> None:
    decisions = await decisions_of(tx.session, release)
    missing = tally_later(owed.required, decisions, release.requester).missing
    roles = tuple(role for role, count in missing.items() if count)
    spent = deciders(decisions) | {release.requester}
    asked = [one for role in roles for one in service.holders(role) if one not in spent]
    delegates = await delegates_of(tx.session, service, asked, tx.now)
    asked += [one for some in delegates.values() for one in some if one not in spent]
    zones = await zones_of(tx.session, tuple(dict.fromkeys(asked)), zone)
    waiting = WaitingRequest(owed.since, owed.looked_at, escalated=False, zones=zones, zone=zone)
    now_due, again = reminders(waiting, service.policy.approval.remind_after or DAILY, tx.now)
    late = owed.late_at is None and owed.due_at < tx.now
    owed.looked_at = tx.now
    if now_due:
        _remind(tx, release, owed, now_due, roles)
    if late:
        owed.late_at = tx.now
        _tell_late(tx, release, owed, service, roles)
    # A microsecond past the end: at the end itself an approval is still in time.
    ends = None if owed.late_at else max(owed.due_at, tx.now) + _MOMENT
    owed.next_at = min((one for one in (again, ends) if one), default=None)


def _remind(
    tx: Transaction, release: Release, owed: LaterApprovals, asked: tuple[str, ...], roles: tuple[str, ...]
) -> None:
    owed.reminded += 1
    tx.record(
        LaterApprovalsChased(
            subject=release.id,
            release_id=release.id,
            identifier=release.identifier,
            round=owed.round,
            count=owed.reminded,
            asked=asked,
            roles=roles,
            due_at=owed.due_at.isoformat(),
        )
    )


def _tell_late(
    tx: Transaction, release: Release, owed: LaterApprovals, service: Service, roles: tuple[str, ...]
) -> None:
    tx.record(
        LaterApprovalsLate(
            subject=release.id,
            release_id=release.id,
            identifier=release.identifier,
            round=owed.round,
            asked=service.holders(OWNER),
            roles=roles,
            due_at=owed.due_at.isoformat(),
        )
    )


async def _counting(
    tx: Transaction, service: Service | None, release: Release, owed: LaterApprovals, decisions: Sequence[Decision]
) -> tuple[DecisionRight, Tally]:
    """In what the actor's approval counts, and how far it is with it. Raises Refused when it does not."""
    person = tx.actor.person
    if service is None:
        raise Refused(f"{release.identifier} belongs to a service that is no longer in the catalog.")
    before = tally_later(owed.required, decisions, release.requester)
    if before.complete:
        raise Refused(f"{release.identifier} has all its approvals.")
    standings = await _standings(tx, service, release, owed)
    found = counts_towards(owed.required, decisions, release.requester, person, standings)
    if found:
        return found
    roles = [role for role, count in before.missing.items() if count]
    others = await who_could(tx.session, service, roles, without=deciders(decisions) | {release.requester})
    sentence = "You requested it" if person == release.requester else f"It waits for {role_words(roles)}"
    if person in deciders(decisions):
        sentence = "You count once, and you have decided already"
    raise Refused(f"{release.identifier} needs approvals afterwards. {sentence}, so this is for {others}.")


async def _standings(
    tx: Transaction, service: Service, release: Release, owed: LaterApprovals
) -> list[DecisionRight]:
    person = tx.actor.person
    if person == release.requester:
        return []
    held = await roles_of(tx.session, service, person)
    roles = tuple(role for role in owed.required if role in held)
    others = await decision_rights_of(tx.session, service, owed.required, person, release.requester, tx.now)
    return [DecisionRight(roles), *others] if roles else others


def _decide(tx: Transaction, release: Release, decisions: Sequence[Decision], standing: DecisionRight) -> None:
    mine = next((one for one in decisions if one.person == tx.actor.person), None)
    if mine is None:
        mine = Decision(
            release_id=release.id, round=release.round, person=tx.actor.person, verdict="", roles=[], at=tx.now
        )
        tx.session.add(mine)
    mine.verdict, mine.roles, mine.reason = APPROVED_AFTERWARDS, list(standing.roles), ""
    mine.standing_in_for, mine.at = standing.standing_in_for or None, tx.now
