"""How connections to an SQLite file are set up, and how their transactions begin."""

from typing import Any

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
