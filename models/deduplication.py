"""What was carried out already, so that it is carried out once, however often Slack or a pipeline delivers it.

Use cases ask through :meth:`models.unit_of_work.Transaction.once`.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field, SQLModel, col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.database import insert_into

REMEMBERED = timedelta(days=2)
"""How long keys are remembered; Slack repeats a delivery for about an hour at most."""


class CarriedOut(SQLModel, table=True):
    """The key of something that was carried out."""

    __tablename__ = "delivered"

    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)


async def first_time(connection: AsyncConnection, key: str, now: datetime) -> bool:
    """Whether ``key`` has not been carried out yet; remembers it with the transaction of ``connection``."""
    remember = insert_into(CarriedOut, connection.dialect.name).values(key=key, at=now)
    mine = await connection.execute(remember.on_conflict_do_nothing().returning(CarriedOut.key))
    return mine.first() is not None


async def forget_old(session: AsyncSession, now: datetime) -> None:
    """Drop what is older than :data:`REMEMBERED`."""
    await session.exec(delete(CarriedOut).where(col(CarriedOut.at) < now - REMEMBERED))
