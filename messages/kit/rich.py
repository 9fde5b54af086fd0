"""Slack's ``rich_text``: shows what people typed literally, so nothing in it can act (docs/slack-facts.md#text)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from messages.kit.blocks import Block, Element
from messages.kit.text import cut, plain


def words(
    text: str, *, bold: bool = False, code: bool = False, italic: bool = False, strike: bool = False
) -> Element:
    element: Element = {"type": "text", "text": plain(text) or " "}
    style = {
        name: True for name, on in (("bold", bold), ("code", code), ("italic", italic), ("strike", strike)) if on
    }
    if style:
        element["style"] = style
    return element


def emoji(name: str) -> Element:
    """An emoji by its name, without colons."""
    return {"type": "emoji", "name": name}


def person(subject: str) -> Element:
    """A mention, which notifies the person or user group."""
    if subject.startswith("S"):
        return {"type": "usergroup", "usergroup_id": subject}
    return {"type": "user", "user_id": subject}


def link(url: str, text: str) -> Element:
    return {"type": "link", "url": url, "text": text}


def date(at: datetime, form: str = "{date_short_pretty} at {time}", *, bold: bool = False) -> Element:
    """A moment in the reader's own time zone."""
    element: Element = {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": form,
        "fallback": f"{at:%Y-%m-%d %H:%M} UTC",
    }
    if bold:
        element["style"] = {"bold": True}
    return element


def line(*elements: Element | str) -> Element:
    """A paragraph of a rich text block; strings are literal words."""
    return {
        "type": "rich_text_section",
        "elements": [words(one) if isinstance(one, str) else one for one in elements],
    }


def quote(text: str, limit: int = 600) -> Element:
    return {"type": "rich_text_quote", "elements": [words(cut(text, limit))]}


def bullets(*lines: Element) -> Element:
    """A list of what :func:`line` makes."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def preformatted(text: str) -> Element:
    """``text`` in a fixed-width font."""
    return {"type": "rich_text_preformatted", "elements": [words(text)]}


def bullet_lists(lines: Sequence[Element]) -> list[Block]:
    """Many ``lines``, ten to a block."""
    return [rich_text(bullets(*lines[start : start + 10])) for start in range(0, len(lines), 10)]


def rich_text(*parts: Element, block_id: str | None = None) -> Block:
    """A block of what :func:`line`, :func:`quote`, :func:`bullets` and :func:`preformatted` make."""
    block: dict[str, Any] = {"type": "rich_text", "elements": list(parts)}
    if block_id:
        block["block_id"] = block_id
    return block
