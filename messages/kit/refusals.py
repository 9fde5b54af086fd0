"""What one person is told when something can't be done."""

from collections.abc import Sequence

from messages.kit import slack_limits
from messages.kit.blocks import Message, fit, paragraph
from messages.kit.text import Markup, typed
from models.text import either


def refusal(text: str, nearest: Sequence[str] = ()) -> Message:
    """``text`` as it is; ``nearest`` are names that the person may have meant."""
    whole = typed(text)
    if nearest:
        names = [f"`{typed(name)}`" for name in nearest]
        whole = Markup(f"{whole} Did you mean {either(names)}?")
    return paragraph(Markup(fit(whole, slack_limits.SECTION)))


def unexpected(reference: str) -> Message:
    """An error that nobody foresaw; the log has it under ``reference``."""
    return refusal(
        "That did not work, and nothing was changed. Try again; if it happens again, give whoever runs "
        f"Release Desk the reference {reference}."
    )
