"""Bookings of environments: reminders, ends, places for those who wait, and offers that lapse."""

from datetime import datetime

from models.environments.expiry import environments_due, next_due_moment, settle_due_bookings
from models.events import SYSTEM
from models.unit_of_work import UnitOfWork


async def process_due_bookings(work: UnitOfWork) -> int:
    """Do what is due: once, in however many processes and however late. Returns in how many environments it was."""
    async with work.reading() as snapshot:
        keys = await environments_due(snapshot.session, await snapshot.catalog(), snapshot.now)
    for key in keys:
        async with work(SYSTEM) as tx:
            await settle_due_bookings(tx, await tx.catalog(), key)
    return len(keys)


async def next_booking_change_at(work: UnitOfWork) -> datetime | None:
    """When the next thing happens to a booking by itself."""
    async with work.reading() as snapshot:
        return await next_due_moment(snapshot.session, snapshot.now)
