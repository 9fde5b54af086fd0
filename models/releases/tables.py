"""What is kept of a release: the release itself, what was decided, its plan, and what was deployed."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.database import json_column


class Release(SQLModel, table=True):
    """One run of a package towards production. ``round`` counts the versions of what is to be approved.

    The state is assigned by :mod:`models.releases.lifecycle` alone. ``name`` is the identifier folded for
    look-ups. ``form`` is the nonce of the form that created it: the same form makes one release.
    """

    __tablename__ = "release"
    __table_args__ = (
        Index("ix_release_state_window", "state", "window_start"),
        Index("ix_release_service_state", "service", "state"),
        Index("ix_release_service_deployed", "service", "deployed_at"),
        Index("ix_release_window_end", "window_end"),
    )

    id: int | None = Field(default=None, primary_key=True)
    identifier: str = Field(unique=True)
    name: str = Field(unique=True)
    service: str
    type: str
    title: str
    description: str = Field(sa_column=Column(Text, nullable=False))
    changes: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    window_start: datetime
    window_end: datetime
    method: str
    back_out_plan: str = Field(sa_column=Column(Text, nullable=False))
    requester: str = Field(index=True)
    state: str
    round: int = 1
    form: str = Field(unique=True)
    requested_at: datetime
    state_since: datetime
    approved_at: datetime | None = None
    started_at: datetime | None = None
    deployed_at: datetime | None = None


class Decision(SQLModel, table=True):
    """What one person decided on one round of a release.

    ``verdict`` is ``approved``, ``rejected`` or ``changes_requested``; ``approved_afterwards`` for what an
    emergency owed, ``bypassed`` for breaking the glass. ``standing_in_for`` is on whose behalf, if any.
    """

    __tablename__ = "decision"
    __table_args__ = (UniqueConstraint("release_id", "round", "person"),)

    id: int | None = Field(default=None, primary_key=True)
    release_id: int = Field(foreign_key="release.id")
    round: int
    person: str
    verdict: str
    standing_in_for: str | None = None
    roles: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    reason: str = ""
    at: datetime


class ReleaseFinding(SQLModel, table=True):
    """Something in release policy that a release does not keep and that an approver may waive.

    ``rule`` and ``key`` say what it is about. ``waived_by`` is empty until somebody waives it with a ``reason``.
    """

    __tablename__ = "release_finding"
    __table_args__ = (UniqueConstraint("release_id", "rule", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    release_id: int = Field(foreign_key="release.id")
    rule: str
    key: str
    sentence: str = Field(sa_column=Column(Text, nullable=False))
    waived_by: str | None = None
    waived_at: datetime | None = None
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))


class PlanTask(SQLModel, table=True):
    """A task of a release's deployment plan.

    ``offset_days`` and ``offset_seconds`` are relative to the start of the window; a task without them has a date
    of its own. ``owner`` is the person it was handed to; without one the holders of ``role`` own it.
    ``chase_at`` is when it is next chased; empty means never (not a milestone, or settled).
    """

    __tablename__ = "plan_task"
    __table_args__ = (Index("ix_plan_task_chase_at", "chase_at"),)

    id: int | None = Field(default=None, primary_key=True)
    release_id: int = Field(foreign_key="release.id", index=True)
    position: int
    phase: str
    title: str
    role: str
    owner: str | None = None
    milestone: bool = False
    offset_days: int | None = None
    offset_seconds: int | None = None
    due_at: datetime
    chase_at: datetime | None = None
    chased: int = 0
    done_at: datetime | None = None
    done_by: str | None = None


class Numbering(SQLModel, table=True):
    """How far a service has counted: ``period`` is the year, or empty where the scheme does not name it."""

    __tablename__ = "numbering"

    service: str = Field(primary_key=True)
    period: str = Field(primary_key=True, default="")
    last: int = 0


class Deployment(SQLModel, table=True):
    """A deployment to production that was observed.

    ``release_id`` is empty when nobody recorded a release for it. ``adopted`` says that it went through the
    process when it started: recorded before, approvals complete (DOMAIN.md, key performance indicators); whether
    it still counts is for :mod:`models.releases.adoption`.
    ``outcome`` is ``under_way``, ``deployed`` or ``backed_out``.
    """

    __tablename__ = "deployment"
    __table_args__ = (Index("ix_deployment_started_at", "started_at"),)

    id: int | None = Field(default=None, primary_key=True)
    service: str
    release_id: int | None = Field(default=None, foreign_key="release.id", index=True)
    started_at: datetime
    ended_at: datetime | None = None
    adopted: bool
    outcome: str
    what: str = Field(default="", sa_column=Column(Text, nullable=False))
    reported_by: str
