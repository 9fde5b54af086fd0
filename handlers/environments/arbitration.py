"""Who gets an environment: the buttons of its manager, and the answer to an offered time."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, moment, written
from handlers.dispatch.registry import Registry
from handlers.environments.bookings import booking_of
from messages.environments.arbitration import (
    DECLINE,
    GRANT,
    GRANT_FORM,
    OFFER,
    OFFER_FORM,
    REFUSE,
    REFUSE_FORM,
    TAKE,
    grant_form,
    offer_form,
    refuse_form,
)
from models.environments import arbitration as deciding
from models.environments import offers as offering
from models.environments import queries
from models.people.zones import person_zone


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.action(GRANT)(ask_who_gives_way)
    registry.view(GRANT_FORM)(submit_grant)
    registry.action(REFUSE)(ask_for_reason)
    registry.view(REFUSE_FORM)(submit_refusal)
    registry.action(OFFER)(ask_which_time)
    registry.view(OFFER_FORM)(submit_offer)
    registry.action(TAKE)(take)
    registry.action(DECLINE)(decline)


async def ask_who_gives_way(desk: Desk, incoming: Incoming) -> Answer:
    """Grant it where a place is free; otherwise ask who gives way."""
    number = int(incoming.value["b"])
    may = await deciding.options(desk.work, desk.catalogs, incoming.actor, number)
    if not may.must_go:
        await deciding.grant_request(desk.work, desk.catalogs, incoming.actor, number)
        return Nothing()
    async with desk.work.database.reading() as session:
        catalog = await desk.catalogs.current(session)
        way = await queries.chosen(session, catalog, may.in_the_way)
        zone = await person_zone(session, incoming.person, catalog.zone())
        return Open(grant_form(await queries.booking(session, catalog, number), way, may.must_go, zone))


async def submit_grant(desk: Desk, incoming: Incoming) -> Answer:
    """Grant it over the chosen bookings."""
    chosen = [int(one) for one in incoming.fields.get("giving_way") or ()]
    number = int(incoming.metadata["b"])
    await deciding.grant_request(desk.work, desk.catalogs, incoming.actor, number, chosen)
    return Nothing()


async def ask_for_reason(desk: Desk, incoming: Incoming) -> Answer:
    """Ask why, if the person may refuse it."""
    number = int(incoming.value["b"])
    await deciding.check_may_arbitrate(desk.work, desk.catalogs, incoming.actor, number)
    return Open(refuse_form(await booking_of(desk, number)))


async def submit_refusal(desk: Desk, incoming: Incoming) -> Answer:
    """Refuse it, with what the person wrote."""
    number, reason = int(incoming.metadata["b"]), written(incoming.fields, "reason")
    await deciding.refuse_request(desk.work, desk.catalogs, incoming.actor, number, reason)
    return Nothing()


async def ask_which_time(desk: Desk, incoming: Incoming) -> Answer:
    """Ask which time to offer; the next that is free is proposed."""
    number = int(incoming.value["b"])
    free = await offering.next_time(desk.work, desk.catalogs, incoming.actor, number)
    return Open(offer_form(await booking_of(desk, number), free.start, free.end, free.held_until))


async def submit_offer(desk: Desk, incoming: Incoming) -> Answer:
    """Offer the time, which is held; whoever asked is told."""
    number = int(incoming.metadata["b"])
    start, end, held = (moment(incoming.fields, name) for name in ("start", "end", "held"))
    await offering.offer_time(desk.work, desk.catalogs, incoming.actor, number, start, end, held)
    return Nothing()


async def take(desk: Desk, incoming: Incoming) -> Answer:
    """Accept the offered time."""
    number, count = int(incoming.value["b"]), int(incoming.value["n"])
    await offering.take_offer(desk.work, desk.catalogs, incoming.actor, number, count)
    return Nothing()


async def decline(desk: Desk, incoming: Incoming) -> Answer:
    """Do without the offered time."""
    number, count = int(incoming.value["b"]), int(incoming.value["n"])
    await offering.decline_offer(desk.work, desk.catalogs, incoming.actor, number, count)
    return Nothing()
