"""The two ways past the quorum: an emergency's approvals afterwards, and break-glass."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, written
from handlers.dispatch.registry import Registry
from messages.releases.action_ids import APPROVE_AFTERWARDS
from messages.releases.approval.break_glass import BREAK_GLASS_REASON, break_glass_form
from models.lifecycle.identifiers import find_release
from models.releases.approval import break_glass
from models.releases.approval import later_approvals as afterwards


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb("/release", "break-glass", "ID", help="approve a release without its approvals, for a reason")(
        ask_why
    )
    registry.view(BREAK_GLASS_REASON)(break_it)
    registry.action(APPROVE_AFTERWARDS)(approve_afterwards)


async def ask_why(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Break the glass* for somebody who may."""
    async with desk.work.database.reading() as session:
        release, _ = await find_release(session, incoming.text)
    about = await break_glass.check_may_break(desk.work, desk.catalogs, incoming.actor, release.id)
    return Open(break_glass_form(about))


async def break_it(desk: Desk, incoming: Incoming) -> Answer:
    """Approve without the quorum; card and thread show it."""
    about, reason = incoming.metadata, written(incoming.fields, "reason")
    await break_glass.break_glass(
        desk.work, desk.catalogs, incoming.actor, int(about["r"]), int(about["n"]), reason
    )
    return Nothing()


async def approve_afterwards(desk: Desk, incoming: Incoming) -> Answer:
    """Count an approval that an emergency owes; the card shows it."""
    about = incoming.value
    await afterwards.approve_afterwards(desk.work, desk.catalogs, incoming.actor, int(about["r"]), int(about["n"]))
    return Nothing()
