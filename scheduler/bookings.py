"""Bookings of environments, when they end or their holders are to be reminded of it."""

from datetime import datetime

from models.environments.expiry import do_what_is_due, next_moment, with_something_due
from models.events import SYSTEM
from models.unit_of_work import UnitOfWork


async def mind_bookings(work: UnitOfWork) -> int:
    """Do what is due in every environment now; gives in how many something was.

    May run in several processes at once, and after any time away: each reminder and each end comes once.
    """
    async with work.reading() as snapshot:
        keys = await with_something_due(snapshot.session, await snapshot.catalog(), snapshot.now)
    for key in keys:
        async with work(SYSTEM) as tx:
            await do_what_is_due(tx, await tx.catalog(), key)
    return len(keys)


async def next_booking_at(work: UnitOfWork) -> datetime | None:
    """When something happens to a booking next by itself; None when nothing does."""
    async with work.reading() as snapshot:
        return await next_moment(snapshot.session, snapshot.now)
