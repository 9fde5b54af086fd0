"""Block Kit as plain dicts, within Slack's limits (SLACK: 75 for a button, 3,000 for a section, ...).

``text`` arguments that are mrkdwn are :class:`~messages.kit.text.Markup`; anything else is escaped.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from messages.kit.text import cut, plain, typed

Block = dict[str, Any]

Element = dict[str, Any]

SECTION_LIMIT = 3000

SELECT_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Message:
    """A message: ``text`` is the whole news in a line, for phones and screen readers."""

    text: str
    blocks: list[Block] = field(default_factory=list)


def value(**data: Any) -> str:
    """What a button carries: small versioned JSON."""
    return json.dumps({"v": 1, **data}, separators=(",", ":"))


def mrkdwn(text: object) -> Element:
    """A mrkdwn text object; nothing in it is linked or mentioned unless it is written so."""
    return {"type": "mrkdwn", "text": str(typed(text)), "verbatim": True}


def plain_text(text: str, limit: int = SECTION_LIMIT) -> Element:
    """A plain text object that shows ``text`` literally, also its colons."""
    return {"type": "plain_text", "text": cut(plain(text), limit) or " ", "emoji": False}


def section(text: object, accessory: Element | None = None, block_id: str | None = None) -> Block:
    """A paragraph, with a button or menu beside it."""
    block: Block = {"type": "section", "text": mrkdwn(fit(typed(text), SECTION_LIMIT))}
    if accessory:
        block["accessory"] = accessory
    if block_id:
        block["block_id"] = block_id
    return block


def context(*texts: object) -> Block:
    """Small print: up to ten pieces."""
    return {"type": "context", "elements": [mrkdwn(fit(typed(text), 2000)) for text in texts[:10]]}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain_text(text, 150)}


def actions(block_id: str, *elements: Element | None) -> Block:
    """A row of buttons and menus; those that are None are left out."""
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
        "text": {"type": "plain_text", "text": cut(caption, 75), "emoji": True},
        "value": data,
    }
    if style:
        element["style"] = style
    if confirm:
        element["confirm"] = confirm
    return element


def confirm(title: str, text: object, yes: str, no: str = "Not now", *, danger: bool = False) -> Element:
    """A question before something that cannot be taken back."""
    dialog: Element = {
        "title": plain_text(title, 100),
        "text": mrkdwn(fit(typed(text), 300)),
        "confirm": plain_text(yes, 30),
        "deny": plain_text(no, 30),
    }
    if danger:
        dialog["style"] = "danger"
    return dialog


def overflow(action_id: str, options: Sequence[Element]) -> Element | None:
    """The menu behind three dots: at most five rare verbs. One alone is no menu: use a button then."""
    return {"type": "overflow", "action_id": action_id, "options": list(options[:5])} if options else None


def option(label: str, data: str, description: str | None = None) -> Element:
    """One choice of a menu."""
    choice: Element = {"text": plain_text(label, 75), "value": data}
    if description:
        choice["description"] = plain_text(description, 75)
    return choice


def select(action_id: str, options: Sequence[Element], chosen: str | None = None, placeholder: str = "") -> Element:
    """A menu of up to 100 ``options``; ``chosen`` is the value picked already."""
    element: Element = {"type": "static_select", "action_id": action_id, "options": list(options[:SELECT_LIMIT])}
    if placeholder:
        element["placeholder"] = plain_text(placeholder, 150)
    initial = next((one for one in element["options"] if one["value"] == chosen), None)
    if initial:
        element["initial_option"] = initial
    return element


def input_block(
    field_name: str,
    label: str,
    element: Element,
    *,
    optional: bool = False,
    hint: str = "",
    dispatch: bool = False,
) -> Block:
    """One field of a form; its errors are shown under ``field_name``."""
    block: Block = {
        "type": "input",
        "block_id": field_name,
        "label": plain_text(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain_text(hint, 2000)
    if dispatch:
        block["dispatch_action"] = True
    return block


def text_input(
    action_id: str = "value",
    initial: str = "",
    *,
    multiline: bool = False,
    max_length: int | None = None,
    placeholder: str = "",
    enter: bool = False,
) -> Element:
    """A field to type in; Slack takes at most 3,000 characters. ``enter`` has Enter reported."""
    element: Element = {"type": "plain_text_input", "action_id": action_id, "multiline": multiline}
    if initial:
        element["initial_value"] = initial
    if max_length:
        element["max_length"] = min(max_length, 3000)
    if placeholder:
        element["placeholder"] = plain_text(placeholder, 150)
    if enter:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    return element


def modal(
    callback_id: str,
    title: str,
    blocks: Iterable[Block],
    *,
    submit: str | None = None,
    close: str = "Cancel",
    metadata: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A modal; ``metadata`` comes back with what people enter (at most 3,000 characters of JSON)."""
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain_text(title, 24),
        "close": plain_text(close, 24),
        "blocks": list(blocks)[:100],
        "private_metadata": value(**(metadata or {})),
    }
    if submit:
        view["submit"] = plain_text(submit, 24)
    return view


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
