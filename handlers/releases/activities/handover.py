"""After the deployment: verify, early life support, handover, review, retirement."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.releases.action_ids import (
    ACCEPT_HANDOVER,
    HAND_OVER,
    RETIRE,
    REVIEW,
    SEND_BACK,
    START_SUPPORT,
    VERIFY,
)
from messages.releases.activities.handover import REVIEW_FORM, review_form
from messages.releases.reasons import SEND_BACK_REASON, reason_form
from models.lifecycle.lifecycle import Verb
from models.releases.activities import handover
from models.releases.activities.step import check_may_step


@action(VERIFY)
async def verify(desk: Desk, incoming: Incoming) -> Answer:
    await handover.verify_deployment(desk.work, incoming.actor, int(incoming.value["r"]))
    return Nothing()


@action(START_SUPPORT)
async def start_support(desk: Desk, incoming: Incoming) -> Answer:
    await handover.start_early_life_support(desk.work, incoming.actor, int(incoming.value["r"]))
    return Nothing()


@action(HAND_OVER)
async def hand_over(desk: Desk, incoming: Incoming) -> Answer:
    await handover.offer_handover(desk.work, incoming.actor, int(incoming.value["r"]))
    return Nothing()


@action(ACCEPT_HANDOVER)
async def accept(desk: Desk, incoming: Incoming) -> Answer:
    await handover.accept_handover(desk.work, incoming.actor, int(incoming.value["r"]))
    return Nothing()


@action(SEND_BACK)
async def ask_why_sent_back(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.value["r"])
    step = await check_may_step(desk.work, incoming.actor, Verb.SEND_BACK, release_id)
    return Open(reason_form(SEND_BACK_REASON, step.release.identifier, release_id, 0))


@view(SEND_BACK_REASON)
async def send_back(desk: Desk, incoming: Incoming) -> Answer:
    reason = incoming.fields.text("reason")
    await handover.send_handover_back(desk.work, incoming.actor, int(incoming.metadata["r"]), reason)
    return Nothing()


@action(REVIEW)
async def ask_for_review(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.value["r"])
    step = await check_may_step(desk.work, incoming.actor, Verb.REVIEW, release_id)
    return Open(review_form(release_id, step.release.identifier))


@view(REVIEW_FORM)
async def review(desk: Desk, incoming: Incoming) -> Answer:
    release_id, fields = int(incoming.metadata["r"]), incoming.fields
    worked, text = fields.text("worked"), fields.text("review")
    await handover.review_release(desk.work, incoming.actor, release_id, worked, text)
    return Nothing()


@action(RETIRE)
async def retire(desk: Desk, incoming: Incoming) -> Answer:
    await handover.retire_release(desk.work, incoming.actor, int(incoming.value["r"]))
    return Nothing()
