"""Deletes what nobody needs any more."""

from models.deduplication import forget_old
from models.pipelines.callbacks import forget_sent_callbacks
from models.releases.plan.reminders import stop_reminders_of_settled
from models.unit_of_work import UnitOfWork


async def clean_up(work: UnitOfWork) -> None:
    """Forget old payloads, what tools were told long ago, and the reminders of plans that were stopped."""
    async with work.database.writing() as writing:
        await forget_old(writing.session, work.clock.now())
        await forget_sent_callbacks(writing.session, work.clock.now())
        await stop_reminders_of_settled(writing.session)
