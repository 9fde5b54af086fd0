"""The doctor on the database: the connection, the schema, the catalog, and messages that got stuck."""

from datetime import timedelta

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select

from bot.doctor.diagnosis import Diagnosis, fail, ok, warn
from messages.kit.text import counted
from models.catalog.document import Catalog
from models.catalog.revisions import CatalogCache
from models.errors import Refused
from models.migrations.upgrade import pending
from models.outbox import Outgoing
from models.storage.database import Database
from models.time.clock import Clock

LATE = timedelta(minutes=10)
"""A message that was due this long ago is stuck."""

SHOWN = 5


async def schema(database: Database) -> tuple[Diagnosis, bool]:
    """Whether the database answers and has our schema; True if it can be read."""
    where = database.url.render_as_string(hide_password=True)
    try:
        missing = await pending(database)
    except Refused as refused:
        return fail(f"Database {where}: {refused}", "Run the newer Release Desk."), False
    except (DBAPIError, OSError) as error:
        reason = (str(getattr(error, "orig", error)).splitlines() or [type(error).__name__])[0]
        return fail(f"Database {where} cannot be used: {reason}", "Check DATABASE_URL and the server."), False
    if missing:
        names = ", ".join(missing)
        return warn(f"Database {where} lacks {names}", "Run `releasedesk migrate`; `run` does it, too."), False
    return ok(f"Database {where}: the schema is up to date"), True


async def applied_catalog(database: Database) -> tuple[Diagnosis, Catalog]:
    async with database.reading() as session:
        catalog = await CatalogCache().current(session)
    if not catalog.services:
        return fail("No catalog is applied", "Run `releasedesk catalog apply FILE`."), catalog
    return ok(f"Catalog: revision {catalog.revision} with {len(catalog.services)} services"), catalog


async def outbox(database: Database, clock: Clock) -> list[Diagnosis]:
    """Messages that Slack refused for good, and those that nothing delivers."""
    late = clock.now() - LATE
    async with database.reading() as session:
        undelivered = col(Outgoing.delivered) < col(Outgoing.wanted)
        failed = select(Outgoing.key, Outgoing.failure).where(col(Outgoing.failure).is_not(None))
        rows = (await session.exec(failed.order_by(col(Outgoing.id).desc()).limit(SHOWN))).all()
        count = (await session.exec(select(func.count()).where(col(Outgoing.failure).is_not(None)))).one()
        stuck = (
            await session.exec(
                select(func.count()).where(
                    undelivered, col(Outgoing.failure).is_(None), col(Outgoing.due_at) < late
                )
            )
        ).one()
    diagnoses: list[Diagnosis] = []
    if count:
        some = "; ".join(f"{key}: {failure}" for key, failure in rows)
        diagnoses.append(
            warn(
                f"Refused by Slack for good: {counted(count, 'message')} ({some})",
                "Look for message_failed in the log.",
            )
        )
    if stuck:
        diagnoses.append(
            warn(f"Overdue by ten minutes: {counted(stuck, 'message')}", "Is `releasedesk run` running?")
        )
    return diagnoses or [ok("Messages: none is refused or overdue")]
