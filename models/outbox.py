"""The outbox: a row for every message that Release Desk keeps in Slack.

A use case wishes for a message; delivery posts it, and updates it in place when it is wished for again. ``wanted``
counts the wishes and ``delivered`` is the wish that Slack shows, so any number of changes between two deliveries
costs one call. A row is due while ``delivered < wanted``. A claim is a lease (``claimed_until``): after a crash it
runs out, or ends when a process starts that is alone.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, Text, case, literal_column, or_, text, update
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.storage.database import Writing, insert_into, json_column
from models.storage.prepared_statements import Prepared
from models.storage.row_id import row_id


class Outgoing(SQLModel, table=True):
    """A message in Slack, or on its way there."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=text("delivered < wanted"),
            postgresql_where=text("delivered < wanted"),
        ),
    )

    id: int = row_id()
    key: str = Field(unique=True)
    message: str
    subject: str = ""
    release_id: int | None = Field(default=None, index=True)
    recipient: str = ""
    in_thread: bool = False
    facts: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))
    wanted: int = 1
    delivered: int = 0
    due_at: datetime
    claimed_until: datetime | None = None
    attempts: int = 0
    tried_at: datetime | None = None
    posted_at: datetime | None = None
    channel: str | None = None
    ts: str | None = None
    shown: str | None = None
    failure: str | None = Field(default=None, sa_column=Column(Text))


_TABLE = SQLModel.metadata.tables["outbox"]


@dataclass(frozen=True, kw_only=True)
class Post:
    """A wish for a message.

    ``key`` identifies the message for good: wishing again updates the posted one. ``message`` names the renderer,
    ``subject`` is what it is about. ``recipient`` is a channel or person; empty means the channel of the release.
    ``in_thread`` puts it under the release's card. ``facts`` are stored as they were when it happened.
    """

    key: str
    message: str
    subject: str = ""
    release_id: int | None = None
    recipient: str = ""
    in_thread: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None


Rule = Callable[[Any], Iterable[Post]]
"""The messages that an event calls for."""

_UPSERTS: dict[bool, Prepared] = {}


def _upsert(*, on_sqlite: bool) -> Prepared:
    if on_sqlite not in _UPSERTS:
        statement = insert_into(Outgoing, "sqlite" if on_sqlite else "postgresql")
        again = statement.on_conflict_do_update(
            index_elements=["key"],
            set_={
                "wanted": literal_column("outbox.wanted + 1"),
                "due_at": statement.excluded.due_at,
                "facts": statement.excluded.facts,
                "failure": None,
            },
        )
        _UPSERTS[on_sqlite] = Prepared(again, _COLUMNS)
    return _UPSERTS[on_sqlite]


_COLUMNS = (
    "key",
    "message",
    "subject",
    "release_id",
    "recipient",
    "in_thread",
    "facts",
    "wanted",
    "delivered",
    "due_at",
    "attempts",
)


_TURNS = text(
    "SELECT pg_advisory_xact_lock(20, number) FROM ("
    "SELECT DISTINCT hashtext(key) & 255 AS number FROM unnest(CAST(:keys AS text[])) AS key ORDER BY number"
    ") AS turns"
)
"""Locks ``keys`` on PostgreSQL until the end of the transaction.

They share 256 locks, because PostgreSQL holds some thousands at most and a catalog may change many cards at once.
"""


async def want(writing: Writing, posts: Iterable[Post], now: datetime) -> None:
    """Wish for ``posts``, in the order in which they appear in Slack; existing messages are updated in place.

    Two transactions may wish for the same messages in different orders. So each first locks all of its keys, those
    without a row too, and then the rows, both in one order: no deadlock.
    """
    rows = [
        {
            "key": post.key,
            "message": post.message,
            "subject": post.subject,
            "release_id": post.release_id,
            "recipient": post.recipient,
            "in_thread": post.in_thread,
            "facts": dict(post.facts),
            "wanted": 1,
            "delivered": 0,
            "due_at": post.due_at or now,
            "attempts": 0,
        }
        for post in posts
    ]
    if len(rows) > 1 and not writing.locks_by_itself:
        keys = sorted({str(row["key"]) for row in rows})
        await writing.connection.execute(_TURNS, {"keys": keys})
        await writing.connection.execute(_in_order(keys))
    await writing.run_many(_upsert(on_sqlite=writing.locks_by_itself), rows)


def _in_order(keys: Collection[str]) -> SelectOfScalar[int] | SelectOfScalar[None]:
    """Locks the rows of ``keys`` in the order that everybody uses, and returns their ids."""
    return select(Outgoing.id).where(col(Outgoing.key).in_(keys)).order_by(col(Outgoing.key)).with_for_update()


async def want_again(
    session: AsyncSession, keys: Collection[str], now: datetime, delay: timedelta | None = None
) -> None:
    """Update the messages of ``keys`` that exist: now, or after ``delay`` unless an update is due already."""
    rows = [row_id for row_id in (await session.exec(_in_order(keys))).all() if row_id is not None]
    shown = col(Outgoing.delivered) >= col(Outgoing.wanted)
    due_at = now if delay is None else case((shown, now + delay), else_=col(Outgoing.due_at))
    await session.exec(
        update(Outgoing)
        .where(col(Outgoing.id).in_(rows))
        .values(wanted=Outgoing.wanted + 1, due_at=due_at, failure=None)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Not to be claimed: rows in hand, updates of posted messages, and posts to these channels."""

    rows: frozenset[int] = frozenset()
    updates: bool = False
    channels: tuple[str, ...] = ()


async def claim(
    session: AsyncSession, now: datetime, lease: timedelta, limit: int, without: Exclusions
) -> list[Outgoing]:
    """Take up to ``limit`` due rows, oldest first, for ``lease``; nobody else gets them meanwhile.

    Delivery sets ``tried_at`` before it posts: if it is set on a row without ``ts``, the post may have arrived all
    the same (docs/slack-facts.md#posting-once).
    """
    open_rows = (
        select(Outgoing.id)
        .where(col(Outgoing.delivered) < col(Outgoing.wanted))
        .where(col(Outgoing.failure).is_(None))
        .where(col(Outgoing.due_at) <= now)
        .where(or_(col(Outgoing.claimed_until).is_(None), col(Outgoing.claimed_until) <= now))
        .where(*_left_out(without))
        .order_by(col(Outgoing.due_at), col(Outgoing.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = (
        update(Outgoing)
        .where(col(Outgoing.id).in_(open_rows.scalar_subquery()))
        .values(claimed_until=now + lease, attempts=Outgoing.attempts + 1)
        .returning(Outgoing)
        .execution_options(synchronize_session=False)
    )
    rows = list((await session.exec(claimed)).scalars())
    return sorted(rows, key=lambda row: (row.due_at, row.id))


def _left_out(without: Exclusions) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if without.rows:
        conditions.append(col(Outgoing.id).not_in(without.rows))
    if without.updates:
        conditions.append(col(Outgoing.ts).is_(None))
    if without.channels:
        conditions.append(or_(col(Outgoing.ts).is_not(None), col(Outgoing.recipient).not_in(without.channels)))
    return conditions


async def end_claims(writing: Writing) -> None:
    """For a process that is alone: the processes that hold claims are dead."""
    claimed = _TABLE.c.claimed_until.is_not(None)
    await writing.connection.execute(update(_TABLE).where(claimed).values(claimed_until=None))


async def update_row(writing: Writing, row_id: int, **values: Any) -> None:
    """Store the outcome of a claimed row."""
    await writing.connection.execute(update(_TABLE).where(_TABLE.c.id == row_id).values(**values))


async def next_due(session: AsyncSession) -> datetime | None:
    query = select(func.min(Outgoing.due_at)).where(
        col(Outgoing.delivered) < col(Outgoing.wanted), col(Outgoing.failure).is_(None)
    )
    return (await session.exec(query)).one()


async def message_by_key(session: AsyncSession, key: str) -> Outgoing | None:
    return (await session.exec(select(Outgoing).where(col(Outgoing.key) == key))).first()
