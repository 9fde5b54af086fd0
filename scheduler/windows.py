"""Tells people of windows that are ahead, missed or overrun."""

from datetime import datetime

from models.releases.windows.watch import BATCH, list_past_windows, next_window_at, watch_windows
from models.unit_of_work import UnitOfWork
from scheduler.batches import in_batches


async def tell_of_windows(work: UnitOfWork) -> None:
    """Tell everything that is due: once, in however many processes and however late."""
    await in_batches(work, list_past_windows, BATCH)
    await in_batches(work, watch_windows, BATCH)


async def next_window_change_at(work: UnitOfWork) -> datetime | None:
    async with work.reading() as snapshot:
        return await next_window_at(snapshot.session, snapshot.now)
