"""Who may freeze a service and lift a freeze (docs/process.md#typed-freezes)."""

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.catalog.roles import AUTHORITY
from models.errors import NotFound, Refused
from models.freezes.in_force import ALL
from models.people.directory import expand, names, roles_of
from models.people.holder_names import MOST_NAMED, holder_names
from models.text import either
from models.unit_of_work import Snapshot


async def check_may_freeze(snapshot: Snapshot, catalog: Catalog, service_key: str) -> Service | None:
    """The service; None for all. Raises :class:`~models.errors.Refused`, naming who may."""
    session, person = snapshot.session, snapshot.actor.person
    lead = catalog.process_owner
    owners = await expand(session, (lead,), catalog.barred) if lead else set()
    if service_key == ALL:
        if person not in owners:
            raise Refused(await _only_the_process_owner(session, catalog, owners))
        return None
    service = catalog.by_key.get(service_key)
    if service is None:
        raise NotFound(f"{service_key} is no service of the catalog any more.")
    if person not in owners and (await roles_of(session, service, person)).isdisjoint(AUTHORITY):
        people = await holder_names(session, service, AUTHORITY)
        raise Refused(f"{service.name} is frozen by its release manager, its owner or the process owner: {people}.")
    return service


async def _only_the_process_owner(session: AsyncSession, catalog: Catalog, owners: set[str]) -> str:
    if catalog.process_owner is None:
        return "Only the process owner freezes all services, and the catalog names none."
    called = await names(session, owners)
    people = either(sorted(called.get(one, one) for one in owners), MOST_NAMED) or "nobody at present"
    return f"Only the process owner freezes all services and lifts that: {people}."
