"""Reminders of milestones, when they are due."""

from models.events import SYSTEM
from models.releases.plan.reminders import BATCH, chase_due
from models.unit_of_work import UnitOfWork


async def chase(work: UnitOfWork) -> int:
    """Remind of everything that is due now; gives how many reminders that made.

    May run in several processes at once: each milestone is reminded of once.
    """
    reminded = 0
    while True:
        async with work(SYSTEM) as tx:
            count = await chase_due(tx, await tx.catalog())
        reminded += count
        if count < BATCH:
            return reminded
