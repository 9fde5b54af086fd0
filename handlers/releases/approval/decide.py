"""Deciding on a release: approve, withdraw an approval, reject, request changes."""

from handlers.dispatch.answers import Answer, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.releases.action_ids import APPROVE, REJECT, REQUEST_CHANGES
from messages.releases.approval.decisions import (
    COMMENT_FORM,
    approved_already,
    comment_form,
    emergency_approved,
    withdrawn,
)
from messages.releases.reasons import CHANGES_REASON, REJECT_REASON, reason_form
from models.lifecycle.lifecycle import Verb
from models.releases.approval import reject as rejection
from models.releases.approval.approve import Approved, approve_release, check_may_comment
from models.releases.approval.permission import check_may_decide
from models.releases.approval.withdraw import withdraw_approval


@action(APPROVE, quick=True)
async def approve(desk: Desk, incoming: Incoming) -> Answer:
    """Count the approval; the card shows it."""
    about = incoming.value
    return _answer(await approve_release(desk.work, incoming.actor, int(about["r"]), int(about["n"])))


async def ask_for_comment(desk: Desk, incoming: Incoming) -> Answer:
    """Open *Approve with a comment*, for somebody whose approval would count."""
    release_id, round_ = int(incoming.value["r"]), int(incoming.value["n"])
    identifier = await check_may_comment(desk.work, incoming.actor, release_id, round_)
    return Open(comment_form(identifier, release_id, round_))


@view(COMMENT_FORM)
async def approve_with_comment(desk: Desk, incoming: Incoming) -> Answer:
    about, comment = incoming.metadata, incoming.fields.text("comment")
    return _answer(await approve_release(desk.work, incoming.actor, int(about["r"]), int(about["n"]), comment))


def _answer(approved: Approved) -> Answer:
    if approved.again:
        return Tell(approved_already(approved.identifier, approved.tally))
    if approved.passed_over:
        return Tell(emergency_approved(approved.identifier, approved.passed_over))
    return Nothing()


async def withdraw(desk: Desk, incoming: Incoming) -> Answer:
    release_id, round_ = int(incoming.value["r"]), int(incoming.value["n"])
    identifier = await withdraw_approval(desk.work, incoming.actor, release_id, round_, incoming.payload_key)
    return Tell(withdrawn(identifier))


@action(REJECT)
async def ask_why_rejected(desk: Desk, incoming: Incoming) -> Answer:
    return await _ask_for_reason(desk, incoming, Verb.REJECT, REJECT_REASON)


@action(REQUEST_CHANGES)
async def ask_what_to_change(desk: Desk, incoming: Incoming) -> Answer:
    return await _ask_for_reason(desk, incoming, Verb.REQUEST_CHANGES, CHANGES_REASON)


@view(REJECT_REASON)
async def reject(desk: Desk, incoming: Incoming) -> Answer:
    release_id, round_, reason = _reason(incoming)
    await rejection.reject_release(desk.work, incoming.actor, release_id, round_, reason)
    return Nothing()


@view(CHANGES_REASON)
async def request_changes(desk: Desk, incoming: Incoming) -> Answer:
    release_id, round_, reason = _reason(incoming)
    await rejection.request_changes(desk.work, incoming.actor, release_id, round_, reason)
    return Nothing()


async def _ask_for_reason(desk: Desk, incoming: Incoming, verb: Verb, form: str) -> Answer:
    release_id, round_ = int(incoming.value["r"]), int(incoming.value["n"])
    identifier = await check_may_decide(desk.work, incoming.actor, verb, release_id, round_)
    return Open(reason_form(form, identifier, release_id, round_))


def _reason(incoming: Incoming) -> tuple[int, int, str]:
    about = incoming.metadata
    return int(about["r"]), int(about["n"]), incoming.fields.text("reason")
