"""What is in the way of a deployment, and overriding it."""

from handlers.dispatch.answers import Answer, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, view
from handlers.releases.identifiers import release_named
from messages.releases.action_ids import OVERRIDE, RENEW_APPROVAL
from messages.releases.clearance import refusals
from messages.releases.clearance.override_forms import BREAK_GUARD_FORM, OVERRIDE_FORM, override_form
from models.releases.activities.break_glass import break_guard
from models.releases.clearance import overrides
from models.releases.clearance.renew_approval import renew_approval


@command("/release", "clearance", "ID", help="show what is in the way of its go or deployment")
async def show_clearance(desk: Desk, incoming: Incoming) -> Answer:
    release_id, _ = await release_named(desk, incoming)
    return Tell(refusals.render(await overrides.clearance_shown(desk.work, incoming.actor, release_id)))


@action(OVERRIDE)
async def ask_why_overridden(desk: Desk, incoming: Incoming) -> Answer:
    about = await overrides.check_may_override(desk.work, incoming.actor, int(incoming.value["r"]))
    return Open(override_form(about))


@action(RENEW_APPROVAL)
async def renew(desk: Desk, incoming: Incoming) -> Answer:
    about = incoming.value
    await renew_approval(desk.work, incoming.actor, int(about["r"]), int(about["n"]))
    return Nothing()


@view(OVERRIDE_FORM)
async def override(desk: Desk, incoming: Incoming) -> Answer:
    about, reason = incoming.metadata, incoming.fields.text("reason")
    shown = {(str(code), str(key)) for code, key in about["o"]}
    await overrides.override(desk.work, incoming.actor, int(about["r"]), int(about["n"]), shown, reason)
    return Nothing()


@view(BREAK_GUARD_FORM)
async def break_glass(desk: Desk, incoming: Incoming) -> Answer:
    about, reason = incoming.metadata, incoming.fields.text("reason")
    await break_guard(desk.work, incoming.actor, int(about["r"]), int(about["n"]), reason)
    return Nothing()
