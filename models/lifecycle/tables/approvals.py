"""Rounds and their rules, decisions, delegations, later approvals, and how far requests were chased."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.storage.database import json_column
from models.storage.row_id import row_id


class Round(SQLModel, table=True):
    """One version of a release's content, with the rules that held when it was asked to be approved.

    ``required`` is the quorum, ``later`` are the later approvals of an emergency (``approvals`` and ``within``).
    ``material`` says for each field whether a change of it begins the next round: ``always``, ``unless_spelling``
    or ``never``. ``authors`` have changed the content up to this round; the requester isn't among them. ``risk`` is
    ``low``, ``medium``, ``high`` or not known, and ``risk_factors`` are the sentences that explain it.

    ``corrected`` has the texts as they were when the round began, of those whose spelling was corrected since.
    ``changed`` says what is new since somebody last decided, as
    :mod:`models.releases.request.content_changes` writes it.

    The mappings are plain JSON, not binary, to keep the order in which people wrote roles.
    """

    __tablename__ = "round"

    release_id: int = Field(primary_key=True, foreign_key="release.id")
    round: int = Field(primary_key=True)
    required: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))
    later: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    material: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    one_rejection_stops: bool = True
    authors: list[str] = Field(default_factory=list, sa_column=Column(json_column(), nullable=False))
    risk: str = ""
    risk_factors: list[str] = Field(default_factory=list, sa_column=Column(json_column(), nullable=False))
    begun_at: datetime
    corrected: dict[str, str] = Field(default_factory=dict, sa_column=Column(json_column(), nullable=False))
    changed: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Delegation(SQLModel, table=True):
    """``delegate`` may decide in place of ``delegator`` from ``starts_at`` up to ``ends_at``.

    Either may be open; with neither it holds whenever the delegator's Slack status says that they are away.
    ``services`` are keys; none means all. ``form`` is the nonce of the form it was made with.
    """

    __tablename__ = "delegation"

    id: int = row_id()
    delegator: str = Field(index=True)
    delegate: str = Field(index=True)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    services: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    form: str = Field(unique=True)
    made_at: datetime
    stopped_at: datetime | None = None


class ApprovalChase(SQLModel, table=True):
    """How far a request that waits for a decision has been chased in its present round.

    ``since`` is when it began to wait; reminders are counted up to ``looked_at``. Something is due next at
    ``next_at``, by the catalog's ``revision``; empty means never.
    """

    __tablename__ = "approval_chase"
    __table_args__ = (Index("ix_approval_chase_next_at", "next_at"),)

    release_id: int = Field(primary_key=True, foreign_key="release.id")
    round: int
    revision: int
    since: datetime
    looked_at: datetime
    next_at: datetime | None = None
    reminded: int = 0
    escalated_at: datetime | None = None


class LaterApprovals(SQLModel, table=True):
    """The later approvals of a round, as the release's type required them when it was approved.

    ``due_at`` ends the grace period. ``completed_at`` is when the last one was given, ``late_at`` when the owner
    was told that the grace period was over.
    """

    __tablename__ = "afterwards"
    __table_args__ = (
        Index("ix_afterwards_next_at", "next_at"),
        Index("ix_afterwards_owed", "completed_at", "due_at"),
    )

    release_id: int = Field(primary_key=True, foreign_key="release.id")
    round: int = Field(primary_key=True)
    required: dict[str, int] = Field(sa_column=Column(json_column(), nullable=False))
    since: datetime
    due_at: datetime
    looked_at: datetime
    next_at: datetime | None = None
    reminded: int = 0
    late_at: datetime | None = None
    completed_at: datetime | None = None


class Decision(SQLModel, table=True):
    """What one person decided on one round of a release; ``verdict`` is one of those in
    :mod:`models.releases.approval.decisions`.
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("release_id", "round", "person"),)

    id: int = row_id()
    release_id: int = Field(foreign_key="release.id")
    round: int
    person: str
    verdict: str
    standing_in_for: str | None = None
    roles: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    reason: str = ""
    at: datetime
