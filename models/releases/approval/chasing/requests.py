"""Chasing requests that nobody decides: remind, escalate, expire: docs/process.md#waiting-requests."""

from datetime import datetime

from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.lifecycle import lifecycle
from models.lifecycle.lifecycle import State, Verb
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.approvals import ApprovalChase
from models.lifecycle.tables.release import Release
from models.people.time_zones import zones_of
from models.releases.approval.chasing.deadlines import ChasesDue, WaitingRequest, chases_due, earliest_chase
from models.releases.approval.decisions import decisions_of
from models.releases.approval.events import ApprovalChased, ApprovalEscalated, ReleaseExpired
from models.releases.approval.progress import ApprovalProgress, can_still_approve, quorum_progress
from models.releases.approval.rounds.store import rules_of_release
from models.unit_of_work import Transaction

BATCH = 50
"""Releases looked at in one transaction."""


async def chase_requests(tx: Transaction, catalog: Catalog) -> int:
    """Do what is due on one batch of requests. Returns how many; call again while that is :data:`BATCH`.

    Releases that somebody else has locked are passed over. How far each has been chased is read after locking, so
    that several processes do everything once.
    """
    due = await _lock_due(tx, catalog.revision)
    query = select(Release, ApprovalChase).outerjoin(
        ApprovalChase, col(ApprovalChase.release_id) == col(Release.id)
    )
    rows = (await tx.session.exec(query.where(col(Release.id).in_(due)).order_by(col(Release.id)))).all()
    for release, row in rows:
        await _chase(tx, catalog, release, row)
    return len(due)


async def next_request_chase_at(session: AsyncSession, now: datetime) -> datetime | None:
    """When, after ``now``, a request is due to be chased, escalated or expired next, if any is."""
    query = (
        select(func.min(ApprovalChase.next_at))
        .join(Release, col(Release.id) == col(ApprovalChase.release_id))
        .where(col(ApprovalChase.next_at) > now, col(Release.state) == State.REQUESTED)
    )
    return (await session.exec(query)).one()


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


async def _chase(tx: Transaction, catalog: Catalog, release: Release, row: ApprovalChase | None) -> None:
    service = catalog.by_key.get(release.service)
    rules = await rules_of_release(tx.session, service, release)
    row = _row_of_round(tx, catalog, release, row)
    row.next_at = earliest_chase(row.since, service.policy.approval) if service and rules else None
    if service is None or rules is None or row.next_at is None or row.next_at > tx.now:
        return
    decisions = await decisions_of(tx.session, release)
    progress = quorum_progress(rules.required, decisions, await requesters_of(tx.session, release))
    people = await can_still_approve(tx.session, service, progress, tx.now)
    zone = catalog.zone(service)
    waiting = WaitingRequest(
        row.since, row.looked_at, row.escalated_at is not None, await zones_of(tx.session, people, zone), zone
    )
    chases = chases_due(waiting, service.policy.approval, tx.now)
    row.next_at = chases.next_at
    if service.policy.approval.remind_after:
        row.looked_at = tx.now
    if chases.expire:
        _expire(tx, release, service)
        return
    _tell(tx, release, row, service, progress, chases)


def _row_of_round(tx: Transaction, catalog: Catalog, release: Release, row: ApprovalChase | None) -> ApprovalChase:
    """The row, begun again with a new round. A round that an edit began has waited since that was noticed."""
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
    progress: ApprovalProgress,
    chases: ChasesDue,
) -> None:
    about = {"subject": release.id, "release_id": release.id, "channel": service.channel}
    roles, since = progress.tally().missing_roles, row.since.isoformat()
    if chases.remind:
        row.reminded += 1
        tx.record(
            ApprovalChased(
                **about,  # type: ignore[arg-type]
                identifier=release.identifier,
                round=release.round,
                count=row.reminded,
                asked=chases.remind,
                roles=roles,
                since=since,
            )
        )
    role = service.policy.approval.escalate_to
    if chases.escalate and role:
        row.escalated_at = tx.now
        tx.record(
            ApprovalEscalated(
                **about,  # type: ignore[arg-type]
                identifier=release.identifier,
                round=release.round,
                asked=tuple(one for one in service.holders(role) if one not in progress.requesters),
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
