"""Remembers what was carried out, so that a repeated payload or form isn't carried out twice.

Use cases call :meth:`models.unit_of_work.Transaction.once`.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.database import insert_into

REMEMBERED = timedelta(days=2)
"""Slack repeats a payload for about an hour at most (docs/slack-facts.md#interaction)."""


class CarriedOut(SQLModel, table=True):
    """The key of something that was carried out."""

    __tablename__ = "delivered"

    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)


async def first_time(connection: AsyncConnection, key: str, now: datetime) -> bool:
    """Whether ``key`` hasn't been carried out yet; remembers it with the transaction of ``connection``."""
    remember = insert_into(CarriedOut, connection.dialect.name).values(key=key, at=now)
    mine = await connection.execute(remember.on_conflict_do_nothing().returning(CarriedOut.key))
    return mine.first() is not None


async def forget_old(session: AsyncSession, now: datetime) -> None:
    await session.exec(delete(CarriedOut).where(col(CarriedOut.at) < now - REMEMBERED))
