"""Go or no go for a tested release."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, written
from handlers.dispatch.registry import Registry
from messages.releases.action_ids import GO, NO_GO
from messages.releases.reasons import NO_GO_REASON, reason_form
from models.lifecycle.lifecycle import Verb
from models.releases.activities import go_no_go
from models.releases.activities.step import check_may


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.action(GO)(go)
    registry.action(NO_GO)(ask_why_not)
    registry.view(NO_GO_REASON)(no_go)


async def go(desk: Desk, incoming: Incoming) -> Answer:
    """Authorise the deployment; card and thread show it."""
    await go_no_go.say_go(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return Nothing()


async def ask_why_not(desk: Desk, incoming: Incoming) -> Answer:
    """Ask for the reason of a no go."""
    release_id = int(incoming.value["r"])
    step = await check_may(desk.work, desk.catalogs, incoming.actor, Verb.NO_GO, release_id)
    return Open(reason_form(NO_GO_REASON, step.release.identifier, release_id, 0))


async def no_go(desk: Desk, incoming: Incoming) -> Answer:
    """Send the release back to test; card and thread show it."""
    reason = written(incoming.fields, "reason")
    await go_no_go.say_no_go(desk.work, desk.catalogs, incoming.actor, int(incoming.metadata["r"]), reason)
    return Nothing()
