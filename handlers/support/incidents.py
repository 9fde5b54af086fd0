"""Incidents: look at one, link it to known errors, take a link away."""

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, view
from messages.support.incidents import (
    INCIDENT_LINK_FORM,
    LINK_KNOWN_ERROR,
    UNLINK,
    incident_link_form,
    incident_shown,
    linked,
    unlinked,
)
from messages.support.known_error_forms import LINK_FORM, link_form
from messages.support.known_errors import LINK
from models.support import queries
from models.support.links import link_incident, unlink_incident
from models.support.numbers import read_incident, read_known_errors, read_link


@command("/incident", "link", "INC0000045 KE-1", help="say which known errors explain an incident")
async def link(desk: Desk, incoming: Incoming) -> Answer:
    named = read_link(incoming.text)
    return Tell(linked(await link_incident(desk.work, incoming.actor, named.incident, named.known_errors)))


@command("/incident", "unlink", "INC0000045 KE-1", help="take such a link away")
async def unlink(desk: Desk, incoming: Incoming) -> Answer:
    named = read_link(incoming.text)
    return Tell(unlinked(await unlink_incident(desk.work, incoming.actor, named.incident, named.known_errors)))


@command("/incident", "show", "INC0000045", help="show an incident and what to do about it")
async def show(desk: Desk, incoming: Incoming) -> Answer:
    number = read_incident(incoming.text)
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        return Tell(incident_shown(await queries.incident_record(snapshot.session, catalog, number)))


@action(LINK_KNOWN_ERROR)
async def ask_for_known_error(_desk: Desk, incoming: Incoming) -> Answer:
    return Open(incident_link_form(str(incoming.value["i"])))


@view(INCIDENT_LINK_FORM)
async def link_known_errors(desk: Desk, incoming: Incoming) -> Answer:
    """Link the known errors that were entered to the incident that the form was opened for."""
    number, known_errors = str(incoming.metadata["i"]), read_known_errors(incoming.fields.text("known_error"))
    return Tell(linked(await link_incident(desk.work, incoming.actor, number, known_errors)))


@action(LINK)
async def ask_for_incident(_desk: Desk, incoming: Incoming) -> Answer:
    return Open(link_form(int(incoming.value["k"])))


@view(LINK_FORM)
async def link_incident_entered(desk: Desk, incoming: Incoming) -> Answer:
    """Link the incident that was entered to the known error that the form was opened for."""
    number, known_error = read_incident(incoming.fields.text("incident")), int(incoming.metadata["k"])
    return Tell(linked(await link_incident(desk.work, incoming.actor, number, [known_error])))


@action(UNLINK)
async def unlink_by_button(desk: Desk, incoming: Incoming) -> Answer:
    number, known_error = str(incoming.value["i"]), int(incoming.value["k"])
    return Tell(unlinked(await unlink_incident(desk.work, incoming.actor, number, [known_error])))
