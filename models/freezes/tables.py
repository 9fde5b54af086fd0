from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from models.storage.database import json_column
from models.storage.row_id import row_id


class TypedFreeze(SQLModel, table=True):
    """A hard freeze that somebody typed, from ``starts_at`` until ``ends_at``, or until it was lifted.

    An empty ``service`` means all. ``told`` are the ids of the releases whose threads tell of it. ``version``
    counts its changes, from 1; the last was at ``changed_at``.
    """

    __tablename__ = "typed_freeze"
    __table_args__ = (Index("ix_typed_freeze_ends", "ends_at"),)

    id: int = row_id()
    service: str
    starts_at: datetime
    ends_at: datetime
    reason: str = Field(sa_column=Column(Text, nullable=False))
    made_by: str
    made_at: datetime
    lifted_at: datetime | None = None
    lifted_by: str | None = None
    told: list[int] = Field(sa_column=Column(json_column(), nullable=False))
    version: int = 1
    changed_at: datetime

    @property
    def over_at(self) -> datetime:
        """When it ends or ended, lifted or not."""
        return min(self.ends_at, self.lifted_at or self.ends_at)
