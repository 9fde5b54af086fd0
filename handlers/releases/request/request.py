"""Requesting a release."""

from handlers.dispatch.answers import Answer, Choices, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.fields import new_nonce
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import command, options, shortcut, view
from handlers.releases.request.form import request_entered
from messages.kit.inputs import keyed_options
from messages.releases.request.form import REQUEST, SERVICE_SEARCH, request_form
from models.limits import TITLE_LIMIT
from models.releases.request.request import request_release


@command("/release", "request", "[title]", help="request a release")
@shortcut(REQUEST)
async def open_request(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Request a release*; in a service's channel that service is chosen already."""
    catalog = await desk.catalog()
    service = catalog.in_channel(incoming.channel)
    entered = {"title": incoming.text[:TITLE_LIMIT], "service": service.key if service else None}
    return Open(request_form(catalog, entered, new_nonce()))


@options(SERVICE_SEARCH)
async def find_service(desk: Desk, incoming: Incoming) -> Answer:
    return Choices(keyed_options((await desk.catalog()).services, incoming.text))


@view(REQUEST)
async def submit_request(desk: Desk, incoming: Incoming) -> Answer:
    """Make the release; its card is the answer."""
    form = request_entered(incoming.fields, incoming.fields.text("service"))
    await request_release(desk.work, incoming.actor, form, incoming.nonce)
    return Nothing()
