from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from models.storage.database import json_column
from models.storage.row_id import row_id


class EnvironmentTurn(SQLModel, table=True):
    """A row for each environment, locked while its bookings change, so that two can't take the last place."""

    __tablename__ = "environment_turn"

    environment: str = Field(primary_key=True)


class Booking(SQLModel, table=True):
    """A booking, or a request that waits for one; ``status`` is one of :mod:`models.environments.statuses`.

    ``proposed_start`` to ``proposed_end`` is an offered time, which nobody else gets before ``held_until``;
    ``offers`` counts the offers, ``offer_outcome`` is that of the last one. ``remind_at`` is when the holder is
    next reminded of the end, ``reminded`` how often they were. ``asked`` are the people asked to arbitrate.
    ``ended_at`` is when it ended in whatever way, ``reason`` why it was refused. ``form`` is the nonce of the form
    that made it.
    """

    __tablename__ = "booking"
    __table_args__ = (
        Index("ix_booking_environment_status", "environment", "status"),
        Index("ix_booking_status_end", "status", "end_at"),
    )

    id: int = row_id()
    environment: str
    holder: str = Field(index=True)
    purpose: str = Field(sa_column=Column(Text, nullable=False))
    release_id: int | None = Field(default=None, foreign_key="release.id", index=True)
    versions: str = Field(default="", sa_column=Column(Text, nullable=False))
    test_data: str = Field(default="", sa_column=Column(Text, nullable=False))
    start_at: datetime
    end_at: datetime
    status: str
    requested_at: datetime
    proposed_start: datetime | None = None
    proposed_end: datetime | None = None
    held_until: datetime | None = None
    offers: int = 0
    offer_outcome: str = Field(default="", sa_column_kwargs={"server_default": ""})
    remind_at: datetime | None = None
    reminded: int = 0
    asked: list[str] = Field(default_factory=list, sa_column=Column(json_column(), nullable=False))
    decided_by: str | None = None
    ended_at: datetime | None = None
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    form: str = Field(unique=True)


TEST_DATA = "*test data"
"""The ``ci`` of test data; no configuration item can have this key."""


class EnvironmentContent(SQLModel, table=True):
    """A version that was put into an environment; the newest row of a ``ci`` says what is there now.

    ``ci`` is the key of a configuration item, or of a service for the release that it runs, or ``TEST_DATA``.
    ``said_by`` is the person who stated it, if no deployment did. A row with ``taken_back_at`` was backed out and
    doesn't count.
    """

    __tablename__ = "environment_content"
    __table_args__ = (Index("ix_environment_content_place", "environment", "ci", "id"),)

    id: int = row_id()
    environment: str
    ci: str
    version: str
    since: datetime
    release_id: int | None = Field(default=None, foreign_key="release.id", index=True)
    said_by: str | None = None
    taken_back_at: datetime | None = None
