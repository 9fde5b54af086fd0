"""Block Kit as plain dicts, within :mod:`~messages.kit.slack_limits`.

``text`` arguments that are mrkdwn are :class:`~messages.kit.text.Markup`; anything else is escaped.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from messages.kit import slack_limits
from messages.kit.text import Markup, cut, plain, typed

Block = dict[str, Any]

Element = dict[str, Any]

View = dict[str, Any]
"""A modal."""


@dataclass(frozen=True, slots=True)
class Message:
    """``text`` says it all in a line, for phones and screen readers."""

    text: str
    blocks: list[Block] = field(default_factory=list)


def paragraph(text: Markup) -> Message:
    """A message that is one section."""
    return Message(text=text, blocks=[section(text)])


def value(**data: Any) -> str:
    """What a button carries: small versioned JSON."""
    return json.dumps({"v": 1, **data}, separators=(",", ":"))


def mrkdwn(text: object) -> Element:
    """A mrkdwn text object; names and links in it stay text unless they are marked up."""
    return {"type": "mrkdwn", "text": str(typed(text)), "verbatim": True}


def plain_text(text: str, limit: int = slack_limits.SECTION) -> Element:
    """A plain text object that shows ``text`` literally, colons included."""
    return {"type": "plain_text", "text": cut(plain(text), limit) or " ", "emoji": False}


def section(text: object, accessory: Element | None = None, block_id: str | None = None) -> Block:
    """A paragraph, with a button or menu beside it."""
    block: Block = {"type": "section", "text": mrkdwn(fit(typed(text), slack_limits.SECTION))}
    if accessory:
        block["accessory"] = accessory
    if block_id:
        block["block_id"] = block_id
    return block


def context(*texts: object) -> Block:
    """Small print; what is beyond ten pieces is dropped."""
    shown = texts[: slack_limits.CONTEXT_ELEMENTS]
    return {"type": "context", "elements": [mrkdwn(fit(typed(text), slack_limits.CONTEXT)) for text in shown]}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain_text(text, slack_limits.HEADER)}


def actions(block_id: str, *elements: Element | None) -> Block:
    """A row of buttons and menus, without those that are None."""
    return {"type": "actions", "block_id": block_id, "elements": [one for one in elements if one]}


def button(
    caption: str,
    action_id: str,
    data: str,
    style: Literal["primary", "danger"] | None = None,
    confirm: Element | None = None,
) -> Element:
    """A button; ``data`` is made by :func:`value`."""
    element: Element = {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": cut(caption, slack_limits.BUTTON), "emoji": True},
        "value": data,
    }
    if style:
        element["style"] = style
    if confirm:
        element["confirm"] = confirm
    return element


def confirm(title: str, text: object, yes: str, no: str = "Not now", *, danger: bool = False) -> Element:
    """A question before something that cannot be undone."""
    dialog: Element = {
        "title": plain_text(title, slack_limits.CONFIRM_TITLE),
        "text": mrkdwn(fit(typed(text), slack_limits.CONFIRM_TEXT)),
        "confirm": plain_text(yes, slack_limits.CONFIRM_BUTTON),
        "deny": plain_text(no, slack_limits.CONFIRM_BUTTON),
    }
    if danger:
        dialog["style"] = "danger"
    return dialog


def overflow(action_id: str, options: Sequence[Element]) -> Element | None:
    """The menu behind three dots, for rare verbs. A single verb is a button instead."""
    shown = list(options[: slack_limits.OVERFLOW_OPTIONS])
    return {"type": "overflow", "action_id": action_id, "options": shown} if options else None


def option(label: str, data: str, description: str | None = None) -> Element:
    """One choice of a menu."""
    choice: Element = {"text": plain_text(label, slack_limits.OPTION), "value": data}
    if description:
        choice["description"] = plain_text(description, slack_limits.OPTION)
    return choice


def modal(
    callback_id: str,
    title: str,
    blocks: Iterable[Block],
    *,
    submit: str | None = None,
    close: str = "Cancel",
    metadata: Mapping[str, Any] | None = None,
) -> View:
    """A modal; ``metadata`` comes back with what people enter. Its JSON has at most 3,000 characters."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, slack_limits.MODAL_TITLE),
        "close": plain_text(close, slack_limits.MODAL_TITLE),
        "blocks": list(blocks)[: slack_limits.MODAL_BLOCKS],
        "private_metadata": value(**(metadata or {})),
    }
    if submit:
        view["submit"] = plain_text(submit, slack_limits.MODAL_TITLE)
    return view


def message_view(message: Message) -> View:
    """``message`` as a modal, for clicks that have no channel to answer in."""
    blocks = message.blocks or [{"type": "section", "text": plain_text(message.text)}]
    return modal("notice", "Release Desk", blocks, close="Close")


def fit(text: str, limit: int) -> str:
    """Cut mrkdwn at ``limit`` without leaving half an entity or half a link behind."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    open_at = head.rfind("<")
    if open_at > head.rfind(">"):
        head = head[:open_at]
    entity = head.rfind("&")
    if entity > head.rfind(";") and len(head) - entity < 6:
        head = head[:entity]
    return head + "\u2026"
