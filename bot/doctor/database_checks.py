"""The doctor on the database: the connection, the schema and the catalog."""

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from bot.doctor.diagnosis import Diagnosis, fail, ok, warn
from models.catalog.document import Catalog
from models.catalog.revisions import CatalogCache
from models.errors import Refused
from models.membership.tables import Person
from models.migrations.upgrade import pending
from models.storage.database import Database


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


async def kept_people(database: Database) -> frozenset[str]:
    """The people whom the catalog named before guests lost their rights."""
    async with database.reading() as session:
        return frozenset((await session.exec(select(Person.id).where(col(Person.kept).is_(True)))).all())


async def applied_catalog(database: Database) -> tuple[Diagnosis, Catalog]:
    async with database.reading() as session:
        catalog = await CatalogCache().current(session)
    if not catalog.services:
        return fail("No catalog is applied", "Run `releasedesk catalog apply FILE`."), catalog
    return ok(f"Catalog: revision {catalog.revision} with {len(catalog.services)} services"), catalog
