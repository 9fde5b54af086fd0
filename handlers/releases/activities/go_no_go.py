"""Go or no go for a tested release."""

from handlers.dispatch.answers import Answer, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.releases.action_ids import GO, NO_GO
from messages.releases.clearance import refusals
from messages.releases.reasons import NO_GO_REASON, reason_form
from models.lifecycle.lifecycle import Verb
from models.releases.activities import go_no_go
from models.releases.activities.step import check_may_step
from models.releases.clearance.ask import NotCleared


@action(GO)
async def go(desk: Desk, incoming: Incoming) -> Answer:
    try:
        await go_no_go.say_go(desk.work, incoming.actor, int(incoming.value["r"]))
    except NotCleared as refused:
        return Tell(refusals.render(refused.answer))
    return Nothing()


@action(NO_GO)
async def ask_why_not(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.value["r"])
    step = await check_may_step(desk.work, incoming.actor, Verb.NO_GO, release_id)
    return Open(reason_form(NO_GO_REASON, step.release.identifier, release_id, 0))


@view(NO_GO_REASON)
async def no_go(desk: Desk, incoming: Incoming) -> Answer:
    reason = incoming.fields.text("reason")
    await go_no_go.say_no_go(desk.work, incoming.actor, int(incoming.metadata["r"]), reason)
    return Nothing()
