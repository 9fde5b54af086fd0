"""Deletes what nobody needs any more."""

from models.deduplication import forget_old
from models.releases.plan.reminders import stop_reminders_of_settled
from models.unit_of_work import UnitOfWork


async def clean_up(work: UnitOfWork) -> None:
    """Forget the payloads that Slack no longer repeats, and the reminders of plans that were stopped."""
    async with work.database.writing() as writing:
        await forget_old(writing.session, work.clock.now())
        await stop_reminders_of_settled(writing.session)
