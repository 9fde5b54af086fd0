"""The modals that ask for a reason."""

from typing import Any

from messages.kit.blocks import input_block, modal, section, text_input
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


def reason_form(callback_id: str, identifier: str, release_id: int, round_: int) -> dict[str, Any]:
    """Ask why; the reason is shown to everybody who follows the release."""
    caption, intro = _FORMS[callback_id]
    blocks = [
        section(say(intro, identifier=identifier)),
        input_block("reason", "Reason", text_input(multiline=True, max_length=3000)),
    ]
    if callback_id == BACK_OUT_REASON:
        restored = text_input(multiline=True, max_length=3000)
        blocks.append(input_block("restored", "What was restored", restored, hint="What production runs again."))
    return modal(callback_id, caption, blocks, submit=caption, metadata={"r": release_id, "n": round_})
