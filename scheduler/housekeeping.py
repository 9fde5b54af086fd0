"""Forgetting what nobody needs any more."""

from models.deduplication import forget_old
from models.releases.plan.reminders import forget_stopped
from models.unit_of_work import UnitOfWork


async def tidy(work: UnitOfWork) -> None:
    """Drop remembered deliveries that Slack repeats no longer, and stop looking through stopped plans."""
    async with work.database.writing() as writing:
        await forget_old(writing.session, work.clock.now())
        await forget_stopped(writing.session)
