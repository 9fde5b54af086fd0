from datetime import datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.storage.row_id import row_id


class ReleaseFinding(SQLModel, table=True):
    """A soft finding of release policy; ``rule`` and ``key`` say what it is about."""

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
