"""The outbox: one row for every message that Release Desk keeps in Slack, for as long as it stands there.

A use case says which message is wanted; delivery posts it, and posts it anew in the same place when it is
wanted again. ``wanted`` counts the wishes and ``delivered`` the wish that Slack shows, so any number of
changes between two deliveries costs one call. A row is due while ``delivered < wanted``; a claim is a lease
(``claimed_until``) that a crash lets run out, or that ends when a process starts that is alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, ColumnElement, Index, Text, literal_column, or_, text, update
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from models.storage.database import Writing, insert_into, json_column
from models.storage.prepared import Prepared
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

    ``key`` names the message for good: wishing it again updates the one that stands. ``message`` names what
    is rendered, ``subject`` what about. ``recipient`` is a channel or person; empty means the channel of the
    release. ``in_thread`` puts it under the release's card. ``facts`` are kept as they were when it happened.
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
"""Takes an event and gives the messages it calls for."""

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
        _UPSERTS[on_sqlite] = Prepared(again, _WISHED)
    return _UPSERTS[on_sqlite]


_WISHED = (
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
"""Waits on PostgreSQL until nobody who took a turn with one of the ``keys`` is at work; for the transaction.

The keys share 256 locks: PostgreSQL holds some thousands at most, and a catalog may change many cards at once.
"""


async def want(writing: Writing, posts: Iterable[Post], now: datetime) -> None:
    """Wish for ``posts``; a message that stands already is updated in place.

    Two transactions may wish for the same messages, each for its own first. So each waits for its turn with all of
    its messages, also those that do not stand yet, and locks those that do in one order: neither waits for the
    other. The wishes keep their order, in which messages appear in Slack.
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


def _in_order(keys: Sequence[str]) -> SelectOfScalar[int] | SelectOfScalar[None]:
    """Locks the messages named by ``keys`` that stand, in the order that everybody does it in; gives their ids."""
    return select(Outgoing.id).where(col(Outgoing.key).in_(keys)).order_by(col(Outgoing.key)).with_for_update()


async def lock_in_order(session: AsyncSession, keys: Sequence[str]) -> list[int]:
    """Lock the messages named by ``keys`` that stand, so that no two transactions wait for each other.

    Gives their ids.
    """
    return [one for one in (await session.exec(_in_order(keys))).all() if one is not None]


async def want_again(session: AsyncSession, keys: Sequence[str], now: datetime) -> None:
    """Have the messages named by ``keys`` shown anew, where they exist."""
    found = await lock_in_order(session, keys)
    await session.exec(
        update(Outgoing)
        .where(col(Outgoing.id).in_(found))
        .values(wanted=Outgoing.wanted + 1, due_at=now, failure=None)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Exclusions:
    """What not to claim: rows in hand already, rows that stand in Slack, and posts to certain channels."""

    rows: frozenset[int] = frozenset()
    updates: bool = False
    channels: tuple[str, ...] = ()


async def claim(
    session: AsyncSession, now: datetime, lease: timedelta, limit: int, without: Exclusions
) -> list[Outgoing]:
    """Take up to ``limit`` due rows, oldest first, for ``lease``; nobody else gets them meanwhile.

    ``tried_at`` is set with the claim, before
    anything is sent: who finds it set on a row that was never posted has to look whether it was after all.
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
    """Let go of what is claimed, for a process that is alone: who claimed it lives no more."""
    claimed = _TABLE.c.claimed_until.is_not(None)
    await writing.connection.execute(update(_TABLE).where(claimed).values(claimed_until=None))


async def update_row(writing: Writing, row_id: int, **values: Any) -> None:
    """Write what became of a claimed row."""
    await writing.connection.execute(update(_TABLE).where(_TABLE.c.id == row_id).values(**values))


async def next_due(session: AsyncSession) -> datetime | None:
    """When the next message is due, if any is."""
    query = select(func.min(Outgoing.due_at)).where(
        col(Outgoing.delivered) < col(Outgoing.wanted), col(Outgoing.failure).is_(None)
    )
    return (await session.exec(query)).one()


async def message_by_key(session: AsyncSession, key: str) -> Outgoing | None:
    """The message named ``key``."""
    return (await session.exec(select(Outgoing).where(col(Outgoing.key) == key))).first()
