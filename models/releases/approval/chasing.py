"""Chasing requests that nobody decides: reminded of, then escalated, then expired."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.catalog.quorum import tally
from models.lifecycle import lifecycle
from models.lifecycle.lifecycle import State, Verb
from models.lifecycle.tables.approvals import ApprovalChase, Decision
from models.lifecycle.tables.release import Release
from models.people.time_zones import zones_of
from models.releases.approval.deadlines import ChasesDue, WaitingRequest, chases_due, earliest
from models.releases.approval.decisions import deciders, decisions_of, given
from models.releases.approval.events import ApprovalChased, ApprovalEscalated, ReleaseExpired
from models.releases.approval.stand_ins import delegates_of
from models.unit_of_work import Snapshot, Transaction

BATCH = 50
"""Requests looked at in one transaction."""


async def chase_requests(tx: Transaction, catalog: Catalog) -> int:
    """Do what is due on one batch of requests; gives how many. Call again while it gives :data:`BATCH`.

    The releases are locked, and those that somebody else has locked are passed over. How far each has been
    chased is read after that, so that processes beside each other do everything once.
    """
    chased = await _lock_due(tx, catalog.revision)
    query = select(Release, ApprovalChase).outerjoin(
        ApprovalChase, col(ApprovalChase.release_id) == col(Release.id)
    )
    rows = (await tx.session.exec(query.where(col(Release.id).in_(chased)).order_by(col(Release.id)))).all()
    for release, row in rows:
        await _look(tx, catalog, release, row)
    return len(chased)


async def next_request_chase_at(session: AsyncSession, now: datetime) -> datetime | None:
    """When, after ``now``, a request is due to be chased, escalated or expired next, if any is."""
    query = (
        select(func.min(ApprovalChase.next_at))
        .join(Release, col(Release.id) == col(ApprovalChase.release_id))
        .where(col(ApprovalChase.next_at) > now, col(Release.state) == State.REQUESTED)
    )
    return (await session.exec(query)).one()


async def can_still_decide(
    snapshot: Snapshot, service: Service, required: dict[str, int], decisions: Sequence[Decision], requester: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The roles still missing, and the people and groups who can fill them, with whoever stands in for those."""
    missing = tally(required, given(decisions), requester).missing
    roles = tuple(role for role, count in missing.items() if count)
    spent = deciders(decisions) | {requester}
    asked = [one for role in roles for one in service.holders(role) if one not in spent]
    delegates = await delegates_of(snapshot.session, service, asked, snapshot.now)
    asked += [one for some in delegates.values() for one in some if one not in spent]
    return roles, tuple(dict.fromkeys(asked))


async def _lock_due(tx: Transaction, revision: int) -> list[int]:
    """The requests on which something is due, or that have not been looked at in this round and catalog."""
    new = or_(
        col(ApprovalChase.release_id).is_(None),
        col(ApprovalChase.round) != col(Release.round),
        col(ApprovalChase.revision) != revision,
    )
    query = (
        select(Release.id)
        .outerjoin(ApprovalChase, col(ApprovalChase.release_id) == col(Release.id))
        .where(col(Release.state) == State.REQUESTED, or_(new, col(ApprovalChase.next_at) <= tx.now))
        .order_by(col(Release.id))
        .limit(BATCH)
        .with_for_update(of=Release, skip_locked=True)
    )
    return list((await tx.session.exec(query)).all())


async def _look(tx: Transaction, catalog: Catalog, release: Release, row: ApprovalChase | None) -> None:
    service = catalog.by_key.get(release.service)
    kind = service.policy.types.get(release.type) if service else None
    row = _begun(tx, catalog, release, row)
    row.next_at = earliest(row.since, service.policy.approval) if service and kind else None
    if service is None or kind is None or row.next_at is None or row.next_at > tx.now:
        return
    decisions = await decisions_of(tx.session, release)
    roles, asked = await can_still_decide(tx, service, dict(kind.approvals), decisions, release.requester)
    zone = catalog.zone(service)
    waiting = WaitingRequest(
        row.since, row.looked_at, row.escalated_at is not None, await zones_of(tx.session, asked, zone), zone
    )
    found = chases_due(waiting, service.policy.approval, tx.now)
    row.next_at = found.next_at
    if service.policy.approval.remind_after:
        row.looked_at = tx.now
    if found.expire:
        _expire(tx, release, service)
        return
    _tell(tx, release, row, service, roles, found)


def _begun(tx: Transaction, catalog: Catalog, release: Release, row: ApprovalChase | None) -> ApprovalChase:
    """The row of this round. A round that an edit began has waited since that was noticed."""
    if row is None:
        since = release.state_since
        row = ApprovalChase(
            release_id=release.id, round=release.round, revision=catalog.revision, since=since, looked_at=since
        )
        tx.session.add(row)
    elif row.round != release.round:
        row.since = release.state_since if release.state_since > row.since else tx.now
        row.round, row.looked_at, row.reminded, row.escalated_at = release.round, row.since, 0, None
    row.revision = catalog.revision
    return row


def _tell(
    tx: Transaction,
    release: Release,
    row: ApprovalChase,
    service: Service,
    roles: tuple[str, ...],
    found: ChasesDue,
) -> None:
    about = {"subject": release.id, "release_id": release.id, "channel": service.channel}
    since = row.since.isoformat()
    if found.remind:
        row.reminded += 1
        tx.record(
            ApprovalChased(
                **about,  # type: ignore[arg-type]
                identifier=release.identifier,
                round=release.round,
                count=row.reminded,
                asked=found.remind,
                roles=roles,
                since=since,
            )
        )
    role = service.policy.approval.escalate_to
    if found.escalate and role:
        row.escalated_at = tx.now
        tx.record(
            ApprovalEscalated(
                **about,  # type: ignore[arg-type]
                identifier=release.identifier,
                round=release.round,
                asked=tuple(one for one in service.holders(role) if one != release.requester),
                role=role,
                roles=roles,
                since=since,
            )
        )


def _expire(tx: Transaction, release: Release, service: Service) -> None:
    lifecycle.move(release, Verb.EXPIRE, tx.now)
    tx.record(
        ReleaseExpired(
            subject=release.id,
            release_id=release.id,
            identifier=release.identifier,
            channel=service.channel,
            round=release.round,
            requester=release.requester,
        )
    )
