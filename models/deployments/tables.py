"""What is kept of a reported deployment."""

from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.storage.row_id import row_id


class DeploymentReport(SQLModel, table=True):
    """A deployment to production that a pipeline reported; later reports of the same one change this row.

    ``release_id`` is the release that it was matched to, ``deployment_id`` the deployment that is counted for it.
    ``doubt`` says why a release that it named was not taken. ``settled_by`` answered the question whose it is.
    """

    __tablename__ = "deployment_report"
    __table_args__ = (UniqueConstraint("provider", "reference"),)

    id: int = row_id()
    provider: str
    reference: str
    service: str = Field(index=True)
    source: str
    environment: str = ""
    outcome: str
    version: str = ""
    title: str = ""
    url: str = Field(default="", sa_column=Column(Text, nullable=False))
    doubt: str = Field(default="", sa_column=Column(Text, nullable=False))
    at: datetime
    received_at: datetime
    release_id: int | None = Field(default=None, foreign_key="release.id", index=True)
    deployment_id: int | None = Field(default=None, foreign_key="deployment.id")
    settled_by: str | None = None
