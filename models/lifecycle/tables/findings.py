from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from models.storage.row_id import row_id


class ReleaseFinding(SQLModel, table=True):
    """A soft finding of release policy; ``rule`` and ``key`` say what it is about.

    One that is ``observed`` waits for no waiver: its rule was on trial when the request was judged.
    """

    __tablename__ = "release_finding"
    __table_args__ = (UniqueConstraint("release_id", "rule", "key"),)

    id: int = row_id()
    release_id: int = Field(foreign_key="release.id")
    rule: str
    key: str
    sentence: str = Field(sa_column=Column(Text, nullable=False))
    waived_by: str | None = None
    waived_at: datetime | None = None
    reason: str = Field(default="", sa_column=Column(Text, nullable=False))
    observed: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class ObservedStop(SQLModel, table=True):
    """Somebody whom a rule on trial would have stopped, once for each ``step``: docs/process.md#rules-on-trial.

    ``subject`` is the identifier of the release; of something else that was stopped, whatever names it. ``step`` is
    ``request``, ``edit``, ``approval``, ``go``, ``start`` or ``pipeline``.
    """

    __tablename__ = "observed_stop"
    __table_args__ = (
        UniqueConstraint("subject", "round", "step", "rule", "key"),
        Index("ix_observed_stop_service_at", "service", "at"),
    )

    id: int = row_id()
    service: str
    subject: str
    release_id: int | None = Field(default=None, foreign_key="release.id", index=True)
    round: int
    step: str
    rule: str
    key: str
    sentence: str = Field(sa_column=Column(Text, nullable=False))
    person: str
    at: datetime
