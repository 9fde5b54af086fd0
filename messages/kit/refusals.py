"""Short answers to one person: refusals, hints, and what went wrong."""

from collections.abc import Sequence

from messages.kit.blocks import SECTION_LIMIT, Message, fit, modal, plain_text, section
from messages.kit.text import Markup, cut, typed
from models.text import either

NOTICE = "notice"
"""The callback id of a modal that only says something."""


def sentence(text: str, nearest: Sequence[str] = ()) -> Message:
    """A sentence as it is; ``nearest`` are names the person may have meant."""
    whole = typed(text)
    if nearest:
        names = [f"`{typed(name)}`" for name in nearest]
        whole = Markup(f"{whole} Did you mean {either(names)}?")
    whole = Markup(fit(whole, SECTION_LIMIT))
    return Message(text=whole, blocks=[section(whole)])


def in_words(text: str, nearest: Sequence[str] = ()) -> str:
    """The same for a place where Slack marks nothing up, such as under a field."""
    return f"{text} Did you mean {either(nearest)}?" if nearest else text


def unexpected(reference: str) -> Message:
    """Something broke that nobody foresaw; ``reference`` is in the log too."""
    return sentence(
        "That did not work, and nothing was changed. Try again; if it happens again, give whoever runs "
        f"Release Desk the reference {reference}."
    )


def notice_view(message: Message) -> dict[str, object]:
    """``message`` as a modal, for places that have no channel to say it in."""
    blocks = message.blocks or [{"type": "section", "text": plain_text(cut(message.text, 3000))}]
    return modal(NOTICE, "Release Desk", blocks, close="Close")
