"""Posts the digests of the catalog when they are due."""

from datetime import datetime

from models.kpi.digest_schedule import next_digest_at as after
from models.kpi.digests import queue_due_digests
from models.unit_of_work import UnitOfWork


async def post_digests(work: UnitOfWork) -> None:
    """Wish for every digest whose time has come; delivery posts it. Safe to repeat and to miss."""
    await queue_due_digests(work)


async def next_digest_at(work: UnitOfWork) -> datetime | None:
    """When the next digest is due; None when there is none."""
    async with work.reading() as snapshot:
        return after(await snapshot.catalog(), snapshot.now)
