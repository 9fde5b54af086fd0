"""The people who arbitrate an environment: its manager, else the process owner (docs/process.md#arbitration)."""

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.errors import Refused
from models.people.directory import expand, names
from models.text import either


def manager_of(catalog: Catalog, key: str) -> str | None:
    """The person or group that arbitrates: the environment's manager, else the process owner.

    A manager who left, or a group that is gone, is none.
    """
    environment = catalog.environment(key)
    manager = catalog.unless_barred(environment.manager) if environment else None
    return manager or catalog.unless_barred(catalog.process_owner)


async def arbiters(session: AsyncSession, catalog: Catalog, key: str) -> set[str]:
    """The people who arbitrate, with groups expanded."""
    manager = manager_of(catalog, key)
    return await expand(session, [manager], catalog.barred) if manager else set()


async def check_manages(session: AsyncSession, catalog: Catalog, key: str, person: str) -> None:
    """Raises :class:`~models.errors.Refused`, naming the people who arbitrate."""
    if person not in await arbiters(session, catalog, key):
        who = await arbiter_names(session, catalog, key) or "nobody the catalog names"
        raise Refused(f"This is for the manager of {catalog.environment_name(key)}: {who}.")


async def arbiter_names(session: AsyncSession, catalog: Catalog, key: str) -> str:
    """``Olga or Sam``, three names at most; empty if there is nobody."""
    people = await arbiters(session, catalog, key)
    called = await names(session, people)
    return either(sorted(called.get(person, person) for person in people), 3)
