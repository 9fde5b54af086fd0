"""Bringing a database to the schema that this version of Release Desk needs.

Looking whether that is necessary reads one row: alembic, slow to import, is only loaded when it is.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refused
from models.storage.database import Database

FOLDER = Path(__file__).parent

_LOCK = 4_920_117
"""The number of the advisory lock that keeps two programs from upgrading one PostgreSQL database at once."""


async def upgrade(database: Database) -> list[str]:
    """Apply the migrations that ``database`` lacks, all or none; gives their names.

    Safe when several programs start at once: they wait for the first. Raises :class:`~models.errors.Refused` when
    a newer version of Release Desk has upgraded the database.
    """
    if not await pending(database):
        return []
    async with database.writing() as writing:
        if not database.is_sqlite:
            await writing.connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        missing = await _missing(writing.connection)
        if missing:
            await writing.connection.run_sync(migrate, "head")
    return missing


async def pending(database: Database) -> list[str]:
    """The names of the migrations that ``database`` lacks, in their order. Raises like :func:`upgrade`."""
    async with database.reading() as session:
        return await _missing(await session.connection())


def migrations() -> list[str]:
    """The names of all migrations, in their order: ``0001_initial``, ..."""
    return sorted(path.stem for path in (FOLDER / "versions").glob("[0-9]*.py"))


def migrate(connection: Connection, to: str) -> None:
    """Run alembic on ``connection``, in its transaction, forwards or backwards to the revision ``to``."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    found = _revision(connection)
    backwards = to == "base" or (found is not None and to.isdecimal() and to < found)
    (command.downgrade if backwards else command.upgrade)(config, to)


async def _missing(connection: AsyncConnection) -> list[str]:
    found = await connection.run_sync(_revision)
    names = migrations()
    if found is None:
        return names
    numbers = [_number(name) for name in names]
    if found not in numbers:
        raise Refused(
            f"This database has the schema {found} of a newer Release Desk; this one knows {numbers[-1]} at most. "
            "Run the newer one, or restore the backup from before its upgrade."
        )
    return names[numbers.index(found) + 1 :]


def _number(name: str) -> str:
    return name.partition("_")[0]


def _revision(connection: Connection) -> str | None:
    """The revision the database stands at, if it has been migrated ever."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
