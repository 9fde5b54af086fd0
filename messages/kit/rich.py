"""Rich text: what people typed stands here literally, so nothing in it can act (Slack's ``rich_text`` block)."""

from datetime import datetime
from typing import Any

from messages.kit.blocks import Block, Element
from messages.kit.text import cut, plain


def words(
    text: str, *, bold: bool = False, code: bool = False, italic: bool = False, strike: bool = False
) -> Element:
    """Literal words in one style."""
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
    """A mention of a person or user group: they are notified."""
    if subject.startswith("S"):
        return {"type": "usergroup", "usergroup_id": subject}
    return {"type": "user", "user_id": subject}


def link(url: str, text: str) -> Element:
    """A link."""
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
    """What somebody typed, quoted as theirs."""
    return {"type": "rich_text_quote", "elements": [words(cut(text, limit))]}


def bullets(*lines: Element) -> Element:
    """A list; each of ``lines`` is made by :func:`line`."""
    return {"type": "rich_text_list", "style": "bullet", "elements": list(lines)}


def rich_text(*parts: Element, block_id: str | None = None) -> Block:
    """A rich text block of lines, quotes and lists."""
    block: dict[str, Any] = {"type": "rich_text", "elements": list(parts)}
    if block_id:
        block["block_id"] = block_id
    return block
