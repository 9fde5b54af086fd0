"""The approvals that an emergency collects after it was deployed."""

from handlers.dispatch.answers import Answer, Nothing
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action
from messages.releases.action_ids import APPROVE_AFTERWARDS
from models.releases.approval import later_approvals


@action(APPROVE_AFTERWARDS)
async def approve_afterwards(desk: Desk, incoming: Incoming) -> Answer:
    about = incoming.value
    release_id, round_ = int(about["r"]), int(about["n"])
    await later_approvals.approve_afterwards(desk.work, incoming.actor, release_id, round_)
    return Nothing()
