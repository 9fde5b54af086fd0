"""Break-glass: approving a release without its quorum, for a reason."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import command, view
from handlers.releases.identifiers import release_named
from messages.releases.approval.break_glass import BREAK_GLASS_REASON, break_glass_form
from messages.releases.clearance.override_forms import break_guard_form
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import STARTABLE
from models.releases.activities.break_glass import check_may_break_guard
from models.releases.approval import break_glass as glass


@command("/release", "break-glass", "ID", help="approve or deploy a release against its rules, for a reason")
async def ask_why(desk: Desk, incoming: Incoming) -> Answer:
    release_id, _ = await release_named(desk, incoming)
    async with desk.work.reading() as snapshot:
        state = (await load_release(snapshot.session, release_id)).state
    if state in STARTABLE:
        return Open(break_guard_form(await check_may_break_guard(desk.work, incoming.actor, release_id)))
    return Open(break_glass_form(await glass.check_may_break(desk.work, incoming.actor, release_id)))


@view(BREAK_GLASS_REASON)
async def break_glass(desk: Desk, incoming: Incoming) -> Answer:
    """Approve without the quorum; card and thread show it."""
    about, reason = incoming.metadata, incoming.fields.text("reason")
    release_id, round_ = int(about["r"]), int(about["n"])
    await glass.break_glass(desk.work, incoming.actor, release_id, round_, reason)
    return Nothing()
