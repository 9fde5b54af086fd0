"""Chases what waits for approval, and what emergencies owe, when it is due."""

import asyncio
from datetime import datetime

from models.events import SYSTEM
from models.releases.approval import chasing as approval_chasing
from models.releases.approval import later_approvals as afterwards
from models.unit_of_work import UnitOfWork


async def chase_approvals(work: UnitOfWork) -> None:
    """Remind, escalate and expire everything that is due now.

    May run in several processes at once, and after days in which nobody did: everything is done once.
    """
    while True:
        async with work(SYSTEM) as tx:
            count = await approval_chasing.chase_requests(tx, await tx.catalog())
        if count < approval_chasing.BATCH:
            break
        await asyncio.sleep(0)  # whoever clicks meanwhile comes first
    while True:
        async with work(SYSTEM) as tx:
            count = await afterwards.chase_later_approvals(tx, await tx.catalog())
        if count < afterwards.BATCH:
            break
        await asyncio.sleep(0)


async def next_approval_chase_at(work: UnitOfWork) -> datetime | None:
    """When something is due next; None when nothing is."""
    now = work.clock.now()
    async with work.reading() as snapshot:
        moments = (
            await approval_chasing.next_request_chase_at(snapshot.session, now),
            await afterwards.next_later_approvals_at(snapshot.session, now),
        )
    return min((moment for moment in moments if moment), default=None)
