"""Statements of the hot path: written for SQLAlchemy, run on SQLite without its machinery.

SQLAlchemy spends some hundred microseconds on a statement for which SQLite needs ten. A :class:`Prepared` statement
is compiled once and goes straight to SQLite's driver, with the same type conversions. On PostgreSQL it is executed
as usual, because there the round trip dominates.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Executable, Select
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import TypeEngine
from sqlmodel.sql.sqltypes import UTCDateTime

Parameters = Mapping[str, Any]

Convert = Callable[[Any], Any] | None

_DIALECT = SQLiteDialect_aiosqlite()


@dataclass(frozen=True, slots=True)
class _Compiled:
    sql: str
    binds: tuple[tuple[str, Convert, Any], ...]
    results: tuple[Convert, ...]

    def arguments(self, parameters: Parameters) -> list[Any]:
        """In the order of the question marks, as SQLite stores them."""
        return [
            convert(parameters.get(name, default)) if convert else parameters.get(name, default)
            for name, convert, default in self.binds
        ]

    def row(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """With Python's types."""
        return tuple(
            convert(value) if convert and value is not None else value
            for convert, value in zip(self.results, values, strict=True)
        )


class Prepared:
    """An INSERT names its parameters by column and fills ``columns``; other statements use ``bindparam``."""

    def __init__(self, statement: Executable, columns: Sequence[str] | None = None) -> None:
        self.statement = statement
        self._columns = list(columns) if columns is not None else None
        self._compiled: _Compiled | None = None

    async def run(
        self, connection: AsyncConnection, raw: sqlite3.Connection | None, parameters: Parameters
    ) -> Sequence[Sequence[Any]]:
        """The rows; none for a statement that returns none."""
        if raw is None:
            result = await connection.execute(self.statement, dict(parameters))
            return result.all() if result.returns_rows else ()
        compiled = self._compiled or self._compile()
        cursor = raw.execute(compiled.sql, compiled.arguments(parameters))
        return [compiled.row(row) for row in cursor] if compiled.results else ()

    async def run_many(
        self, connection: AsyncConnection, raw: sqlite3.Connection | None, rows: Sequence[Parameters]
    ) -> None:
        if raw is None:
            await connection.execute(self.statement, [dict(row) for row in rows])
            return
        compiled = self._compiled or self._compile()
        if len(rows) == 1:
            raw.execute(compiled.sql, compiled.arguments(rows[0]))
        else:
            raw.executemany(compiled.sql, [compiled.arguments(row) for row in rows])

    def _compile(self) -> _Compiled:
        compiled: Any = self.statement.compile(dialect=_DIALECT, column_keys=self._columns)  # type: ignore[attr-defined]
        binds = tuple(
            (name, _to_sqlite(bind.type), bind.value)
            for name, bind in ((name, compiled.binds[name]) for name in compiled.positiontup or ())
        )
        results: tuple[Convert, ...] = ()
        if isinstance(self.statement, Select):
            results = tuple(
                column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
                for column in self.statement.selected_columns
            )
        self._compiled = _Compiled(str(compiled), binds, results)
        return self._compiled


def _to_sqlite(kind: TypeEngine[Any]) -> Convert:
    if isinstance(kind, UTCDateTime):
        return _moment
    return kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)


def _moment(at: datetime | None) -> str | None:
    """Like SQLAlchemy's SQLite type in a fifth of the time; a plan has dozens of moments."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
