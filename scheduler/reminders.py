"""Reminds of milestones when they are due."""

from datetime import datetime

from models.releases.plan.reminders import BATCH, next_due_reminder, remind_of_due_milestones
from models.unit_of_work import UnitOfWork
from scheduler.batches import in_batches


async def remind_of_milestones(work: UnitOfWork) -> int:
    """Remind of everything that is due: once, in however many processes. Returns the number of reminders."""
    return await in_batches(work, remind_of_due_milestones, BATCH)


async def next_reminder_at(work: UnitOfWork) -> datetime | None:
    async with work.reading() as snapshot:
        return await next_due_reminder(snapshot.session, snapshot.now)
