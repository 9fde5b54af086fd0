"""Deploying a release: start, mark deployed, back out."""

from handlers.dispatch.answers import Answer, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.releases.action_ids import BACK_OUT, MARK_DEPLOYED, START_DEPLOYMENT
from messages.releases.clearance import refusals
from messages.releases.reasons import BACK_OUT_REASON, reason_form
from models.lifecycle.lifecycle import Verb
from models.releases.activities import deploy as deployment
from models.releases.activities.step import check_may_take
from models.releases.clearance.ask import NotCleared


@action(START_DEPLOYMENT)
async def start_deployment(desk: Desk, incoming: Incoming) -> Answer:
    try:
        await deployment.start_deployment(desk.work, incoming.actor, int(incoming.value["r"]))
    except NotCleared as refused:
        return Tell(refusals.render(refused.answer))
    return Nothing()


@action(MARK_DEPLOYED)
async def mark_deployed(desk: Desk, incoming: Incoming) -> Answer:
    await deployment.mark_deployed(desk.work, incoming.actor, int(incoming.value["r"]))
    return Nothing()


@action(BACK_OUT)
async def ask_why_backed_out(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.value["r"])
    identifier = await check_may_take(desk.work, incoming.actor, Verb.BACK_OUT, release_id)
    return Open(reason_form(BACK_OUT_REASON, identifier, release_id, 0))


@view(BACK_OUT_REASON)
async def back_out(desk: Desk, incoming: Incoming) -> Answer:
    release_id, fields = int(incoming.metadata["r"]), incoming.fields
    reason, restored = fields.text("reason"), fields.text("restored")
    await deployment.back_out(desk.work, incoming.actor, release_id, reason, restored)
    return Nothing()
