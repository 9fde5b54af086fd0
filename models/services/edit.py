"""Editing one service from Slack, part by part.

Each edit makes a new revision of the whole catalog, checked by the same rules as a file. Who may edit which part is
in docs/process.md#who-may-edit-a-service.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.checking.checks import check_catalog
from models.catalog.checking.field_checks import nearest, read_fields
from models.catalog.document import OWNER, Catalog, Service
from models.catalog.mistakes import Path, Problem
from models.catalog.revisions import lock_revisions
from models.catalog.roles import RELEASE_MANAGER
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.freezes.in_force import ALL, typed_between
from models.freezes.records import FreezeShown, freezes_shown
from models.people.directory import expand, names, roles_of
from models.people.holder_names import MOST_NAMED, holder_names
from models.services.apply import replace_catalog
from models.services.edit_conflicts import EditConflict, concurrent_edits
from models.services.sections import APPROVAL, CRITERIA, PEOPLE, RISK, SECTIONS, SOURCES, TIMES, TRIAL, TYPE
from models.services.submitted_form import SubmittedForm
from models.text import either
from models.unit_of_work import Snapshot, UnitOfWork

OWNERS_PARTS: Mapping[str, str] = {
    PEOPLE: "people",
    TYPE: "types of release",
    APPROVAL: "rules for waiting requests",
    TIMES: "windows and freezes",
    CRITERIA: "criteria",
    SOURCES: "controlled sources",
    TRIAL: "rules on trial",
    RISK: "rules of risk",
}
"""The parts, in words, that the service's owner and the process owner edit: they say what an approval means."""

MANAGERS_PARTS = frozenset(SECTIONS) - OWNERS_PARTS.keys()
"""The parts that release managers edit, too."""

_SERVICE = re.compile(r"services\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Editable:
    """A service in a ``revision`` of the catalog, and the ``parts`` of it that somebody may edit.

    ``called`` has the names of its people, ``frozen`` the freezes that people typed and that hold now.
    """

    service: Service
    revision: int
    parts: frozenset[str]
    called: Mapping[str, str]
    frozen: tuple[FreezeShown, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceEdit:
    """A form about one ``part`` of the service ``key``, opened at ``revision``.

    ``item`` is the type of release that the part is about; empty for a new one.
    """

    key: str
    revision: int
    part: str
    item: str = ""


def find_service(catalog: Catalog, text: str) -> Service:
    """By key, in any case. Raises NotFound with the nearest ones."""
    wanted = text.strip().strip(".,;:!?\"'`").casefold()
    for service in catalog.services:
        if service.key.casefold() == wanted:
            return service
    known = [service.key for service in catalog.services]
    if not wanted:
        example = f", for example /release service {known[0]}" if known else ""
        raise NotFound(f"Say which service{example}.", known[:5])
    raise NotFound(f"No service has the key {text.strip()[:40]!r}.{nearest(wanted.upper(), known)}", known[:5])


async def editable_service(snapshot: Snapshot, person: str, key: str) -> Editable:
    """Raises NotFound."""
    catalog = await snapshot.catalog()
    service = find_service(catalog, key)
    parts = await _editable_parts(snapshot.session, catalog, service, person)
    typed = await typed_between(snapshot.session, snapshot.now, snapshot.now)
    here = [row for row in typed if row.service in (ALL, service.key)]
    frozen = await freezes_shown(snapshot.session, catalog, here)
    return Editable(service, catalog.revision, parts, await names(snapshot.session, service.subjects), frozen)


async def check_may_edit_service(work: UnitOfWork, actor: Actor, key: str, part: str = "") -> Editable:
    """The service as it is now, for the form of ``part`` or for choosing one.

    Raises Refused with who may, and NotFound.
    """
    async with work.reading() as snapshot:
        await _check_may(snapshot.session, await snapshot.catalog(), actor.person, key, part)
        return await editable_service(snapshot, actor.person, key)


async def edit_service(
    work: UnitOfWork, actor: Actor, editing: ServiceEdit, entered: Mapping[str, Any]
) -> list[str]:
    """Store the fields of a form; returns the differences, a line each. Other parts may have changed meanwhile.

    Raises Invalid with every wrong field, :class:`~models.services.edit_conflicts.EditConflict` when the same part
    has changed meanwhile, and Refused.
    """
    return await _edit(work, actor, editing, lambda before: edited_catalog(before, editing, entered))


async def remove_type(work: UnitOfWork, actor: Actor, editing: ServiceEdit) -> list[str]:
    """Remove the type ``editing.item``; returns the differences. Raises like :func:`edit_service`."""
    return await _edit(work, actor, editing, lambda before: _without_type(before, editing))


def edited_catalog(catalog: Catalog, editing: ServiceEdit, entered: Mapping[str, Any]) -> Catalog:
    """``catalog`` with the fields of a form in one of its services. Raises Invalid with every wrong field."""
    service, form = find_service(catalog, editing.key), SubmittedForm(entered)
    data = catalog.as_written()
    position = catalog.services.index(service)
    SECTIONS[editing.part].change(data["services"][position], service, form, editing.item)
    return _checked(data, position, form)


def _without_type(catalog: Catalog, editing: ServiceEdit) -> Catalog:
    service = find_service(catalog, editing.key)
    if editing.item not in service.policy.types:
        raise NotFound(f"{service.key} has no type {editing.item[:40]!r} any more.")
    if len(service.policy.types) == 1:
        raise Refused(f"{editing.item} is the only type of release of {service.key}. Add another one first.")
    data = catalog.as_written()
    position = catalog.services.index(service)
    del data["services"][position]["policy"]["types"][editing.item]
    return _checked(data, position, SubmittedForm({}))


async def _edit(
    work: UnitOfWork, actor: Actor, editing: ServiceEdit, change: Callable[[Catalog], Catalog]
) -> list[str]:
    async with work(actor) as tx:
        await lock_revisions(tx.session)
        before = await tx.catalog()
        await _check_may(tx.session, before, actor.person, editing.key, editing.part)
        await _check_not_overtaken(tx.session, before, editing)
        return await replace_catalog(tx, before, change(before))


async def _check_may(session: AsyncSession, catalog: Catalog, person: str, key: str, part: str) -> None:
    service = find_service(catalog, key)
    parts = await _editable_parts(session, catalog, service, person)
    if part in parts or (parts and not part):
        return
    called = f"{service.name} ({service.key})"
    if part in OWNERS_PARTS:
        people = await _owner_names(session, catalog, service)
        raise Refused(f"The {OWNERS_PARTS[part]} of {called} are for its owner and the process owner: {people}.")
    others = await holder_names(session, service, (OWNER, RELEASE_MANAGER))
    raise Refused(f"{called} is edited by its owner and release managers: {others}.")


async def _check_not_overtaken(session: AsyncSession, catalog: Catalog, editing: ServiceEdit) -> None:
    if catalog.revision == editing.revision or (editing.part == TYPE and not editing.item):
        return
    places = SECTIONS[editing.part].places(editing.item)
    by = await concurrent_edits(session, editing.key, editing.revision, places)
    if by:
        raise EditConflict(editing.key, catalog.revision, by)


async def _editable_parts(session: AsyncSession, catalog: Catalog, service: Service, person: str) -> frozenset[str]:
    roles = await roles_of(session, service, person)
    if OWNER in roles or person in await expand(session, _process_owner(catalog), catalog.barred):
        return frozenset(SECTIONS)
    return MANAGERS_PARTS if RELEASE_MANAGER in roles else frozenset()


def _process_owner(catalog: Catalog) -> tuple[str, ...]:
    return (catalog.process_owner,) if catalog.process_owner else ()


async def _owner_names(session: AsyncSession, catalog: Catalog, service: Service) -> str:
    people = await expand(session, (service.owner, *_process_owner(catalog)), catalog.barred)
    called = await names(session, people)
    return either(sorted(called.get(one, one) for one in people), MOST_NAMED)


def _checked(data: dict[str, Any], position: int, form: SubmittedForm) -> Catalog:
    """Raises Invalid with every wrong field."""
    after, shape = read_fields(data)
    for path, sentence in (*shape, *_relations(data, position)):
        _note(form, data["services"], position, path, sentence)
    if form.problems or after is None:
        raise Invalid(form.problems)
    return after


def _relations(data: dict[str, Any], position: int) -> list[Problem]:
    """The edited service is checked last, so that what it has in common with another one is its mistake."""
    services: Sequence[Any] = data["services"]
    order = [*(index for index in range(len(services)) if index != position), position]
    reordered = [services[index] for index in order]
    problems = check_catalog({**data, "services": reordered})
    return [(_restored(path, order), _named(sentence, reordered)) for path, sentence in problems]


def _restored(path: Path, order: Sequence[int]) -> Path:
    if len(path) > 1 and path[0] == "services" and isinstance(path[1], int):
        return ("services", order[path[1]], *path[2:])
    return path


def _named(sentence: str, services: Sequence[Any]) -> str:
    """Services by key instead of position: people in Slack don't count them."""
    return _SERVICE.sub(lambda match: str(services[int(match[1])].get("key")), sentence)


def _note(form: SubmittedForm, services: Sequence[Any], position: int, path: Path, sentence: str) -> None:
    if path[:2] == ("services", position):
        form.misplaced(path[2:], sentence)
    elif len(path) > 2 and path[0] == "services" and isinstance(path[1], int):
        form.misplaced(path[2:3], f"In {services[path[1]].get('key')}: {sentence}")
    else:
        form.misplaced((), sentence)
