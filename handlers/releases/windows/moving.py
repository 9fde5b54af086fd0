"""*Reschedule* and *Extend*: a new window for a missed one, and more time for an overrun one."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, view
from handlers.releases.identifiers import release_named
from messages.releases.action_ids import EXTEND, RESCHEDULE
from messages.releases.windows.forms import EXTEND_FORM, RESCHEDULE_FORM, extend_form, reschedule_form, window_of
from models.releases.windows import extend as extension
from models.releases.windows import reschedule as moving


@command("/release", "reschedule", "ID", help="give a release a new window, from the free ones")
async def open_reschedule(desk: Desk, incoming: Incoming) -> Answer:
    release_id, _ = await release_named(desk, incoming)
    return Open(reschedule_form(await moving.check_may_reschedule(desk.work, incoming.actor, release_id)))


@action(RESCHEDULE)
async def ask_for_window(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.value["r"])
    return Open(reschedule_form(await moving.check_may_reschedule(desk.work, incoming.actor, release_id)))


@view(RESCHEDULE_FORM)
async def reschedule(desk: Desk, incoming: Incoming) -> Answer:
    about, fields = incoming.metadata, incoming.fields
    start, end = fields.moment("start"), fields.moment("end")
    chosen = fields.text("window")
    if chosen and start is None and end is None:
        start, end = window_of(chosen)
    await moving.reschedule(desk.work, incoming.actor, int(about["r"]), int(about["n"]), start, end)
    return Nothing()


@action(EXTEND)
async def ask_until_when(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.value["r"])
    return Open(extend_form(await extension.check_may_extend_deployment(desk.work, incoming.actor, release_id)))


@view(EXTEND_FORM)
async def extend(desk: Desk, incoming: Incoming) -> Answer:
    release_id, fields = int(incoming.metadata["r"]), incoming.fields
    await extension.extend(desk.work, incoming.actor, release_id, fields.moment("until"), fields.text("reason"))
    return Nothing()
