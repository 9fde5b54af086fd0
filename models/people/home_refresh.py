from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import case, update
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.events import SYSTEM
from models.outbox import Outgoing, Post, lock_in_order
from models.unit_of_work import UnitOfWork

REFRESH_DELAY = timedelta(seconds=1)
"""A Home waits this long for further changes, because Slack limits views (docs/slack-facts.md#rates)."""


def home_key(person: str) -> str:
    """The key of a person's Home in the outbox."""
    return f"home:{person}"


async def open_home(work: UnitOfWork, person: str, *, everything: bool = False, known: bool = True) -> None:
    """Show the Home of ``person``, who is looking at it; ``known``: Slack has said who they are."""
    facts = {"all": everything} if known else {"all": everything, "unknown": True}
    async with work(SYSTEM) as tx:
        tx.wish([Post(key=home_key(person), message="home", recipient=person, facts=facts)])


async def refresh_homes_of(session: AsyncSession, people: Iterable[str], now: datetime) -> None:
    """Refresh the Homes of ``people`` who have ever opened theirs."""
    await refresh_soon(session, [home_key(person) for person in people], now)


async def refresh_soon(session: AsyncSession, keys: Sequence[str], now: datetime) -> None:
    """Refresh the Homes that exist, with one call each for a burst of changes."""
    rows = await lock_in_order(session, keys)
    shown = col(Outgoing.delivered) >= col(Outgoing.wanted)
    await session.exec(
        update(Outgoing)
        .where(col(Outgoing.id).in_(rows))
        .values(
            wanted=col(Outgoing.wanted) + 1,
            due_at=case((shown, now + REFRESH_DELAY), else_=col(Outgoing.due_at)),
            failure=None,
        )
        .execution_options(synchronize_session=False)
    )
