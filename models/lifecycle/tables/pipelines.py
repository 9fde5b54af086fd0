"""Clearance that pipelines asked for, and what is still to be told to the tools that wait."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.storage.database import json_column
from models.storage.row_id import row_id


class PipelineClearance(SQLModel, table=True):
    """A pipeline's question about production, and the answer as it was last: docs/process.md#pipelines-that-ask.

    ``token`` names it to the pipeline, ``reference`` is the pipeline's own name of the question, the same when it
    asks again. ``decision`` is ``allowed``, ``awaiting``, ``prevented``, ``invalid`` or ``away``, when the pipeline
    went ahead because it couldn't reach Release Desk. ``reasons`` are dicts of ``code``, ``key``, ``text``,
    ``hard``, ``opens`` and ``people``. ``bound_to`` is ``version``, ``digest``, ``nothing`` or empty.
    ``stopped_at`` is when it was first told to wait. While it is ``waiting``, its tool is told when that changes;
    ``callback`` says how, and ``bearer`` is the tool's own key for that, sealed.
    """

    __tablename__ = "clearance"
    __table_args__ = (
        UniqueConstraint("service", "reference"),
        Index("ix_clearance_service_asked", "service", "asked_at"),
        Index("ix_clearance_waiting", "waiting"),
    )

    id: int = row_id()
    token: str = Field(unique=True)
    service: str
    tool: str
    reference: str
    environment: str
    item: str = ""
    version: str = ""
    digest: str = ""
    commit: str = ""
    run_url: str = Field(default="", sa_column=Column(Text, nullable=False))
    actor: str = ""
    person: str = ""
    named_release: str = ""
    release_id: int | None = Field(default=None, foreign_key="release.id", index=True)
    round: int = 0
    decision: str
    said: str = Field(default="", sa_column=Column(Text, nullable=False))
    reasons: list[dict[str, Any]] = Field(sa_column=Column(json_column(), nullable=False))
    bound_to: str = ""
    next_allowed: datetime | None = None
    holds_until: datetime | None = None
    asked_at: datetime
    answered_at: datetime
    stopped_at: datetime | None = None
    waiting: bool = False
    waits_until: datetime | None = None
    callback: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    bearer: str = Field(default="", sa_column=Column(Text, nullable=False))
    told: int = 0
    told_at: datetime | None = None


class PipelineCallback(SQLModel, table=True):
    """An answer on its way to a tool; it is sent until the tool has taken it or too many tries have failed.

    ``about`` is how the tool is called and with what. ``bearer`` is sealed, and forgotten once it is not needed.
    """

    __tablename__ = "clearance_callback"
    __table_args__ = (Index("ix_clearance_callback_due_at", "due_at"),)

    id: int = row_id()
    clearance_id: int | None = Field(default=None, foreign_key="clearance.id", index=True)
    service: str
    tool: str
    about: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    answer: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    bearer: str = Field(default="", sa_column=Column(Text, nullable=False))
    due_at: datetime | None = None
    claimed_until: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    failure: str = Field(default="", sa_column=Column(Text, nullable=False))
