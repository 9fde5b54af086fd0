"""Which digests have been posted."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel


class DigestRun(SQLModel, table=True):
    """One digest on one day of its own calendar; ``digest`` names channel and time, so a second cannot be."""

    __tablename__ = "digest_run"

    digest: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    posted_at: datetime
