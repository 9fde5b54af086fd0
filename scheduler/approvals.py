"""Chases requests that wait for approval, and the later approvals of emergencies."""

from datetime import datetime

from models.releases.approval import chasing, later_approvals
from models.unit_of_work import UnitOfWork
from scheduler.batches import in_batches


async def chase_approvals(work: UnitOfWork) -> None:
    """Remind of, escalate and expire everything that is due: once, in however many processes and however late."""
    await in_batches(work, chasing.chase_requests, chasing.BATCH)
    await in_batches(work, later_approvals.chase_later_approvals, later_approvals.BATCH)


async def next_approval_chase_at(work: UnitOfWork) -> datetime | None:
    async with work.reading() as snapshot:
        moments = (
            await chasing.next_request_chase_at(snapshot.session, snapshot.now),
            await later_approvals.next_later_approvals_at(snapshot.session, snapshot.now),
        )
    return min((moment for moment in moments if moment), default=None)
