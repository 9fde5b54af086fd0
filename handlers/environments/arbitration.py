"""Who gets an environment: its manager grants or refuses a request."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from handlers.environments.bookings import read_booking
from messages.environments.arbitration import GRANT, GRANT_FORM, REFUSE, REFUSE_FORM, grant_form, refuse_form
from models.environments import arbitration, queries
from models.people.time_zones import person_zone


@action(GRANT)
async def grant(desk: Desk, incoming: Incoming) -> Answer:
    """Grant it where a place is free; otherwise ask who gives way."""
    number = int(incoming.value["b"])
    choice = await arbitration.arbitration_options(desk.work, incoming.actor, number)
    if not choice.must_go:
        await arbitration.grant_request(desk.work, incoming.actor, number)
        return Nothing()
    async with desk.work.reading() as snapshot:
        catalog = await snapshot.catalog()
        in_the_way = await queries.bookings_by_id(snapshot.session, catalog, choice.in_the_way, snapshot.now)
        zone = await person_zone(snapshot.session, incoming.person, catalog.zone())
        one = await queries.booking_record(snapshot.session, catalog, number, snapshot.now)
    return Open(grant_form(one, in_the_way, choice.must_go, zone))


@view(GRANT_FORM)
async def grant_over_others(desk: Desk, incoming: Incoming) -> Answer:
    number, giving_way = int(incoming.metadata["b"]), [int(one) for one in incoming.fields.several("giving_way")]
    await arbitration.grant_request(desk.work, incoming.actor, number, giving_way)
    return Nothing()


@action(REFUSE)
async def ask_why_refused(desk: Desk, incoming: Incoming) -> Answer:
    number = int(incoming.value["b"])
    await arbitration.check_may_arbitrate(desk.work, incoming.actor, number)
    return Open(refuse_form(await read_booking(desk, number)))


@view(REFUSE_FORM)
async def refuse(desk: Desk, incoming: Incoming) -> Answer:
    number, reason = int(incoming.metadata["b"]), incoming.fields.text("reason")
    await arbitration.refuse_request(desk.work, incoming.actor, number, reason)
    return Nothing()
