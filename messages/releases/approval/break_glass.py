"""The modal that asks why somebody approves a release without its quorum."""

from messages.kit.blocks import View, modal, section
from messages.kit.inputs import input_block, text_area
from messages.kit.text import say
from models.releases.approval.break_glass import Breakable

BREAK_GLASS_REASON = "release:break_glass_reason"


def break_glass_form(about: Breakable) -> View:
    """*Break the glass*: what it does, and the reason, which everybody reads."""
    return modal(
        BREAK_GLASS_REASON,
        "Break the glass",
        [section(say("approval.break_glass_intro", about=about)), input_block("reason", "Reason", text_area())],
        submit="Break the glass",
        metadata={"r": about.id, "n": about.round},
    )
