"""The checklist of the deployment day: posting it, and ticking its boxes."""

from handlers.dispatch.answers import Answer, Nothing, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action
from messages.kit.refusals import refusal
from messages.releases.plan.checklist import TICK, posted, shown_in
from messages.releases.plan.plan import CHECKLIST
from models.releases.plan.checklist import post_checklist, tick_tasks


@action(CHECKLIST)
async def post(desk: Desk, incoming: Incoming) -> Answer:
    """Put the checklist into the release's thread."""
    release_id = int(incoming.value["r"])
    return Tell(posted(await post_checklist(desk.work, incoming.actor, release_id)))


@action(TICK)
async def tick_boxes(desk: Desk, incoming: Incoming) -> Answer:
    """Complete and reopen what was ticked and unticked; what is not theirs is said to them alone."""
    release_id, shown = shown_in(str(incoming.action.get("block_id") or ""))
    chosen = {int(option["value"]) for option in incoming.action.get("selected_options") or ()}
    refusals = await tick_tasks(desk.work, incoming.actor, release_id, shown, chosen)
    return Tell(refusal(" ".join(refusals))) if refusals else Nothing()
