"""Editing one service from Slack, part by part.

An edit makes a new revision of the whole catalog, checked by the same rules as a file, so that ``catalog export``
shows it. Who may: the service's owner and release managers, and the process owner.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.checks import check_catalog
from models.catalog.document import OWNER, Catalog, Service
from models.catalog.mistakes import Path, Problem
from models.catalog.revisions import lock_revisions
from models.catalog.shape import nearest, read_shape
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.people.directory import expand, names, roles_of
from models.people.who_could import who_could
from models.services.apply import replace
from models.services.form_text import FormText
from models.services.overtaken import Overtaken, overtakings
from models.services.sections import SECTIONS, TYPE
from models.unit_of_work import Snapshot, UnitOfWork

SERVICE_EDITORS = (OWNER, "release_manager")
"""The roles in a service that may edit it."""

_SERVICE = re.compile(r"services\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Editable:
    """A service as somebody looks at it, with the names of its people.

    ``revision`` names the catalog it was read from.
    """

    service: Service
    revision: int
    may_edit: bool
    called: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ServiceEdit:
    """Which form this is: of the service ``key`` in a revision, about a part of it.

    ``item`` names the type of release where the part is about one; empty stands for a new one.
    """

    key: str
    revision: int
    part: str
    item: str = ""


def find_service(catalog: Catalog, text: str) -> Service:
    """The service named by its key, whatever its case. Raises NotFound with the nearest ones."""
    wanted = text.strip().strip(".,;:!?\"'`").casefold()
    for service in catalog.services:
        if service.key.casefold() == wanted:
            return service
    known = [service.key for service in catalog.services]
    if not wanted:
        example = f", for example /release service {known[0]}" if known else ""
        raise NotFound(f"Say which service{example}.", known[:5])
    raise NotFound(f"No service has the key {text.strip()[:40]!r}.{nearest(wanted.upper(), known)}", known[:5])


async def editable(snapshot: Snapshot, person: str, key: str) -> Editable:
    """The service ``key``, and whether ``person`` may edit it. Raises NotFound."""
    catalog = await snapshot.catalog()
    service = find_service(catalog, key)
    people = {service.owner, *(one for held in service.roles.values() for one in held)}
    may = await _may(snapshot.session, catalog, service, person)
    return Editable(service, catalog.revision, may, await names(snapshot.session, people))


async def check_may_edit_service(work: UnitOfWork, actor: Actor, key: str) -> Editable:
    """The service as it is now, for a form. Raises Refused with who may, and NotFound."""
    async with work.reading() as snapshot:
        await _check_may(snapshot.session, await snapshot.catalog(), actor.person, key)
        return await editable(snapshot, actor.person, key)


async def edit(work: UnitOfWork, actor: Actor, editing: ServiceEdit, entered: Mapping[str, Any]) -> list[str]:
    """Take what is ``entered`` in a form into the service; gives what changed, a line each.

    What others changed elsewhere meanwhile stays. Raises Invalid with a sentence for each field that is wrong, all
    of them at once; :class:`~models.services.overtaken.Overtaken` when somebody else changed the same part; and
    Refused.
    """
    return await _edit(work, actor, editing, lambda before: edited(before, editing, entered))


async def remove_type(work: UnitOfWork, actor: Actor, editing: ServiceEdit) -> list[str]:
    """Take the type ``editing.item`` out of the service; gives what changed. Raises like :func:`edit`."""

    return await _edit(work, actor, editing, lambda before: _without_type(before, editing))


def edited(catalog: Catalog, editing: ServiceEdit, entered: Mapping[str, Any]) -> Catalog:
    """``catalog`` with what is ``entered`` in one of its services. Raises Invalid like :func:`edit`."""
    service, form = find_service(catalog, editing.key), FormText(entered)
    data = catalog.model_dump(mode="json", by_alias=True, exclude_none=True)
    position = catalog.services.index(service)
    SECTIONS[editing.part].change(data["services"][position], service, form, editing.item)
    return _checked(data, position, form)


def _without_type(catalog: Catalog, editing: ServiceEdit) -> Catalog:
    service = find_service(catalog, editing.key)
    if editing.item not in service.policy.types:
        raise NotFound(f"{service.key} has no type {editing.item[:40]!r} any more.")
    if len(service.policy.types) == 1:
        raise Refused(f"{editing.item} is the only type of release of {service.key}. Add another one first.")
    data = catalog.model_dump(mode="json", by_alias=True, exclude_none=True)
    position = catalog.services.index(service)
    del data["services"][position]["policy"]["types"][editing.item]
    return _checked(data, position, FormText({}))


async def _edit(
    work: UnitOfWork, actor: Actor, editing: ServiceEdit, change: Callable[[Catalog], Catalog]
) -> list[str]:
    async with work(actor) as tx:
        await lock_revisions(tx.session)
        before = await tx.catalog()
        await _check_may(tx.session, before, actor.person, editing.key)
        await _check_not_overtaken(tx.session, before, editing)
        return await replace(tx, before, change(before))


async def _check_may(session: AsyncSession, catalog: Catalog, person: str, key: str) -> None:
    service = find_service(catalog, key)
    if not await _may(session, catalog, service, person):
        others = await who_could(session, service, SERVICE_EDITORS)
        raise Refused(f"{service.name} ({service.key}) is edited by its owner and release managers: {others}.")


async def _check_not_overtaken(session: AsyncSession, catalog: Catalog, editing: ServiceEdit) -> None:
    if catalog.revision == editing.revision or (editing.part == TYPE and not editing.item):
        return
    places = SECTIONS[editing.part].places(editing.item)
    by = await overtakings(session, editing.key, editing.revision, places)
    if by:
        raise Overtaken(editing.key, catalog.revision, by)


async def _may(session: AsyncSession, catalog: Catalog, service: Service, person: str) -> bool:
    if not (await roles_of(session, service, person)).isdisjoint(SERVICE_EDITORS):
        return True
    return catalog.process_owner is not None and person in await expand(session, (catalog.process_owner,))


def _checked(data: dict[str, Any], position: int, form: FormText) -> Catalog:
    """The catalog that ``data`` describes. Raises Invalid with everything that is wrong, by field."""
    after, shape = read_shape(data)
    for path, sentence in (*shape, *_relations(data, position)):
        _note(form, data["services"], position, path, sentence)
    if form.problems or after is None:
        raise Invalid(form.problems)
    return after


def _relations(data: dict[str, Any], position: int) -> list[Problem]:
    """What the checks say, as if the edited service stood last: then what two say alike is its own mistake."""
    services: Sequence[Any] = data["services"]
    order = [*(index for index in range(len(services)) if index != position), position]
    found = check_catalog({**data, "services": [services[index] for index in order]})
    return [
        (_restored(path, order), _named(sentence, [services[index] for index in order])) for path, sentence in found
    ]


def _restored(path: Path, order: Sequence[int]) -> Path:
    if len(path) > 1 and path[0] == "services" and isinstance(path[1], int):
        return ("services", order[path[1]], *path[2:])
    return path


def _named(sentence: str, services: Sequence[Any]) -> str:
    """``sentence`` with services by their key: people in Slack do not count them."""
    return _SERVICE.sub(lambda found: str(services[int(found[1])].get("key")), sentence)


def _note(form: FormText, services: Sequence[Any], position: int, path: Path, sentence: str) -> None:
    if path[:2] == ("services", position):
        form.misplaced(path[2:], sentence)
    elif len(path) > 2 and path[0] == "services" and isinstance(path[1], int):
        form.misplaced(path[2:3], f"In {services[path[1]].get('key')}: {sentence}")
    else:
        form.misplaced((), sentence)
