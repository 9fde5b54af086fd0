"""Where everything is kept: an SQLite file or a PostgreSQL database, behind one set of sessions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import JSON, event, make_url
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import Invalid
from models.sqlite import connect_inline

BUSY_RETRY = 0.005
"""Seconds between two tries for SQLite's write lock while another process holds it."""

BUSY_LIMIT = 30.0
"""Seconds after which a write gives up waiting for another process."""


def json_column() -> Any:
    """The type of a column that holds JSON: binary and indexable where the database can."""
    return JSON().with_variant(JSONB(), "postgresql")


def parse_url(text: str) -> URL:
    """Read a ``DATABASE_URL`` as people write it and name the driver that Release Desk uses.

    Raises :class:`~models.errors.Invalid` when it is neither an SQLite file nor PostgreSQL.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # not repeated in the sentence: it may hold a password
        raise Invalid({"DATABASE_URL": f"This is not a database address. {_EXAMPLES}"}) from None
    kind = url.get_backend_name()
    if kind in ("postgresql", "postgres"):
        return url.set(drivername="postgresql+asyncpg")
    if kind == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite+aiosqlite")
    if kind == "sqlite":
        raise Invalid({"DATABASE_URL": f"SQLite needs a file to keep releases in. {_EXAMPLES}"})
    raise Invalid({"DATABASE_URL": f"Release Desk does not run on {kind}. {_EXAMPLES}"})


_EXAMPLES = "Use sqlite:///releasedesk.db or postgresql://user:password@host/name."


class Database:
    """The engines for one database; make it inside the event loop that uses it."""

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writing = asyncio.Lock()
        if self.is_sqlite:
            self._writer = self._inline_engine(pool_size=1, immediate=True)
            self._reader = self._inline_engine(pool_size=4, immediate=False)
            self._reporter = create_async_engine(self.url, pool_size=2, max_overflow=4)
            event.listen(self._reporter.sync_engine, "connect", _set_pragmas)
        else:
            self._writer = create_async_engine(self.url, pool_size=10, max_overflow=10, pool_pre_ping=True)
            self._reader = self._reporter = self._writer

    @property
    def engine(self) -> AsyncEngine:
        """The engine that writes; for migrations."""
        return self._writer

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """One transaction that may write; committed on leaving, rolled back on an exception.

        On SQLite writers queue here, so that waiting for the one write lock never blocks the loop.
        """
        if not self.is_sqlite:
            async with AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
                yield session
            return
        async with self._writing, AsyncSession(self._writer, expire_on_commit=False) as session:
            await _begin_immediate(session)
            try:
                yield session
                await session.commit()
            except BaseException:
                await session.rollback()
                raise

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for looking at single records; what it sees is one consistent state."""
        async with AsyncSession(self._reader, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def reporting(self) -> AsyncIterator[AsyncSession]:
        """A session for queries over many rows; on SQLite they run in a thread, beside the loop."""
        async with AsyncSession(self._reporter, expire_on_commit=False) as session:
            yield session

    async def close(self) -> None:
        """Give every connection back."""
        for engine in {self._writer, self._reader, self._reporter}:
            await engine.dispose()

    def _inline_engine(self, *, pool_size: int, immediate: bool) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0 if immediate else 16,
            connect_args={"async_creator_fn": connect_inline},
        )
        event.listen(engine.sync_engine, "connect", _set_pragmas)
        event.listen(engine.sync_engine, "begin", _begin_writing if immediate else _begin_reading)
        return engine


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=0",
        "cache_size=-8000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_writing(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


async def _begin_immediate(session: AsyncSession) -> None:
    deadline = asyncio.get_running_loop().time() + BUSY_LIMIT
    while True:
        try:
            await session.connection()
        except OperationalError as error:
            await session.rollback()
            if "locked" not in str(error.orig) or asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(BUSY_RETRY)
        else:
            return
