"""Cancelling a release that is not being deployed yet."""

from handlers.dispatch.answers import Answer, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command
from handlers.releases.identifiers import release_named
from messages.releases.action_ids import CANCEL
from messages.releases.card.details import cancelled
from models.releases.request.cancel import cancel_release


@action(CANCEL)
async def cancel(desk: Desk, incoming: Incoming) -> Answer:
    identifier = await cancel_release(desk.work, incoming.actor, int(incoming.value["r"]))
    return Tell(cancelled(identifier))


@command("/release", "cancel", "ID [reason]", help="cancel a release that is not being deployed yet")
async def cancel_by_command(desk: Desk, incoming: Incoming) -> Answer:
    """Cancel the release that is named; the words after it are the reason."""
    release_id, reason = await release_named(desk, incoming)
    return Tell(cancelled(await cancel_release(desk.work, incoming.actor, release_id, reason)))
