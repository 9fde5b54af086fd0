"""Offering another time to somebody who waits for an environment, and their answer."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.environments.arbitration import DECLINE, OFFER, OFFER_FORM, TAKE, offer_form
from models.environments import offers


@action(OFFER)
async def ask_which_time(desk: Desk, incoming: Incoming) -> Answer:
    """Ask which time to offer; the next that is free is proposed."""
    request, free = await offers.next_free_time(desk.work, incoming.actor, int(incoming.value["b"]))
    return Open(offer_form(request, free.start, free.end, free.held_until))


@view(OFFER_FORM)
async def offer_time(desk: Desk, incoming: Incoming) -> Answer:
    number, fields = int(incoming.metadata["b"]), incoming.fields
    start, end, held = fields.moment("start"), fields.moment("end"), fields.moment("held")
    await offers.offer_time(desk.work, incoming.actor, number, start, end, held)
    return Nothing()


@action(TAKE)
async def take(desk: Desk, incoming: Incoming) -> Answer:
    number, count = int(incoming.value["b"]), int(incoming.value["n"])
    await offers.take_offer(desk.work, incoming.actor, number, count)
    return Nothing()


@action(DECLINE)
async def decline(desk: Desk, incoming: Incoming) -> Answer:
    number, count = int(incoming.value["b"]), int(incoming.value["n"])
    await offers.decline_offer(desk.work, incoming.actor, number, count)
    return Nothing()
