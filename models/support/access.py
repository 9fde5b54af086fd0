"""Who may close a known error, open it again or change its workaround (DOMAIN.md, *Roles*)."""

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import OWNER, Catalog, Service
from models.catalog.roles import role_choice
from models.errors import Refused
from models.people.directory import names, roles_of
from models.people.holder_names import holder_names
from models.support.tables import KnownError
from models.unit_of_work import Snapshot

RESOLVERS = ("problem_manager", "release_manager", OWNER)
"""Besides whoever recorded it."""

WORKAROUND_EDITORS = (*RESOLVERS, "knowledge_manager", "incident_manager")
"""Who may write a workaround down: those who close it and those who look after what first line reads."""


async def check_may_resolve_or_edit(
    snapshot: Snapshot, catalog: Catalog, known_error: KnownError, roles: tuple[str, ...]
) -> None:
    """Ask whether the actor holds one of ``roles`` for this known error, or recorded it.

    One that belongs to no service of the catalog may be changed by those who hold such a role anywhere. Raises
    :class:`~models.errors.Refused`, naming who may.
    """
    if snapshot.actor.person == known_error.recorded_by:
        return
    service = catalog.by_key.get(known_error.service or "")
    services = (service,) if service else catalog.services
    for one in services:
        if await _holds(snapshot.session, one, snapshot.actor.person, roles):
            return
    raise Refused(await _who_may(snapshot, service, known_error, roles))


async def _holds(session: AsyncSession, service: Service, person: str, roles: tuple[str, ...]) -> bool:
    return not (await roles_of(session, service, person)).isdisjoint(roles)


async def _who_may(
    snapshot: Snapshot, service: Service | None, known_error: KnownError, roles: tuple[str, ...]
) -> str:
    recorder = (await names(snapshot.session, [known_error.recorded_by])).get(known_error.recorded_by)
    recorded = f" It was recorded by {recorder}, who may too." if recorder else ""
    if service is None:
        return f"{known_error.number} belongs to no service; a {role_choice(roles)} of any service may.{recorded}"
    people = await holder_names(snapshot.session, service, roles)
    return f"This is for the {role_choice(roles)} of {service.name}: {people}.{recorded}"
