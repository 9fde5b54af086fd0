"""Incidents: link them to known errors, take links away, look at them."""

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, view
from messages.support.forms import INCIDENT_LINK_FORM, incident_link_form
from messages.support.incidents import LINK_KNOWN_ERROR, UNLINK, incident_shown, linked, unlinked
from models.support import queries
from models.support.links import link_incident, unlink_incident
from models.support.numbers import read_incident, read_known_errors, read_link


@command("/incident", "link", "INC0000045 KE-1", help="say which known errors explain an incident")
async def link(desk: Desk, incoming: Incoming) -> Answer:
    """Link what the words name."""
    named = read_link(incoming.text)
    return Tell(linked(await link_incident(desk.work, incoming.actor, named.incident, named.known_errors)))


@command("/incident", "unlink", "INC0000045 KE-1", help="take such a link away")
async def unlink(desk: Desk, incoming: Incoming) -> Answer:
    """Unlink what the words name."""
    named = read_link(incoming.text)
    return Tell(unlinked(await unlink_incident(desk.work, incoming.actor, named.incident, named.known_errors)))


@command("/incident", "show", "INC0000045", help="show an incident and what to do about it")
async def show(desk: Desk, incoming: Incoming) -> Answer:
    """One incident, for the person who asked."""
    number = read_incident(incoming.text)
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        return Tell(incident_shown(await queries.incident_record(session, catalog, number)))


@action(LINK_KNOWN_ERROR)
async def ask_for_known_error(_desk: Desk, incoming: Incoming) -> Answer:
    """Ask which known error to link."""
    return Open(incident_link_form(str(incoming.value["i"])))


@view(INCIDENT_LINK_FORM)
async def submit_link(desk: Desk, incoming: Incoming) -> Answer:
    """Link the known errors that were entered."""
    numbers = read_known_errors(incoming.fields.text("known_error"))
    number = str(incoming.metadata["i"])
    return Tell(linked(await link_incident(desk.work, incoming.actor, number, numbers)))


@action(UNLINK)
async def unlink_by_button(desk: Desk, incoming: Incoming) -> Answer:
    """Unlink the known error beside the button."""
    about = incoming.value
    return Tell(unlinked(await unlink_incident(desk.work, incoming.actor, str(about["i"]), [int(about["k"])])))
