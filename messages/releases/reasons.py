"""The modals that ask why: reject, request changes, no go, back out, send back."""

from messages.kit.blocks import View, modal, section
from messages.kit.inputs import input_block, text_area
from messages.kit.text import say

REJECT_REASON = "release:reject_reason"

CHANGES_REASON = "release:changes_reason"

BACK_OUT_REASON = "release:back_out_reason"

NO_GO_REASON = "release:no_go_reason"

SEND_BACK_REASON = "release:send_back_reason"

_FORMS = {
    REJECT_REASON: ("Reject", "approval.reject_intro"),
    CHANGES_REASON: ("Request changes", "approval.changes_intro"),
    BACK_OUT_REASON: ("Back out", "activities.back_out_intro"),
    NO_GO_REASON: ("No go", "activities.no_go_intro"),
    SEND_BACK_REASON: ("Send back", "activities.send_back_intro"),
}
"""The caption of each, and the sentence that says who reads the reason."""


def reason_form(callback_id: str, identifier: str, release_id: int, round_: int) -> View:
    """Ask for a reason; a back-out also says what was restored."""
    caption, intro = _FORMS[callback_id]
    blocks = [section(say(intro, identifier=identifier)), input_block("reason", "Reason", text_area())]
    if callback_id == BACK_OUT_REASON:
        blocks.append(input_block("restored", "What was restored", text_area(), hint="What production runs again."))
    return modal(callback_id, caption, blocks, submit=caption, metadata={"r": release_id, "n": round_})
