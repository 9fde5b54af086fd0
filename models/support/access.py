"""Who may resolve or reopen a known error, or change its workaround (docs/process.md#known-errors)."""

from models.catalog.document import OWNER, Catalog, Service
from models.catalog.roles import role_choice
from models.errors import Refused
from models.people.directory import names, roles_of
from models.people.holder_names import reserved_for
from models.support.tables import KnownError
from models.unit_of_work import Snapshot

RESOLVERS = ("problem_manager", "release_manager", OWNER)
"""Besides the person who recorded it."""

WORKAROUND_EDITORS = (*RESOLVERS, "knowledge_manager", "incident_manager")
"""Those who resolve it, and those who look after what first line reads."""


async def check_may_resolve_or_edit(
    snapshot: Snapshot, catalog: Catalog, known_error: KnownError, roles: tuple[str, ...]
) -> None:
    """Check that the actor recorded the known error, or holds one of ``roles`` in its service.

    If it belongs to no service of the catalog, a role in any service will do. Raises
    :class:`~models.errors.Refused`, naming who may.
    """
    person = snapshot.actor.person
    if person == known_error.recorded_by:
        return
    service = catalog.by_key.get(known_error.service or "")
    for candidate in (service,) if service else catalog.services:
        if not (await roles_of(snapshot.session, candidate, person)).isdisjoint(roles):
            return
    raise Refused(await _refusal(snapshot, service, known_error, roles))


async def _refusal(
    snapshot: Snapshot, service: Service | None, known_error: KnownError, roles: tuple[str, ...]
) -> str:
    recorder = (await names(snapshot.session, [known_error.recorded_by])).get(known_error.recorded_by)
    recorded = f" It was recorded by {recorder}, who may too." if recorder else ""
    if service is None:
        return f"{known_error.number} belongs to no service; a {role_choice(roles)} of any service may.{recorded}"
    return f"{await reserved_for(snapshot.session, service, roles)}{recorded}"
