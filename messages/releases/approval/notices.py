"""Notices about approvals in the release's thread: chased, escalated, expired, still to give, late,
bypassed, stricter rules.
"""

from messages.kit import rich, sizes
from messages.kit.blocks import Message, actions, button, section, value
from messages.kit.text import cut, say
from messages.releases.action_ids import EDIT
from models.lifecycle.lifecycle import State
from models.releases.approval.records import ApprovalNotice


def render(notice: ApprovalNotice) -> Message:
    """One notice; people who have to act or to know are mentioned."""
    most = sizes.BYPASS_MENTIONS if notice.kind == "bypassed" else sizes.CHASED_MENTIONS
    more = max(len(notice.mentioned) - most, 0)
    text = say("approval.notice", notice=notice, asked=notice.mentioned[:most], more=more)
    blocks = [section(text)]
    if notice.reason and notice.kind == "bypassed":
        blocks.append(rich.rich_text(rich.quote(notice.reason, 2500)))
    if notice.kind == "tightened":
        lines = [rich.line(cut(phrase, 200)) for phrase in notice.added[: sizes.RULES_ADDED]]
        if len(notice.added) > len(lines):
            lines.append(rich.line(f"and {len(notice.added) - len(lines)} more"))
        blocks.append(rich.rich_text(rich.bullets(*lines)))
    if notice.kind == "expired" and notice.state == State.EXPIRED:
        edit = button("Edit and resubmit", EDIT, value(r=notice.release_id, n=notice.round), "primary")
        blocks.append(actions("verbs", edit))
    return Message(text=text, blocks=blocks)
