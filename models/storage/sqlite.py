"""SQLite on the event loop: statements run where they are awaited, without a thread in between.

A statement of Release Desk takes SQLite some ten microseconds; handing it to a thread and back takes
fifty times that, four times a statement. So the connection that writes, and the ones that read single
records, answer on the spot. Reports over many rows go through :mod:`aiosqlite`'s thread instead
(:meth:`models.storage.database.Database.reporting`), so that a long one never holds up an acknowledgement.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Parameters = Sequence[Any]


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
    """Open the file at ``path``.

    Only setting it up waits for other processes; after that the database reports a lock at once, and whoever
    wants it waits without blocking the loop (``busy_timeout`` in :mod:`models.storage.database`).
    """
    return InlineConnection(sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False))


PAGE = 1024
"""Bytes of a page in a new file. A use case touches a dozen pages, each of which goes into the log whole; so small
ones make a commit a third shorter than SQLite's usual 4096 do. A file that exists keeps its own."""

CHECKPOINT_AT_MOST = 80_000
"""Pages of the log (some 80 MB) at which a commit does it itself after all."""


def set_pragmas(connection: Any, _record: Any) -> None:
    """Set up any connection."""
    cursor = connection.cursor()
    for pragma in (
        f"page_size={PAGE}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "cache_size=-1000",
        "busy_timeout=0",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def set_writer_pragmas(connection: Any, _record: Any) -> None:
    """Set up the connection that writes: the log is brought into the file at a quiet moment, not by a commit."""
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_AT_MOST}")
    cursor.execute(
        "PRAGMA cache_size=-8000"
    )  # kilobytes; those that read find the same pages in the system's cache
    cursor.close()


def begin_writing(connection: Any) -> None:
    """Begin as the one who writes, rather than find out at the first change that somebody else does."""
    if not connection.connection.driver_connection.raw.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def begin_reading(connection: Any) -> None:
    """Begin a transaction that sees one state of the file."""
    connection.exec_driver_sql("BEGIN")
