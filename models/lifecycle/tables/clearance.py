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


class WindowWatch(SQLModel, table=True):
    """How far the people of a release were told about its window.

    It is about the window from ``window_start`` to ``window_end`` and begins again when that moves. ``told`` counts
    the notices of a missed or overrun window, ``overrun`` those of them about an overrun one. Something is due next
    at ``next_at``; empty means never. ``quiet``: the window was past at the upgrade, so it is listed once, at
    ``listed_at``, and nobody is chased.
    """

    __tablename__ = "window_watch"
    __table_args__ = (Index("ix_window_watch_next_at", "next_at"),)

    release_id: int = Field(primary_key=True, foreign_key="release.id")
    window_start: datetime
    window_end: datetime
    next_at: datetime | None = None
    soon_at: datetime | None = None
    missed_at: datetime | None = None
    told: int = 0
    overrun: int = 0
    quiet: bool = False
    listed_at: datetime | None = None
