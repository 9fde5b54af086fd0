"""When something that pipelines wait for is due."""

from datetime import datetime

from models.pipelines.callbacks import next_callback_at
from models.pipelines.watch import next_opening_at
from models.unit_of_work import UnitOfWork


async def next_pipeline_change_at(work: UnitOfWork) -> datetime | None:
    """When time opens something, ends a wait, or brings the next try of a call."""
    async with work.reading() as snapshot:
        moments = (
            await next_opening_at(snapshot.session, snapshot.now),
            await next_callback_at(snapshot.session),
        )
    return min((moment for moment in moments if moment), default=None)
