from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.storage.row_id import row_id


class DeploymentReport(SQLModel, table=True):
    """A deployment to production that a pipeline reported; later reports of it update this row.

    ``deployment_id`` is the deployment that counts for it. ``doubt`` is a sentence on why the release that it names
    did not match. ``settled_by`` is the person who attributed it or confirmed that nobody recorded it.
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
