"""The activities of a release: criteria, builds, test results, go, verification, handover and review."""

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from models.storage.database import json_column
from models.storage.row_id import row_id


class Activities(SQLModel, table=True):
    """One row a release. ``turns`` counts the turning points told in its thread: each is a message of its own."""

    __tablename__ = "release_activities"

    release_id: int = Field(foreign_key="release.id", primary_key=True)
    turns: int = 0
    test_strategy: str = Field(default="", sa_column=Column(Text, nullable=False))
    test_plan: str = Field(default="", sa_column=Column(Text, nullable=False))
    fit_for_purpose: str = Field(default="", sa_column=Column(Text, nullable=False))
    fit_for_use: str = Field(default="", sa_column=Column(Text, nullable=False))
    services: list[str] = Field(default_factory=list, sa_column=Column(json_column(), nullable=False))
    accepted_by: str | None = None
    accepted_at: datetime | None = None
    go_by: str | None = None
    go_at: datetime | None = None
    verified_by: str | None = None
    verified_at: datetime | None = None
    restored: str = Field(default="", sa_column=Column(Text, nullable=False))
    offered_by: str | None = None
    offered_at: datetime | None = None
    taken_over_by: str | None = None
    worked: str = ""
    review: str = Field(default="", sa_column=Column(Text, nullable=False))
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None


class Criterion(SQLModel, table=True):
    """A criterion of a release, copied from its service when it was requested.

    ``gate`` is ``entry``, ``exit`` or ``early_life_support``; ``outcome`` is empty, ``unconfirmed``, ``met`` or
    ``waived``, and ``grounds`` holds the evidence or the reason. Evidence of a requester is ``unconfirmed`` until
    somebody confirms it; with ``alone`` it counted at once, because nobody else could.
    """

    __tablename__ = "release_criterion"
    __table_args__ = (UniqueConstraint("release_id", "gate", "position"),)

    id: int = row_id()
    release_id: int = Field(foreign_key="release.id", index=True)
    gate: str
    position: int
    text: str = Field(sa_column=Column(Text, nullable=False))
    outcome: str = ""
    grounds: str = Field(default="", sa_column=Column(Text, nullable=False))
    settled_by: str | None = None
    settled_at: datetime | None = None
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    alone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Build(SQLModel, table=True):
    """What was built, from which controlled source, and how it was checked before it was handed to test."""

    __tablename__ = "release_build"

    id: int = row_id()
    release_id: int = Field(foreign_key="release.id", index=True)
    what: str = Field(sa_column=Column(Text, nullable=False))
    source: str
    revision: str
    artefact: str = Field(sa_column=Column(Text, nullable=False))
    checked: str = Field(sa_column=Column(Text, nullable=False))
    recorded_by: str
    recorded_at: datetime


class ComponentTest(SQLModel, table=True):
    """The result of testing one component; ``component_name`` is its name folded, to find later results.

    ``known_error_id`` is the known error that a failure became.
    """

    __tablename__ = "test_result"

    id: int = row_id()
    release_id: int = Field(foreign_key="release.id", index=True)
    build_id: int | None = Field(default=None, foreign_key="release_build.id")
    component: str
    component_name: str
    passed: bool
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    known_error_id: int | None = Field(default=None, foreign_key="known_error.id")
    recorded_by: str
    recorded_at: datetime
