"""Reminding people of later approvals, and telling the owner when the grace period is over."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import OWNER, Catalog, Service
from models.lifecycle.lifecycle import NEEDS_NO_LATER_APPROVALS
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.approvals import LaterApprovals
from models.lifecycle.tables.release import Release
from models.people.time_zones import zones_of
from models.releases.approval.chasing.deadlines import WaitingRequest, reminders
from models.releases.approval.chasing.requests import BATCH
from models.releases.approval.decisions import decisions_of
from models.releases.approval.events import LaterApprovalsChased, LaterApprovalsLate
from models.releases.approval.progress import can_still_approve, later_progress
from models.unit_of_work import Transaction

_MOMENT = timedelta(microseconds=1)

DAILY = "1d"
"""How long the first reminder waits where the policy does not say: a working day."""


async def chase_later_approvals(tx: Transaction, catalog: Catalog) -> int:
    """Do what is due on one batch of emergencies. Returns how many; call again while that is :data:`BATCH`.

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
    for needed, release in rows:
        service = catalog.by_key.get(release.service)
        if service is None or release.round != needed.round or release.state in NEEDS_NO_LATER_APPROVALS:
            needed.next_at = None
            continue
        await _chase(tx, service, catalog.zone(service), release, needed)
    return len(rows)


async def next_later_approvals_at(session: AsyncSession, now: datetime) -> datetime | None:
    """When, after ``now``, something is due next about later approvals, if anything is."""
    return (
        await session.exec(select(func.min(LaterApprovals.next_at)).where(col(LaterApprovals.next_at) > now))
    ).one()


async def _chase(
    tx: Transaction, service: Service, zone: ZoneInfo, release: Release, needed: LaterApprovals
) -> None:
    requesters = await requesters_of(tx.session, release)
    progress = later_progress(needed.required, await decisions_of(tx.session, release), requesters)
    people = await can_still_approve(tx.session, service, progress, tx.now)
    zones = await zones_of(tx.session, people, zone)
    waiting = WaitingRequest(needed.since, needed.looked_at, escalated=False, zones=zones, zone=zone)
    remind, again_at = reminders(waiting, service.policy.approval.remind_after or DAILY, tx.now)
    roles = progress.tally().missing_roles
    needed.looked_at = tx.now
    if remind:
        _remind(tx, release, needed, remind, roles)
    if needed.late_at is None and needed.due_at < tx.now:
        needed.late_at = tx.now
        _tell_late(tx, release, needed, service, roles)
    # A microsecond past the end: at the end itself an approval is still in time.
    late_at = None if needed.late_at else max(needed.due_at, tx.now) + _MOMENT
    needed.next_at = min((moment for moment in (again_at, late_at) if moment), default=None)


def _remind(
    tx: Transaction, release: Release, needed: LaterApprovals, people: tuple[str, ...], roles: tuple[str, ...]
) -> None:
    needed.reminded += 1
    tx.record(
        LaterApprovalsChased(
            subject=release.id,
            release_id=release.id,
            identifier=release.identifier,
            round=needed.round,
            count=needed.reminded,
            asked=people,
            roles=roles,
            due_at=needed.due_at.isoformat(),
        )
    )


def _tell_late(
    tx: Transaction, release: Release, needed: LaterApprovals, service: Service, roles: tuple[str, ...]
) -> None:
    tx.record(
        LaterApprovalsLate(
            subject=release.id,
            release_id=release.id,
            identifier=release.identifier,
            round=needed.round,
            asked=service.holders(OWNER),
            roles=roles,
            due_at=needed.due_at.isoformat(),
        )
    )
