"""People and user groups, as last read from Slack.

Rights are decided from these tables, so that a decision never waits for the network; ``scheduler/directory.py``
keeps them fresh.
"""

from datetime import datetime

from sqlalchemy import false
from sqlmodel import Field, SQLModel


class Person(SQLModel, table=True):
    """``name`` as Slack shows it, ``timezone`` an IANA name.

    ``active`` is false for people who left; ``away`` comes from their status. ``kind`` is what Slack says they
    are (:class:`models.membership.rights.Kind`), empty until it was asked. ``kept`` is true for people whom the
    catalog named before guests lost their rights. ``read_at`` is when they were read from Slack; None while only
    the name from a click is known.
    """

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    name: str
    timezone: str = "UTC"
    active: bool = True
    away: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    read_at: datetime | None = None
    kind: str = Field(default="", sa_column_kwargs={"server_default": ""})
    kept: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class GroupMember(SQLModel, table=True):
    __tablename__ = "group_member"

    group_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True, index=True)


class UserGroup(SQLModel, table=True):
    """A user group whose members were read at ``read_at``; one without a row hasn't been read yet.

    ``gone``: disabled or deleted in Slack.
    """

    __tablename__ = "user_group"

    id: str = Field(primary_key=True)
    read_at: datetime
    gone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class MembershipChange(SQLModel, table=True):
    """Its one row counts how often somebody began or ceased to be able to hold a right.

    Whoever keeps a catalog in memory compares it, as they do the catalog's revision.
    """

    __tablename__ = "membership_change"

    id: int = Field(primary_key=True)
    count: int
