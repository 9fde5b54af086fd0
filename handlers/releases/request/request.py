"""Requesting and editing a release: the modal, its live choices, and its submission."""

from typing import Any

from handlers.dispatch.answers import Answer, Choices, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, moment, new_nonce, written
from handlers.dispatch.registry import Registry
from messages.releases.action_ids import EDIT
from messages.releases.request.form import EDIT_FORM, REQUEST, SERVICE_SEARCH, Editing, edit_form, request_form
from messages.services.menu import service_options
from models.catalog.document import Catalog
from models.releases.request.edit import FIELDS, RESUBMITTED, check_may_edit_request, edit_release
from models.releases.request.form import RequestForm
from models.releases.request.request import request_release


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb("/release", "request", "[title]", help="request a release")(open_request)
    registry.shortcut(REQUEST)(open_request)
    registry.option(SERVICE_SEARCH)(find_service)
    registry.view(REQUEST)(submit_request)
    registry.action(EDIT)(open_edit)
    registry.view(EDIT_FORM)(submit_edit)


async def open_request(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Request a release*; in a service's channel that service is chosen already."""
    catalog = await _catalog(desk)
    service = catalog.in_channel(incoming.channel)
    entered = {"title": incoming.text[:150], "service": service.key if service else None}
    return Open(request_form(catalog, entered, new_nonce()))


async def find_service(desk: Desk, incoming: Incoming) -> Answer:
    """The services that match what is typed."""
    catalog = await _catalog(desk)
    return Choices(service_options(catalog.services, incoming.text))


async def submit_request(desk: Desk, incoming: Incoming) -> Answer:
    """Make the release; its card is the answer."""
    form = form_of(incoming.fields, written(incoming.fields, "service"))
    await request_release(desk.work, desk.catalogs, incoming.actor, form, str(incoming.metadata["f"]))
    return Nothing()


async def open_edit(desk: Desk, incoming: Incoming) -> Answer:
    """Open the form with what was requested, for somebody who may edit it."""
    return await edit_modal(desk, incoming, int(incoming.value["r"]))


async def edit_modal(desk: Desk, incoming: Incoming, release_id: int) -> Answer:
    """The form of a release that exists."""
    release = await check_may_edit_request(desk.work, desk.catalogs, incoming.actor, release_id)
    entered: dict[str, Any] = {name: getattr(release, name) for name in FIELDS}
    entered |= {"changes": ", ".join(release.changes), "service": release.service}
    resubmit = release.state in RESUBMITTED
    editing = Editing(release_id, release.round, release.identifier, resubmit)
    return Open(edit_form(await _catalog(desk), entered, editing))


async def submit_edit(desk: Desk, incoming: Incoming) -> Answer:
    """Save the edit; the card shows it."""
    about = incoming.metadata
    form = form_of(incoming.fields, str(about["s"]))
    await edit_release(desk.work, desk.catalogs, incoming.actor, int(about["r"]), int(about["n"]), form)
    return Nothing()


async def _catalog(desk: Desk) -> Catalog:
    async with desk.work.database.reading() as session:
        return await desk.catalogs.current(session)


def form_of(fields: dict[str, Any], service: str) -> RequestForm:
    """What is entered in the form for ``service``."""
    return RequestForm(
        service=service,
        type=written(fields, "type"),
        title=written(fields, "title"),
        description=written(fields, "description"),
        changes=written(fields, "changes"),
        window_start=moment(fields, "window_start"),
        window_end=moment(fields, "window_end"),
        method=written(fields, "method"),
        back_out_plan=written(fields, "back_out_plan"),
        items=written(fields, "items"),
    )
