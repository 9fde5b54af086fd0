"""Looking at a service and, for those who may, editing it."""

from collections.abc import Awaitable, Callable
from typing import Any

from handlers.answers import Answer, Open, Tell
from handlers.desk import Desk
from handlers.incoming import Incoming
from handlers.registry import Handler, Registry
from messages.services import (
    EDIT_CRITERIA,
    EDIT_PEOPLE,
    EDIT_TIMES,
    criteria_form,
    people_form,
    service_edited,
    service_shown,
    times_form,
)
from models.catalog import editing
from models.catalog.document import Service
from models.catalog.editing import People, Times

ROLE = "role:"


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb("/release", "service", "KEY", help="show a service, and edit it if you may")(show)
    registry.action(EDIT_PEOPLE)(_opening(people_form))
    registry.view(EDIT_PEOPLE)(submit_people)
    registry.action(EDIT_TIMES)(_opening(times_form))
    registry.view(EDIT_TIMES)(submit_times)
    registry.action(EDIT_CRITERIA)(_opening(criteria_form))
    registry.view(EDIT_CRITERIA)(submit_criteria)


async def show(desk: Desk, incoming: Incoming) -> Answer:
    """One service, for the person who asked; in its channel the key may be left out."""
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        here = catalog.in_channel(incoming.channel)
        key = incoming.text.strip() or (here.key if here else "")
        return Tell(service_shown(await editing.editable(session, desk.catalogs, incoming.person, key)))


def _opening(form: Callable[[Service, int], dict[str, Any]]) -> Handler:
    async def handler(desk: Desk, incoming: Incoming) -> Answer:
        key, revision = str(incoming.value["s"]), int(incoming.value["n"])
        service = await editing.check_may_edit(desk.work, desk.catalogs, incoming.actor, key, revision)
        return Open(form(service, revision))

    return handler


async def submit_people(desk: Desk, incoming: Incoming) -> Answer:
    """Put the chosen people into the roles."""
    fields = incoming.fields
    roles = {name.removeprefix(ROLE): chosen or () for name, chosen in fields.items() if name.startswith(ROLE)}
    owner = fields.get("owner")
    people = People(str(owner) if owner else None, roles)
    return await _saved(desk, incoming, editing.edit_people, people)


async def submit_times(desk: Desk, incoming: Incoming) -> Answer:
    """Set methods, windows and freezes."""
    typed = {name: str(incoming.fields.get(name) or "") for name in ("methods", "windows", "freezes")}
    return await _saved(desk, incoming, editing.edit_times, Times(**typed))


async def submit_criteria(desk: Desk, incoming: Incoming) -> Answer:
    """Set the criteria of each gate."""
    typed = {gate: str(incoming.fields.get(gate) or "") for gate in editing.CRITERIA}
    return await _saved(desk, incoming, editing.edit_criteria, typed)


async def _saved(desk: Desk, incoming: Incoming, edit: Callable[..., Awaitable[list[str]]], entered: Any) -> Answer:
    key, revision = str(incoming.metadata["s"]), int(incoming.metadata["n"])
    changes = await edit(desk.work, desk.catalogs, incoming.actor, key, revision, entered)
    return Tell(service_edited(key, changes))
