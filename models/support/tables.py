from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from models.storage.database import json_column
from models.storage.row_id import row_id
from models.support.numbers import known_error_number


class KnownError(SQLModel, table=True):
    """A defect with a known cause or an accepted effect (docs/process.md#known-errors).

    ``status`` is ``under_investigation``, ``accepted`` or ``resolved``. ``origin`` is the id in another tool (a
    ServiceNow problem). ``live_at`` is when the release it was found in was deployed, or when it was recorded if it
    belongs to none. ``form`` is the nonce of the form that recorded it. ``title_words`` and ``words`` are searched,
    folded by :mod:`models.support.search_words`.
    """

    __tablename__ = "known_error"

    id: int = row_id()
    origin: str | None = Field(default=None, unique=True)
    title: str
    service: str | None = Field(default=None, index=True)
    ci: str | None = Field(default=None, index=True)
    symptom: str = Field(sa_column=Column(Text, nullable=False))
    workaround: str = Field(default="", sa_column=Column(Text, nullable=False))
    severity: str = "medium"
    status: str = "under_investigation"
    release_id: int | None = Field(default=None, foreign_key="release.id", index=True)
    recorded_by: str
    recorded_at: datetime
    live_at: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    solution: str = Field(default="", sa_column=Column(Text, nullable=False))
    title_words: str = Field(default="", sa_column=Column(Text, nullable=False))
    words: str = Field(default="", sa_column=Column(Text, nullable=False))
    form: str | None = Field(default=None, unique=True)

    @property
    def number(self) -> str:
        return known_error_number(self.id)


class Incident(SQLModel, table=True):
    """An unplanned interruption, under the number that the incident tool gave it.

    ``priority`` is 1 (critical) to 4 (low), or 5 (planning). ``caused_by`` and ``change`` are ids of changes,
    ``problem`` is the id of the underlying problem; ``updates`` counts how often the tool had saved the incident.
    """

    __tablename__ = "incident"
    __table_args__ = (Index("ix_incident_opened_at", "opened_at"),)

    number: str = Field(primary_key=True)
    opened_at: datetime
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    state: str = ""
    priority: int | None = None
    ci: str | None = Field(default=None, index=True)
    service: str | None = Field(default=None, index=True)
    symptom: str = ""
    change: str | None = None
    caused_by: str | None = Field(default=None, index=True)
    problem: str | None = None
    updates: int = 0
    recorded_by: str
    recorded_at: datetime


class IncidentLink(SQLModel, table=True):
    """The known error explains the incident."""

    __tablename__ = "incident_link"

    incident: str = Field(foreign_key="incident.number", primary_key=True)
    known_error_id: int = Field(foreign_key="known_error.id", primary_key=True, index=True)
    linked_by: str
    linked_at: datetime


class ImportRun(SQLModel, table=True):
    """The progress of importing one file.

    ``fingerprint`` identifies its content and the import settings; ``line`` is the last line written.
    """

    __tablename__ = "import_run"

    fingerprint: str = Field(primary_key=True)
    file_name: str
    line: int = 0
    broken: int = 0
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(json_column(), nullable=False))
    started_at: datetime
    finished_at: datetime | None = None
