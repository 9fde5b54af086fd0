"""Saying which release a reported deployment belongs to, or that nobody recorded it."""

from handlers.dispatch.answers import Answer, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.deployments import ATTRIBUTE, ATTRIBUTE_FORM, CONFIRM_UNRECORDED, attribution_form, belongs_now
from models.deployments.attribution import attribute_to_release, confirm_unrecorded, release_choices


@action(ATTRIBUTE)
async def ask_for_release(desk: Desk, incoming: Incoming) -> Answer:
    report_id = int(incoming.value["d"])
    return Open(attribution_form(await release_choices(desk.work, incoming.actor, report_id)))


@view(ATTRIBUTE_FORM)
async def attribute(desk: Desk, incoming: Incoming) -> Answer:
    """Attribute the deployment to the release; the message in the channel shows it."""
    named, report_id = incoming.fields.text("release"), int(incoming.metadata["d"])
    attribution = await attribute_to_release(desk.work, incoming.actor, report_id, named)
    return Tell(belongs_now(attribution.identifier, adopted=attribution.adopted))


@action(CONFIRM_UNRECORDED)
async def confirm_nobodys(desk: Desk, incoming: Incoming) -> Answer:
    """Confirm that it belongs to no release; the message shows it."""
    await confirm_unrecorded(desk.work, incoming.actor, int(incoming.value["d"]))
    return Nothing()
