"""Wishes for people's Homes."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.events import SYSTEM
from models.outbox import Outgoing, Post, lock_in_order
from models.unit_of_work import UnitOfWork

REFRESH_DELAY = timedelta(seconds=1)
"""How long a Home waits for further changes before it is shown anew (SLACK, *Rates*: views 100 a minute)."""


def home_key(person: str) -> str:
    """The name of a person's Home in the outbox."""
    return f"home:{person}"


async def open_home(work: UnitOfWork, person: str, *, everything: bool = False) -> None:
    """Have the Home of ``person`` shown, now that they look at it."""
    async with work(SYSTEM) as tx:
        tx.wish([Post(key=home_key(person), message="home", recipient=person, facts={"all": everything})])


async def refresh_homes_of(session: AsyncSession, people: Iterable[str], now: datetime) -> None:
    """Have the Homes of ``people`` shown anew, as far as they have opened them."""
    await refresh_soon(session, [home_key(person) for person in people], now)


async def refresh_soon(session: AsyncSession, keys: Sequence[str], now: datetime) -> None:
    """Wish for Homes that stand, so that a burst of changes costs each one a single call.

    They are locked in one order, so that two processes cannot wait for each other.
    """
    found = await lock_in_order(session, keys)
    shown = col(Outgoing.delivered) >= col(Outgoing.wanted)
    await session.exec(
        update(Outgoing)
        .where(col(Outgoing.id).in_(found))
        .values(
            wanted=col(Outgoing.wanted) + 1,
            due_at=case((shown, now + REFRESH_DELAY), else_=col(Outgoing.due_at)),
            failure=None,
        )
        .execution_options(synchronize_session=False)
    )
