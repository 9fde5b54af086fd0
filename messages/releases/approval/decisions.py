"""The buttons of people who decide on a release, and the answer to a second approval."""

from messages.kit.blocks import Block, Element, Message, actions, button, paragraph, value
from messages.kit.text import say
from messages.releases.action_ids import APPROVE, APPROVE_AFTERWARDS, REJECT, REQUEST_CHANGES
from models.catalog.quorum import Tally
from models.catalog.roles import role_word
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


def approved_already(identifier: str, tally: Tally) -> Message:
    """The answer to somebody who has approved it before."""
    missing = [role_word(role) for role, count in tally.missing.items() if count]
    return paragraph(say("approval.given_already", identifier=identifier, missing=missing))
