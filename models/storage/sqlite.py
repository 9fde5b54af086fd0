"""SQLite on the event loop: statements run where they are awaited, without a thread.

SQLite needs some ten microseconds for one of our statements; handing it to a thread and back takes fifty times
that, four times a statement. So the connections that write or read single records run inline. Reports over many
rows use :mod:`aiosqlite`'s thread (:meth:`models.storage.database.Database.reporting`), so that a long one never
delays an acknowledgement.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Parameters = Sequence[Any]

BUSY_RETRY = 0.005
"""Seconds between two tries for SQLite's write lock while another process holds it."""

BUSY_LIMIT = 30.0
"""Seconds after which a write stops waiting for another process."""


class InlineCursor:
    """The part of an asynchronous DBAPI cursor that SQLAlchemy uses."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: sqlite3.Cursor) -> None:
        self._cursor = cursor

    async def __aenter__(self) -> "InlineCursor":
        return self

    async def execute(self, sql: str, parameters: Parameters = ()) -> None:
        self._cursor.execute(sql, parameters)

    async def executemany(self, sql: str, parameters: Iterable[Parameters]) -> None:
        self._cursor.executemany(sql, parameters)

    async def fetchall(self) -> list[Any]:
        return self._cursor.fetchall()

    async def close(self) -> None:
        self._cursor.close()

    @property
    def description(self) -> Any:
        return self._cursor.description

    @property
    def rowcount(self) -> int:
        return self._cursor.rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._cursor.lastrowid


class InlineConnection:
    """The part of an asynchronous DBAPI connection that SQLAlchemy uses."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.raw = self._connection = connection

    def cursor(self) -> InlineCursor:
        return InlineCursor(self._connection.cursor())

    async def commit(self) -> None:
        self._connection.commit()

    async def rollback(self) -> None:
        self._connection.rollback()

    async def close(self) -> None:
        self._connection.close()

    def stop(self) -> None:
        self._connection.close()

    async def create_function(
        self, name: str, arguments: int, function: Callable[..., Any], **options: Any
    ) -> None:
        self._connection.create_function(name, arguments, function, **options)


async def connect_inline(path: str, **_options: Any) -> InlineConnection:
    """Only opening waits for other processes, up to 10 seconds.

    Afterwards SQLite reports a lock at once (``busy_timeout``), and :mod:`models.storage.database` waits for it
    without blocking the loop.
    """
    return InlineConnection(sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False))


PAGE_SIZE = 1024
"""Bytes, for new files. A use case touches a dozen pages and each is logged whole, so a commit is a third shorter
than with SQLite's usual 4096."""

CHECKPOINT_AT_MOST = 80_000
"""Pages of the log (some 80 MB) at which a commit does the checkpoint itself after all."""


def set_pragmas(connection: Any, _record: Any) -> None:
    """For every connection."""
    cursor = connection.cursor()
    for pragma in (
        f"page_size={PAGE_SIZE}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-1000",
        "busy_timeout=0",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def set_writer_pragmas(connection: Any, _record: Any) -> None:
    """For the connection that writes: no checkpoint within a commit, and a larger cache."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_AT_MOST}")
    cursor.execute("PRAGMA cache_size=-8000")  # kilobytes; readers find the pages in the system's cache
    cursor.close()


def begin_writing(connection: Any) -> None:
    """Take the write lock now rather than fail at the first change."""
    if not connection.connection.driver_connection.raw.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def begin_reading(connection: Any) -> None:
    """From here on the transaction sees one state of the file."""
    connection.exec_driver_sql("BEGIN")
