"""Notices about overrides and windows in the release's thread."""

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Message, section
from messages.kit.text import cut, say
from models.releases.clearance.records import ClearanceNotice


def render(notice: ClearanceNotice) -> Message:
    """One notice; people who have to act or to know are mentioned."""
    most = sizes.BYPASS_MENTIONS if notice.kind == "glass" else sizes.CHASED_MENTIONS
    text = say("clearance.notice", notice=notice, mentions=notice.mentions[:most])
    blocks: list[Block] = [section(text)]
    if notice.obstacles:
        lines = [rich.line(cut(one, 400)) for one in notice.obstacles[: sizes.FORM_FINDINGS]]
        blocks.append(rich.rich_text(rich.bullets(*lines)))
    if notice.reason:
        blocks.append(rich.rich_text(rich.quote(notice.reason, 2500)))
    return Message(text=text, blocks=blocks)
