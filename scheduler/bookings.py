"""Bookings of environments, when they end or their holders are to be reminded of it."""

from datetime import datetime

from models.catalog.revisions import CatalogCache
from models.environments.expiry import do_what_is_due, next_moment, with_something_due
from models.events import SYSTEM
from models.unit_of_work import UnitOfWork


async def mind_bookings(work: UnitOfWork, catalogs: CatalogCache) -> int:
    """Do what is due in every environment now; gives in how many something was.

    May run in several processes at once, and after any time away: each reminder and each end comes once.
    """
    async with work.database.reading() as session:
        keys = await with_something_due(session, await catalogs.current(session), work.clock.now())
    for key in keys:
        async with work(SYSTEM) as tx:
            await do_what_is_due(tx, await catalogs.current(tx.session), key)
    return len(keys)


async def next_booking_at(work: UnitOfWork) -> datetime | None:
    """When something happens to a booking next by itself; None when nothing does."""
    async with work.database.reading() as session:
        return await next_moment(session, work.clock.now())
