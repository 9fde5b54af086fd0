"""Editing one service from Slack: its people, when it may be deployed, and its criteria.

An edit makes a new revision of the whole catalog, checked by the same rules as a file, so that ``catalog export``
shows it. Who may: the service's owner and release managers, and the process owner.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.apply import replace
from models.catalog.checks import check
from models.catalog.document import OWNER, Catalog, Service
from models.catalog.mistakes import Path
from models.catalog.service_text import lines, read_freeze, read_window
from models.catalog.shape import nearest, read_shape
from models.catalog.store import CatalogCache, lock_revisions
from models.errors import Invalid, NotFound, Refused, Stale
from models.events import Actor
from models.people.directory import expand, names, roles_of
from models.releases.who import who_could
from models.unit_of_work import UnitOfWork

EDITORS = (OWNER, "release_manager")
"""The roles in a service that may edit it."""

Places = Mapping[str, Path]
"""For each field of a form, the place in the service that it stands for."""


@dataclass(frozen=True, slots=True)
class Editable:
    """A service as somebody looks at it, with the names of its people.

    ``revision`` names the catalog it was read from.
    """

    service: Service
    revision: int
    may_edit: bool
    called: Mapping[str, str]


def find_service(catalog: Catalog, text: str) -> Service:
    """The service named by its key, whatever its case. Raises NotFound with the nearest ones."""
    wanted = text.strip().strip(".,;:!?\"'`").casefold()
    for service in catalog.services:
        if service.key.casefold() == wanted:
            return service
    known = [service.key for service in catalog.services]
    raise NotFound(f"No service has the key {text.strip()[:40]!r}.{nearest(wanted.upper(), known)}", known[:5])


async def editable(session: AsyncSession, catalogs: CatalogCache, person: str, key: str) -> Editable:
    """The service ``key``, and whether ``person`` may edit it. Raises NotFound."""
    catalog = await catalogs.current(session)
    service = find_service(catalog, key)
    people = {service.owner, *(one for held in service.roles.values() for one in held)}
    may = await _may(session, catalog, service, person)
    return Editable(service, catalog.revision, may, await names(session, people))


async def check_may_edit(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, key: str, revision: int
) -> Service:
    """The service, for a form. Raises Refused with who may, and Stale when the catalog has changed since."""
    async with work.database.reading() as session:
        catalog = await catalogs.current(session)
        return await _checked(session, catalog, actor.person, key, revision)


@dataclass(frozen=True, slots=True)
class People:
    """The owner of a service and who holds its roles, as entered.

    User groups stay as they are, and so does the owner where there is none here: a group that no form can show.
    """

    owner: str | None
    roles: Mapping[str, Sequence[str]]


async def edit_people(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, key: str, revision: int, people: People
) -> list[str]:
    """Put ``people`` into the roles of a service; gives what changed, a line each.

    Raises :class:`~models.errors.Invalid` by form field (``owner``, ``role:NAME``), Refused and Stale.
    """

    def change(service: dict[str, Any]) -> None:
        service["owner"] = people.owner or service["owner"]
        for role, entered in people.roles.items():
            groups = [one for one in service["roles"].get(role, ()) if one.startswith("S")]
            service["roles"][role] = [*groups, *(one for one in entered if one not in groups)]

    places: dict[str, Path] = {f"role:{role}": ("roles", role) for role in people.roles}
    places["owner"] = ("owner",)
    return await _edit(work, catalogs, actor, (key, revision), change, places)


@dataclass(frozen=True, slots=True)
class Times:
    """When and how a service may be deployed, as typed: methods with commas between, the rest one a line."""

    methods: str
    windows: str
    freezes: str


async def edit_times(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, key: str, revision: int, times: Times
) -> list[str]:
    """Set methods, windows and freezes; gives what changed. Raises like :func:`edit_people`."""
    read = {
        "methods": [one for part in times.methods.split(",") if (one := " ".join(part.split()))],
        "windows": _read("windows", times.windows, read_window),
        "freezes": _read("freezes", times.freezes, read_freeze),
    }
    problems = {name: str(found) for name, found in read.items() if isinstance(found, ValueError)}
    if problems:
        raise Invalid(problems)

    def change(service: dict[str, Any]) -> None:
        service["policy"] |= {
            "deployment_methods": read["methods"],
            "windows": read["windows"],
            "freezes": read["freezes"],
        }

    places: Places = {
        "methods": ("policy", "deployment_methods"),
        "windows": ("policy", "windows"),
        "freezes": ("policy", "freezes"),
    }
    return await _edit(work, catalogs, actor, (key, revision), change, places)


CRITERIA = ("entry", "exit", "early_life_support")


async def edit_criteria(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, key: str, revision: int, typed: Mapping[str, str]
) -> list[str]:
    """Set the criteria of each gate, one a line; gives what changed. Raises like :func:`edit_people`."""

    def change(service: dict[str, Any]) -> None:
        service["criteria"] = {gate: lines(typed.get(gate, "")) for gate in CRITERIA}

    places: Places = {gate: ("criteria", gate) for gate in CRITERIA}
    return await _edit(work, catalogs, actor, (key, revision), change, places)


async def _edit(
    work: UnitOfWork,
    catalogs: CatalogCache,
    actor: Actor,
    which: tuple[str, int],
    change: Callable[[dict[str, Any]], None],
    places: Places,
) -> list[str]:
    key, revision = which
    async with work(actor) as tx:
        await lock_revisions(tx.session)
        before = await catalogs.current(tx.session)
        await _checked(tx.session, before, actor.person, key, revision)
        after = _changed(before, key, change, places)
        return await replace(tx, before, after)


async def _checked(session: AsyncSession, catalog: Catalog, person: str, key: str, revision: int) -> Service:
    service = find_service(catalog, key)
    if not await _may(session, catalog, service, person):
        others = await who_could(session, service, EDITORS)
        raise Refused(f"{service.name} ({service.key}) is edited by its owner and release managers: {others}.")
    if catalog.revision != revision:
        raise Stale(f"The catalog has changed since this was shown. Look again with /release service {key}.")
    return service


async def _may(session: AsyncSession, catalog: Catalog, service: Service, person: str) -> bool:
    if not (await roles_of(session, service, person)).isdisjoint(EDITORS):
        return True
    return catalog.process_owner is not None and person in await expand(session, (catalog.process_owner,))


def _changed(catalog: Catalog, key: str, change: Callable[[dict[str, Any]], None], places: Places) -> Catalog:
    """The catalog after ``change`` of one service. Raises Invalid with a sentence for each field that is wrong."""
    data = catalog.model_dump(mode="json", by_alias=True, exclude_none=True)
    position = next(index for index, service in enumerate(catalog.services) if service.key == key)
    change(data["services"][position])
    after, shape = read_shape(data)
    problems: dict[str, str] = {}
    for path, sentence in (*shape, *check(data)):
        inside = path[2:] if path[:2] == ("services", position) else ()
        problems.setdefault(_field(inside, places), sentence)
    if problems or after is None:
        raise Invalid(problems)
    return after


def _field(path: Path, places: Places) -> str:
    """The field that stands for the place ``path`` in the service; the first where none does."""
    found = (name for name, place in places.items() if path[: len(place)] == place)
    return next(found, next(iter(places)))


def _read(name: str, text: str, read: Callable[[str], dict[str, Any]]) -> list[dict[str, Any]] | ValueError:
    try:
        return [read(line) for line in lines(text)]
    except ValueError as error:
        return error
