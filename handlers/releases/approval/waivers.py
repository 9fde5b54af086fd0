"""Waiving what policy has against a release."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.releases.action_ids import WAIVE
from messages.releases.approval.waivers import WAIVE_FORM, waive_form
from models.releases.approval.waivers import waivable, waive
from models.releases.policy.rules.findings import ALL_FINDINGS


@action(WAIVE)
async def ask_why_waived(desk: Desk, incoming: Incoming) -> Answer:
    release_id, round_ = int(incoming.value["r"]), int(incoming.value["n"])
    identifier, findings = await waivable(desk.work, incoming.actor, release_id, round_)
    return Open(waive_form(identifier, findings, release_id, round_))


@view(WAIVE_FORM)
async def submit_waiver(desk: Desk, incoming: Incoming) -> Answer:
    about, fields = incoming.metadata, incoming.fields
    reason, finding = fields.text("reason"), int(fields.text("finding") or ALL_FINDINGS)
    await waive(desk.work, incoming.actor, int(about["r"]), int(about["n"]), reason, finding)
    return Nothing()
