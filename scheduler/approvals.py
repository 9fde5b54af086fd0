"""Chases requests that wait for approval, and the later approvals of emergencies."""

from datetime import datetime

from models.releases.approval.chasing import later_approvals as chase_later_approvals
from models.releases.approval.chasing import requests as chase_requests
from models.unit_of_work import UnitOfWork
from scheduler.batches import in_batches


async def chase_approvals(work: UnitOfWork) -> None:
    """Remind of, escalate and expire everything that is due: once, in however many processes and however late."""
    await in_batches(work, chase_requests.chase_requests, chase_requests.BATCH)
    await in_batches(work, chase_later_approvals.chase_later_approvals, chase_requests.BATCH)


async def next_approval_chase_at(work: UnitOfWork) -> datetime | None:
    async with work.reading() as snapshot:
        moments = (
            await chase_requests.next_request_chase_at(snapshot.session, snapshot.now),
            await chase_later_approvals.next_later_approvals_at(snapshot.session, snapshot.now),
        )
    return min((moment for moment in moments if moment), default=None)
