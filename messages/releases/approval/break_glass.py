"""The modal that asks why somebody approves a release without its quorum."""

from typing import Any

from messages.kit.blocks import input_block, modal, section, text_input
from messages.kit.text import say
from models.releases.approval.break_glass import Breakable

BREAK_GLASS_REASON = "release:break_glass_reason"


def break_glass_form(about: Breakable) -> dict[str, Any]:
    """*Break the glass*: what it does, and the reason, which everybody reads."""
    reason = text_input(multiline=True, max_length=3000)
    return modal(
        BREAK_GLASS_REASON,
        "Break the glass",
        [section(say("approval.break_glass_intro", about=about)), input_block("reason", "Reason", reason)],
        submit="Break the glass",
        metadata={"r": about.id, "n": about.round},
    )
