"""Who gets an environment: its manager grants or refuses a request."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.environments.arbitration import GRANT, GRANT_FORM, REFUSE, REFUSE_FORM, grant_form, refuse_form
from models.environments import arbitration
from models.people.time_zones import person_zone


@action(GRANT)
async def grant(desk: Desk, incoming: Incoming) -> Answer:
    """Grant it where a place is free; otherwise ask who gives way."""
    choice = await arbitration.grant_if_free(desk.work, incoming.actor, int(incoming.value["b"]))
    if choice is None:
        return Nothing()
    async with desk.work.reading() as snapshot:
        zone = await person_zone(snapshot.session, incoming.person, (await snapshot.catalog()).zone())
    return Open(grant_form(choice, zone))


@view(GRANT_FORM)
async def grant_over_others(desk: Desk, incoming: Incoming) -> Answer:
    number, giving_way = int(incoming.metadata["b"]), [int(one) for one in incoming.fields.several("giving_way")]
    await arbitration.grant_request(desk.work, incoming.actor, number, giving_way)
    return Nothing()


@action(REFUSE)
async def ask_why_refused(desk: Desk, incoming: Incoming) -> Answer:
    return Open(
        refuse_form(await arbitration.request_to_decide(desk.work, incoming.actor, int(incoming.value["b"])))
    )


@view(REFUSE_FORM)
async def refuse(desk: Desk, incoming: Incoming) -> Answer:
    number, reason = int(incoming.metadata["b"]), incoming.fields.text("reason")
    await arbitration.refuse_request(desk.work, incoming.actor, number, reason)
    return Nothing()
