"""Upgrading a database to the schema that this version of Release Desk needs.

The check whether it is necessary reads one row; alembic, which is slow to import, is loaded only if it is.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.errors import Refused
from models.storage.database import Database

FOLDER = Path(__file__).parent

_LOCK = 4_920_117
"""The PostgreSQL advisory lock that keeps two programs from upgrading at once."""


async def upgrade(database: Database) -> list[str]:
    """Apply the missing migrations, all or none, and return their names.

    If several programs start at once, they wait for the first. Raises :class:`~models.errors.Refused` if a newer
    version of Release Desk has upgraded the database.
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
    """The names of the missing migrations, in order. Raises what :func:`upgrade` raises."""
    async with database.reading() as session:
        return await _missing(await session.connection())


def migrations() -> list[str]:
    """All names in order: ``0001_initial``, ..."""
    return sorted(path.stem for path in (FOLDER / "versions").glob("[0-9]*.py"))


def migrate(connection: Connection, to: str) -> None:
    """Upgrade or downgrade to the revision ``to``, in the transaction of ``connection``."""
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
    """The database's revision; None if it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found
