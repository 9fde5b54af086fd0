"""What is told about approvals in a release's thread: chased, escalated, expired, owed, late, bypassed."""

from messages.kit import rich
from messages.kit.blocks import Message, actions, button, section, value
from messages.kit.text import say
from messages.releases.action_ids import EDIT
from models.lifecycle.lifecycle import State
from models.releases.approval.records import ApprovalNotice

ASKED = 20
"""How many people are mentioned at most where they are reminded."""

PASSED_OVER = 100
"""How many are mentioned at most where the glass was broken: all of them, in any catalog there is."""


def render(notice: ApprovalNotice) -> Message:
    """One notice; those who have to act or to know are mentioned, once."""
    most = PASSED_OVER if notice.kind == "bypassed" else ASKED
    more = max(len(notice.asked) - most, 0)
    text = say("approval.notice", notice=notice, asked=notice.asked[:most], more=more)
    blocks = [section(text)]
    if notice.reason and notice.kind == "bypassed":
        blocks.append(rich.rich_text(rich.quote(notice.reason, 2500)))
    if notice.kind == "expired" and notice.state == State.EXPIRED:
        edit = button("Edit and resubmit", EDIT, value(r=notice.release_id, n=notice.round), "primary")
        blocks.append(actions("verbs", edit))
    return Message(text=text, blocks=blocks)
