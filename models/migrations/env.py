"""Alembic's environment: it uses the program's connection, or ``DATABASE_URL`` for a developer.

``alembic revision --autogenerate -m "..."`` writes the next migration from the difference between the tables and an
up-to-date database.
"""

import asyncio
import os
from collections.abc import Iterable
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from models.migrations.upgrade import migrations
from models.storage.database import Database
from models.tables import METADATA


def run(connection: Connection) -> None:
    """Run the requested migrations in the transaction of ``connection``."""
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        render_item=render_item,
        process_revision_directives=number,
    )
    with context.begin_transaction():
        context.run_migrations()


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write column types as SQLAlchemy's own, so that a migration does not depend on sqlmodel's."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


def number(_context: MigrationContext, _revision: Any, directives: Iterable[MigrationScript]) -> None:
    """Number a new migration after the last one."""
    for script in directives:
        script.rev_id = f"{len(migrations()) + 1:04d}"


async def run_for_developer() -> None:
    database = Database(os.environ.get("DATABASE_URL", "sqlite:///releasedesk.db"))
    try:
        async with database.writing() as writing:
            await writing.connection.run_sync(run)
    finally:
        await database.close()


handed = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    asyncio.run(run_for_developer())
