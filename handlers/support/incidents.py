"""Incidents: link them to known errors, take links away, look at them."""

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, written
from handlers.dispatch.registry import Registry
from messages.support.incidents import (
    INCIDENT_LINK_FORM,
    LINK_KNOWN_ERROR,
    UNLINK,
    incident_link_form,
    incident_shown,
    linked,
    unlinked,
)
from models.support import queries
from models.support.links import link_incident, unlink_incident
from models.support.numbers import read_incident, read_known_errors, read_link

COMMAND = "/incident"


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb(COMMAND, "link", "INC0000045 KE-1", help="say which known errors explain an incident")(link)
    registry.verb(COMMAND, "unlink", "INC0000045 KE-1", help="take such a link away")(unlink)
    registry.verb(COMMAND, "show", "INC0000045", help="show an incident and what to do about it")(show)
    registry.action(LINK_KNOWN_ERROR)(ask_for_known_error)
    registry.view(INCIDENT_LINK_FORM)(submit_link)
    registry.action(UNLINK)(unlink_by_button)


async def link(desk: Desk, incoming: Incoming) -> Answer:
    """Link what the words name."""
    named = read_link(incoming.text)
    return Tell(linked(await link_incident(desk.work, incoming.actor, named.incident, named.known_errors)))


async def unlink(desk: Desk, incoming: Incoming) -> Answer:
    """Unlink what the words name."""
    named = read_link(incoming.text)
    return Tell(unlinked(await unlink_incident(desk.work, incoming.actor, named.incident, named.known_errors)))


async def show(desk: Desk, incoming: Incoming) -> Answer:
    """One incident, for the person who asked."""
    number = read_incident(incoming.text)
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        return Tell(incident_shown(await queries.incident_record(session, catalog, number)))


async def ask_for_known_error(_desk: Desk, incoming: Incoming) -> Answer:
    """Ask which known error to link."""
    return Open(incident_link_form(str(incoming.value["i"])))


async def submit_link(desk: Desk, incoming: Incoming) -> Answer:
    """Link the known errors that were entered."""
    numbers = read_known_errors(written(incoming.fields, "known_error"))
    number = str(incoming.metadata["i"])
    return Tell(linked(await link_incident(desk.work, incoming.actor, number, numbers)))


async def unlink_by_button(desk: Desk, incoming: Incoming) -> Answer:
    """Unlink the known error beside the button."""
    about = incoming.value
    return Tell(unlinked(await unlink_incident(desk.work, incoming.actor, str(about["i"]), [int(about["k"])])))
