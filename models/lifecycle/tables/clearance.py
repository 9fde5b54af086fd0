"""Overrides of what stands in the way of a deployment."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from models.storage.database import json_column
from models.storage.row_id import row_id

OVERRIDE = "override"

GLASS = "glass"

EMERGENCY = "emergency"


class Override(SQLModel, table=True):
    """It opens the obstacles that it names, for one deployment of one round: docs/process.md#overrides.

    ``kind`` is ``override``, ``glass`` (broken glass, which opens hard ones too) or ``emergency`` (an emergency's
    approval). ``obstacles`` are dicts of ``code``, ``key`` and ``text``. It opens nothing from ``until`` on, nor
    after ``ended_at``, when its deployment ended.
    """

    __tablename__ = "override"
    __table_args__ = (Index("ix_override_at", "at"),)

    id: int = row_id()
    release_id: int = Field(foreign_key="release.id", index=True)
    round: int
    kind: str
    by: str
    at: datetime
    reason: str = Field(sa_column=Column(Text, nullable=False))
    obstacles: list[dict[str, str]] = Field(sa_column=Column(json_column(), nullable=False))
    until: datetime
    ended_at: datetime | None = None
