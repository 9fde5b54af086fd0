"""An SQLite file or a PostgreSQL database behind the same sessions."""

import asyncio
import importlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, event, make_url, text
from sqlalchemy.engine import URL, Dialect
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from models.errors import Invalid
from models.storage.prepared_statements import Parameters, Prepared
from models.storage.sqlite import (
    BUSY_LIMIT,
    BUSY_RETRY,
    begin_reading,
    begin_writing,
    connect_inline,
    set_pragmas,
    set_writer_pragmas,
)

PROGRAM = "Release Desk"
"""PostgreSQL's name for our connections; each process adds its own."""


class _Json(TypeDecorator[Any]):
    """Loads PostgreSQL's part of SQLAlchemy, which is large, only for PostgreSQL."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            from sqlalchemy.dialects.postgresql import JSONB

            return dialect.type_descriptor(JSONB())
        return super().load_dialect_impl(dialect)


def json_column() -> TypeEngine[Any]:
    """A JSON column; binary and indexable on PostgreSQL."""
    return _Json()


def insert_into(table: Any, dialect: str) -> Any:
    """An INSERT with ``on_conflict_...``; ``dialect`` is ``sqlite`` or ``postgresql``."""
    return importlib.import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


def parse_url(text: str) -> URL:
    """Read a ``DATABASE_URL`` and add the driver.

    Raises :class:`~models.errors.Invalid` for anything but an SQLite file or PostgreSQL.
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

CHECKPOINT_AFTER = 250
"""Commits after which SQLite's log is written back into the file, in a thread."""


class Writing:
    """One transaction: ``session`` for ordinary work, :meth:`run` for statements of the hot path.

    The session is made on first use, so the hot path doesn't pay for it.
    """

    def __init__(self, connection: AsyncConnection, raw: sqlite3.Connection | None) -> None:
        self.connection = connection
        self._raw = raw
        self._session: AsyncSession | None = None

    @property
    def session(self) -> AsyncSession:
        """Flushed and committed with the transaction."""
        if self._session is None:
            self._session = AsyncSession(self.connection, expire_on_commit=False)
        return self._session

    @property
    def locks_by_itself(self) -> bool:
        """Whether nobody else can write while this transaction lasts."""
        return self._raw is not None

    async def run(self, statement: Prepared, parameters: Parameters) -> Sequence[Any]:
        return await statement.run(self.connection, self._raw, parameters)

    async def run_many(self, statement: Prepared, rows: Sequence[Parameters]) -> None:
        await statement.run_many(self.connection, self._raw, rows)

    async def flush(self) -> None:
        if self._session is not None:
            await self._session.flush()

    async def commit(self) -> None:
        if self.connection.in_transaction():
            await self.connection.commit()
        if self._raw is not None and self._raw.in_transaction:
            self._raw.execute("COMMIT")

    async def rollback(self) -> None:
        if self.connection.in_transaction():
            await self.connection.rollback()
        if self._raw is not None and self._raw.in_transaction:
            self._raw.execute("ROLLBACK")

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


class Database:
    """The engines for one database. Create it inside the event loop that uses it."""

    def __init__(self, url: str) -> None:
        self.url = parse_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._name = f"{PROGRAM} {uuid4().hex[:12]}"
        self._one_writer = asyncio.Lock()
        self._commits = 0
        self._checkpoint: asyncio.Task[None] | None = None
        self._connection: tuple[AsyncConnection, sqlite3.Connection] | None = None
        if self.is_sqlite:
            self._writer = self._inline_engine(pool_size=1, immediate=True)
            self._reader = self._inline_engine(pool_size=4, immediate=False)
            self._reporter = create_async_engine(self.url, pool_size=2, max_overflow=4)
            event.listen(self._reporter.sync_engine, "connect", set_pragmas)
        else:
            self._writer = create_async_engine(
                self.url,
                pool_size=10,
                max_overflow=10,
                pool_pre_ping=True,
                connect_args={"server_settings": {"application_name": self._name}},
            )
            self._reader = self._reporter = self._writer

    @property
    def engine(self) -> AsyncEngine:
        """The one that writes."""
        return self._writer

    async def is_alone(self) -> bool:
        """Whether no other process of Release Desk is connected. SQLite has one at a time."""
        if self.is_sqlite:
            return True
        others = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND application_name LIKE :program AND application_name <> :name"
        )
        async with self._writer.connect() as connection:
            found = await connection.execute(others, {"program": f"{PROGRAM} %", "name": self._name})
            return int(found.scalar_one()) == 0

    @property
    def answers_at_once(self) -> bool:
        """Whether a use case on single records ends before anything else runs: SQLite, and nobody is writing."""
        return self.is_sqlite and not self._one_writer.locked()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator["Writing"]:
        """One transaction that may write; committed on leaving, rolled back on an exception.

        On SQLite writers queue here, so that waiting for the one write lock never blocks the loop.
        """
        if not self.is_sqlite:
            async with self._writer.begin() as connection:
                writing = Writing(connection, None)
                try:
                    yield writing
                    await writing.flush()
                finally:
                    await writing.close()
            return
        async with self._one_writer:
            writing = await self._begin_alone()
            try:
                yield writing
                await writing.flush()
                await writing.commit()
            except BaseException:
                await writing.rollback()
                raise
            finally:
                await writing.close()
            self._count_commit()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for reading single records, from one consistent state."""
        async with AsyncSession(self._reader, expire_on_commit=False) as session:
            yield session

    @asynccontextmanager
    async def reporting(self) -> AsyncIterator[AsyncSession]:
        """A session for queries over many rows; on SQLite they run in a thread, beside the loop."""
        async with AsyncSession(self._reporter, expire_on_commit=False) as session:
            yield session

    async def close(self) -> None:
        if self._checkpoint is not None:
            await self._checkpoint
        if self._connection is not None:
            await self._connection[0].close()
            self._connection = None
        for engine in {self._writer, self._reader, self._reporter}:
            await engine.dispose()

    def _count_commit(self) -> None:
        """Checkpoint SQLite's log now and then, in the reporting thread, because it waits for the disk."""
        self._commits += 1
        if self._commits % CHECKPOINT_AFTER == 0 and (self._checkpoint is None or self._checkpoint.done()):
            self._checkpoint = asyncio.create_task(self._write_checkpoint())

    async def _write_checkpoint(self) -> None:
        async with self._reporter.connect() as connection:
            await connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    async def _begin_alone(self) -> "Writing":
        """Begin on SQLite's one writing connection; waiting for another process's lock doesn't block the loop."""
        if self._connection is None:
            connection = await self._writer.connect()
            inline = (await connection.get_raw_connection()).driver_connection
            await connection.rollback()
            self._connection = (connection, inline.raw)  # type: ignore[union-attr]
        connection, raw = self._connection
        deadline = asyncio.get_running_loop().time() + BUSY_LIMIT
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(BUSY_RETRY)
            else:
                return Writing(connection, raw)

    def _inline_engine(self, *, pool_size: int, immediate: bool) -> AsyncEngine:
        engine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=2 if immediate else 16,
            connect_args={"async_creator_fn": connect_inline},
        )
        event.listen(engine.sync_engine, "connect", set_pragmas)
        if immediate:
            event.listen(engine.sync_engine, "connect", set_writer_pragmas)
        event.listen(engine.sync_engine, "begin", begin_writing if immediate else begin_reading)
        return engine
