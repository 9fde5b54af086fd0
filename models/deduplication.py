"""What Slack has delivered to us already, so that each delivery is carried out once.

Use cases that are not idempotent by themselves call :func:`first_time` in their own transaction: a crash before
the commit leaves the delivery to be carried out when it is repeated.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.database import insert_into
from models.unit_of_work import Transaction

REMEMBERED = timedelta(days=2)
"""How long deliveries are remembered; Slack repeats one for about an hour at most."""


class SeenPayload(SQLModel, table=True):
    """One delivery that was carried out."""

    __tablename__ = "delivered"

    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)


async def first_time(tx: Transaction, key: str) -> bool:
    """Whether the delivery named ``key`` has not been carried out yet; remembers it with this transaction.

    Of two at the same moment the second waits for the first, and is told no unless the first is rolled back.
    """
    connection = await tx.session.connection()
    remember = insert_into(SeenPayload, connection.dialect.name).values(key=key, at=tx.now)
    mine = await connection.execute(remember.on_conflict_do_nothing().returning(SeenPayload.key))
    return mine.first() is not None


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Drop what is older than :data:`REMEMBERED`."""
    await session.exec(delete(SeenPayload).where(col(SeenPayload.at) < now - REMEMBERED))
