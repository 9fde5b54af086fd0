from datetime import date, datetime

from sqlmodel import Field, SQLModel


class DigestRun(SQLModel, table=True):
    """A digest is queued once on each day in its time zone; ``digest`` is its key."""

    __tablename__ = "digest_run"

    digest: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    posted_at: datetime
