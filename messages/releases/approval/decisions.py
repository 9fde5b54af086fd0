"""The buttons of people who decide on a release, the form of a comment, and the answer to a second approval."""

from collections.abc import Sequence

from messages.kit.blocks import Block, Element, Message, View, actions, button, modal, paragraph, section, value
from messages.kit.inputs import input_block, text_area
from messages.kit.text import say
from messages.releases.action_ids import APPROVE, APPROVE_AFTERWARDS, REJECT, REQUEST_CHANGES
from models.catalog.quorum import Tally
from models.catalog.roles import role_word
from models.limits import COMMENT_LIMIT
from models.releases.approval.records import LateApprovals


def decisions(release_id: int, round_: int) -> list[Element]:
    """*Approve*, *Request changes*, *Reject*."""
    data = value(r=release_id, n=round_)
    return [
        button("Approve", APPROVE, data, "primary"),
        button("Request changes", REQUEST_CHANGES, data),
        button("Reject", REJECT, data, "danger"),
    ]


def later_approval_row(release_id: int, round_: int, later: LateApprovals | None) -> list[Block]:
    """*Approve* for an emergency whose later approvals are incomplete, in a row of its own."""
    if later is None or later.completed_at:
        return []
    return [actions("owed", button("Approve", APPROVE_AFTERWARDS, value(r=release_id, n=round_)))]


COMMENT_FORM = "release:approve_comment"


def comment_form(identifier: str, release_id: int, round_: int) -> View:
    """*Approve with a comment*."""
    blocks = [
        section(say("approval.comment_intro", identifier=identifier)),
        input_block("comment", "Comment", text_area(limit=COMMENT_LIMIT)),
    ]
    metadata = {"r": release_id, "n": round_}
    return modal(COMMENT_FORM, "Approve with a comment", blocks, submit="Approve", metadata=metadata)


def withdrawn(identifier: str) -> Message:
    """The answer to somebody who has withdrawn their approval."""
    return paragraph(say("approval.withdrawn", identifier=identifier))


def emergency_approved(identifier: str, passed: Sequence[str]) -> Message:
    """The answer to the approval of an emergency: each rule that it overrides."""
    return paragraph(say("clearance.emergency_approved", identifier=identifier, passed=passed))


def approved_already(identifier: str, tally: Tally) -> Message:
    """The answer to somebody who has approved it before."""
    missing = [role_word(role) for role, count in tally.missing.items() if count]
    return paragraph(say("approval.given_already", identifier=identifier, missing=missing))
