"""Looking at a service and, for those who may, editing it part by part."""

from handlers.dispatch.answers import Answer, Change, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, view
from messages.services.forms import REMOVE_TYPE, SAVE, editing_of, part_form
from messages.services.parts import CHOOSE_TYPE, PART, parts_view
from messages.services.show import EDIT, service_shown
from models.services import edit as editing
from models.services.edit import Editable
from models.services.edit_conflicts import EditConflict


@command("/release", "service", "KEY", help="show a service, and edit it if you may")
async def show(desk: Desk, incoming: Incoming) -> Answer:
    """Show a service; in its channel the key may be left out."""
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        here = catalog.in_channel(incoming.channel)
        key = incoming.text.strip() or (here.key if here else "")
        return Tell(service_shown(await editing.editable_service(snapshot, incoming.person, key)))


@action(EDIT)
async def open_parts(desk: Desk, incoming: Incoming) -> Answer:
    return Open(parts_view(await _service(desk, incoming, str(incoming.value["s"]))))


@action(PART, CHOOSE_TYPE)
async def open_part(desk: Desk, incoming: Incoming) -> Answer:
    part = str(incoming.value["p"])
    found = await _service(desk, incoming, str(incoming.value["s"]), part)
    return Change(part_form(found, part, str(incoming.value.get("i") or "")))


@view(SAVE)
async def save(desk: Desk, incoming: Incoming) -> Answer:
    """Take what was entered, and show the parts again.

    Where somebody else changed the same part meanwhile the form stays, with what was entered and what they did.
    """
    about = editing_of(incoming.metadata)
    try:
        changes = await editing.edit_service(desk.work, incoming.actor, about, incoming.fields)
    except EditConflict as overtaken:
        found = await _service(desk, incoming, about.key)
        return Change(part_form(found, about.part, about.item, incoming.fields, overtaken))
    return Change(parts_view(await _saved(desk, incoming, about.key), changes))


@action(REMOVE_TYPE)
async def remove_type(desk: Desk, incoming: Incoming) -> Answer:
    about = editing_of(incoming.value)
    changes = await editing.remove_type(desk.work, incoming.actor, about)
    return Change(parts_view(await _saved(desk, incoming, about.key), changes))


async def _service(desk: Desk, incoming: Incoming, key: str, part: str = "") -> Editable:
    return await editing.check_may_edit_service(desk.work, incoming.actor, key, part)


async def _saved(desk: Desk, incoming: Incoming, key: str) -> Editable:
    """The service after an edit, with which its owner may have handed it to somebody else."""
    async with desk.work.reading() as snapshot:
        return await editing.editable_service(snapshot, incoming.person, key)
