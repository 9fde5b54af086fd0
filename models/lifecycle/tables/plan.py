"""The plan of a release: tasks, sustaining people, release notes and the checklist of the day."""

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.storage.row_id import row_id


class SustainingPerson(SQLModel, table=True):
    """Somebody who keeps the service running while a release is deployed: docs/process.md#sustaining-people."""

    __tablename__ = "sustaining_person"

    release_id: int = Field(foreign_key="release.id", primary_key=True)
    person: str = Field(primary_key=True)
    named_by: str
    named_at: datetime


class ReleaseNotes(SQLModel, table=True):
    """One version of a release's technical release notes; versions are added, never changed."""

    __tablename__ = "release_notes"
    __table_args__ = (UniqueConstraint("release_id", "version"),)

    id: int = row_id()
    release_id: int = Field(foreign_key="release.id", index=True)
    version: int
    text: str = Field(sa_column=Column(Text, nullable=False))
    author: str
    at: datetime
    posted_at: datetime | None = None


class DayChecklist(SQLModel, table=True):
    """A checklist that was posted; ``parts`` counts its messages.

    ``drawn`` counts how often boxes had to be put back. It goes into their ids, because Slack keeps what a person
    ticked while the ids stay the same: docs/slack-facts.md#modals-and-home.
    """

    __tablename__ = "day_checklist"

    release_id: int = Field(foreign_key="release.id", primary_key=True)
    posted_by: str
    posted_at: datetime
    parts: int = 1
    drawn: int = 0


class PlanTask(SQLModel, table=True):
    """A task of a deployment plan.

    ``offset_days`` and ``offset_seconds`` are relative to the start of the window; a task without them has a date
    of its own. ``owner`` is the person it was handed to; without one the holders of ``role`` own it. It is next
    chased at ``chase_at``; empty means never: it is done or no milestone.
    """

    __tablename__ = "plan_task"
    __table_args__ = (Index("ix_plan_task_chase_at", "chase_at"),)

    id: int = row_id()
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
