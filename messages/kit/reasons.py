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
    REJECT_REASON: ("Reject", "Reject"),
    CHANGES_REASON: ("Request changes", "Request changes"),
    BACK_OUT_REASON: ("Back out", "Back out"),
    NO_GO_REASON: ("No go", "No go"),
    SEND_BACK_REASON: ("Send back", "Send back"),
}


def reason_form(callback_id: str, identifier: str, release_id: int, round_: int) -> dict[str, Any]:
    """Ask why; the reason is shown to everybody who follows the release."""
    title, submit = _FORMS[callback_id]
    blocks = [
        section(say("reason_intro", kind=callback_id, identifier=identifier)),
        input_block("reason", "Reason", text_input(multiline=True, max_length=3000)),
    ]
    if callback_id == BACK_OUT_REASON:
        restored = text_input(multiline=True, max_length=3000)
        blocks.append(input_block("restored", "What was restored", restored, hint="What production runs again."))
    return modal(
        callback_id,
        title,
        blocks,
        submit=submit,
        metadata={"r": release_id, "n": round_},
    )
