"""Remembers Slack's payloads, so that each is carried out once.

Use cases that aren't idempotent call :func:`first_time` in their own transaction: after a crash before the commit,
Slack's repetition is carried out.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.database import insert_into
from models.unit_of_work import Transaction

REMEMBERED = timedelta(days=2)
"""Slack repeats a payload for about an hour at most (docs/slack-facts.md#interaction)."""


class SeenPayload(SQLModel, table=True):
    """A payload that was carried out."""

    __tablename__ = "delivered"

    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)


async def first_time(tx: Transaction, key: str) -> bool:
    """Whether the payload hasn't been carried out yet; remembers it with this transaction.

    A second transaction with the same key waits, and is told no unless the first is rolled back.
    """
    connection = await tx.session.connection()
    remember = insert_into(SeenPayload, connection.dialect.name).values(key=key, at=tx.now)
    mine = await connection.execute(remember.on_conflict_do_nothing().returning(SeenPayload.key))
    return mine.first() is not None


async def forget_old(session: AsyncSession, now: datetime) -> None:

    await session.exec(delete(SeenPayload).where(col(SeenPayload.at) < now - REMEMBERED))
