"""Deciding on a release: approve, reject, request changes."""

from handlers.dispatch.answers import Answer, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, written
from handlers.dispatch.registry import Registry
from messages.releases.action_ids import APPROVE, REJECT, REQUEST_CHANGES
from messages.releases.approval.decisions import approval_noted
from messages.releases.reasons import CHANGES_REASON, REJECT_REASON, reason_form
from models.lifecycle.lifecycle import Verb
from models.releases.approval.approve import approve_release
from models.releases.approval.reject import reject_release
from models.releases.approval.reject import request_changes as send_back
from models.releases.approval.rights import check_may_decide


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.action(APPROVE, quick=True)(approve)
    registry.action(REJECT)(ask_why_rejected)
    registry.action(REQUEST_CHANGES)(ask_what_to_change)
    registry.view(REJECT_REASON)(reject)
    registry.view(CHANGES_REASON)(request_changes)


async def approve(desk: Desk, incoming: Incoming) -> Answer:
    """Count the approval; the card shows it."""
    about = incoming.value
    approved = await approve_release(desk.work, desk.catalogs, incoming.actor, int(about["r"]), int(about["n"]))
    message = approval_noted(approved.identifier, approved.tally, again=approved.again)
    return Tell(message) if message else Nothing()


async def ask_why_rejected(desk: Desk, incoming: Incoming) -> Answer:
    """Ask for the reason of a rejection."""
    return await _ask(desk, incoming, Verb.REJECT, REJECT_REASON)


async def ask_what_to_change(desk: Desk, incoming: Incoming) -> Answer:
    """Ask what is to be changed."""
    return await _ask(desk, incoming, Verb.REQUEST_CHANGES, CHANGES_REASON)


async def reject(desk: Desk, incoming: Incoming) -> Answer:
    """Record the rejection; card and thread show it."""
    release_id, round_, reason = _submitted(incoming)
    await reject_release(desk.work, desk.catalogs, incoming.actor, release_id, round_, reason)
    return Nothing()


async def request_changes(desk: Desk, incoming: Incoming) -> Answer:
    """Send the release back; card and thread show it."""
    release_id, round_, reason = _submitted(incoming)
    await send_back(desk.work, desk.catalogs, incoming.actor, release_id, round_, reason)
    return Nothing()


async def _ask(desk: Desk, incoming: Incoming, verb: Verb, form: str) -> Answer:
    release_id, round_ = int(incoming.value["r"]), int(incoming.value["n"])
    identifier = await check_may_decide(desk.work, desk.catalogs, incoming.actor, verb, release_id, round_)
    return Open(reason_form(form, identifier, release_id, round_))


def _submitted(incoming: Incoming) -> tuple[int, int, str]:
    about = incoming.metadata
    return int(about["r"]), int(about["n"]), written(incoming.fields, "reason")
