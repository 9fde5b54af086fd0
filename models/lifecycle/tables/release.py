"""Releases, how far their numbering is, and deployments."""

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from models.storage.database import json_column
from models.storage.row_id import row_id


class Release(SQLModel, table=True):
    """One run of a package towards production; :mod:`models.lifecycle.lifecycle` alone assigns its state.

    ``round`` counts the versions of the content that is approved. ``name`` is the identifier folded for look-ups.
    ``form`` is the nonce of the form that created it: the same form makes one release. ``superseded_by`` is the id
    of the newer release in whose favour it was cancelled. ``extended_to`` is the end of the window for a deployment
    that was extended.
    """

    __tablename__ = "release"
    __table_args__ = (
        Index("ix_release_state_window", "state", "window_start"),
        Index("ix_release_service_state", "service", "state"),
        Index("ix_release_service_deployed", "service", "deployed_at"),
        Index("ix_release_window_end", "window_end"),
        Index("ix_release_superseded_by", "superseded_by"),
    )

    id: int = row_id()
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
    superseded_by: int | None = None
    extended_to: datetime | None = None


class Numbering(SQLModel, table=True):
    """``period`` is the year, empty if the scheme doesn't name it, or ``version:`` with a part of the version."""

    __tablename__ = "numbering"

    service: str = Field(primary_key=True)
    period: str = Field(primary_key=True, default="")
    last: int = 0


class Deployment(SQLModel, table=True):
    """A deployment to production. ``release_id`` is empty when nobody recorded a release for it.

    ``adopted`` says whether it went through the process when it started: docs/process.md#adoption. Whether it
    still counts as adopted, :mod:`models.releases.activities.adoption` says.
    ``outcome`` is ``under_way``, ``deployed`` or ``backed_out``.
    """

    __tablename__ = "deployment"
    __table_args__ = (Index("ix_deployment_started_at", "started_at"),)

    id: int = row_id()
    service: str
    release_id: int | None = Field(default=None, foreign_key="release.id", index=True)
    started_at: datetime
    ended_at: datetime | None = None
    adopted: bool
    outcome: str
    what: str = Field(default="", sa_column=Column(Text, nullable=False))
    reported_by: str
