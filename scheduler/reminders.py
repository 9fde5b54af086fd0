"""Reminds of milestones when they are due."""

from datetime import datetime

from models.releases.plan.reminders import BATCH, chase_due, next_chase_at
from models.unit_of_work import UnitOfWork
from scheduler.batches import in_batches


async def remind_of_milestones(work: UnitOfWork) -> int:
    """Remind of everything that is due: once, in however many processes. Returns the number of reminders."""
    return await in_batches(work, chase_due, BATCH)


async def next_reminder_at(work: UnitOfWork) -> datetime | None:
    async with work.reading() as snapshot:
        return await next_chase_at(snapshot.session, snapshot.now)
