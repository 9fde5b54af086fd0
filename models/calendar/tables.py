from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.storage.database import json_column
from models.storage.row_id import row_id


class CalendarFeed(SQLModel, table=True):
    """A calendar address. Only the SHA-256 of its secret is stored, so nobody can read an address from here.

    ``owner`` is a person, or a channel whose services it shows. ``services`` narrows a person's calendar; none
    means all. ``form`` is the id of Slack's payload; a repeated one makes no second address.
    """

    __tablename__ = "calendar_feed"

    id: int = row_id()
    secret_hash: str = Field(unique=True)
    owner: str = Field(index=True)
    made_by: str
    services: list[str] = Field(sa_column=Column(json_column(), nullable=False))
    form: str = Field(unique=True)
    created_at: datetime
    revoked_at: datetime | None = None
