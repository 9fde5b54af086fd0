"""Work of unknown size, done in transactions of a limited size."""

import asyncio
from collections.abc import Awaitable, Callable

from models.catalog.document import Catalog
from models.events import SYSTEM
from models.unit_of_work import Transaction, UnitOfWork


async def in_batches(work: UnitOfWork, do: Callable[[Transaction, Catalog], Awaitable[int]], size: int) -> int:
    """Call ``do``, each time in a transaction of its own, until it returns less than ``size``; returns the sum."""
    total = 0
    while True:
        async with work(SYSTEM) as tx:
            count = await do(tx, await tx.catalog())
        total += count
        if count < size:
            return total
        await asyncio.sleep(0)  # clicks come first
