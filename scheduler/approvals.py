"""Chases requests that wait for approval, and later approvals, when something is due."""

import asyncio
from datetime import datetime

from models.events import SYSTEM
from models.releases.approval.chase_later_approvals import chase_later_approvals, next_later_approvals_at
from models.releases.approval.chase_requests import BATCH, chase_requests, next_request_chase_at
from models.unit_of_work import UnitOfWork


async def chase_approvals(work: UnitOfWork) -> None:
    """Remind, escalate and expire everything that is due now.

    May run in several processes at once, and after days in which nobody did: everything is done once.
    """
    for chase in (chase_requests, chase_later_approvals):
        count = BATCH
        while count == BATCH:
            async with work(SYSTEM) as tx:
                count = await chase(tx, await tx.catalog())
            await asyncio.sleep(0)  # people who click meanwhile come first


async def next_approval_chase_at(work: UnitOfWork) -> datetime | None:
    """When something is due next; None when nothing is."""
    now = work.clock.now()
    async with work.reading() as snapshot:
        moments = (
            await next_request_chase_at(snapshot.session, now),
            await next_later_approvals_at(snapshot.session, now),
        )
    return min((moment for moment in moments if moment), default=None)
