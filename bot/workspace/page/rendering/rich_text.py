"""Rich text: sections, lists, quotes, preformatted text, and the elements in them."""

from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup, escape

from bot.workspace.page.rendering.dates import date_html
from bot.workspace.page.rendering.emoji import emoji_html
from bot.workspace.page.rendering.html import join, link, tag
from bot.workspace.page.rendering.mrkdwn import broadcast, channel, mention, usergroup
from bot.workspace.page.rendering.reader import Reader

STYLE_TAGS = (
    ("code", "code"),
    ("bold", "b"),
    ("italic", "i"),
    ("strike", "s"),
    ("underline", "u"),
    ("highlight", "mark"),
    ("client_highlight", "mark"),
)
DEEPEST_INDENT = 8


def rich_text(block: dict[str, Any], reader: Reader) -> Markup:
    """`block` may be a cell of a table."""
    return join(_part(part, reader) for part in block.get("elements", []))


def _part(part: dict[str, Any], reader: Reader) -> Markup:
    elements = part.get("elements", [])
    match part.get("type"):
        case "rich_text_section":
            return tag("div", leaves(elements, reader), class_="rt", dir="auto")
        case "rich_text_quote":
            return tag("blockquote", leaves(elements, reader), class_="rt", dir="auto")
        case "rich_text_preformatted":
            return tag("pre", tag("code", leaves(elements, reader)), dir="auto")
        case "rich_text_list":
            return _list(part, reader)
        case other:
            return tag("div", f"Unsupported rich text: {other}", class_="unsupported")


def _list(part: dict[str, Any], reader: Reader) -> Markup:
    ordered = part.get("style") == "ordered"
    indent = min(int(part.get("indent") or 0), DEEPEST_INDENT)
    items = (tag("li", leaves(item.get("elements", []), reader), dir="auto") for item in part.get("elements", []))
    classes = f"rt rt-list indent-{indent}" + (" rt-bordered" if part.get("border") else "")
    start = int(part.get("offset") or 0) + 1
    return tag("ol" if ordered else "ul", *items, class_=classes, start=start if ordered and start > 1 else None)


def leaves(elements: Iterable[dict[str, Any]], reader: Reader) -> Markup:
    """Each element of a section in its own style."""
    return join(_styled(element, _leaf(element, reader)) for element in elements)


def _leaf(element: dict[str, Any], reader: Reader) -> Markup:
    draw = LEAVES.get(str(element.get("type")))
    if draw is None:
        return tag("span", f"unsupported {element.get('type')}", class_="unsupported")
    return draw(element, reader)


def _styled(element: dict[str, Any], shown: Markup) -> Markup:
    style = element.get("style")
    if not isinstance(style, dict):
        return shown
    for name, element_name in STYLE_TAGS:
        if style.get(name):
            shown = tag(element_name, shown)
    return shown


def _emoji(element: dict[str, Any], reader: Reader) -> Markup:
    name = str(element.get("name", ""))
    tone = element.get("skin_tone")
    return emoji_html(name, str(tone) if tone else None) or escape(f":{name}:")


def _link(element: dict[str, Any], reader: Reader) -> Markup:
    address = str(element.get("url", ""))
    return link(address, str(element.get("text") or address))


def _date(element: dict[str, Any], reader: Reader) -> Markup:
    return date_html(
        element.get("timestamp", ""),
        str(element.get("format", "{date}")),
        str(element.get("fallback", "")),
        reader,
        str(element.get("url") or ""),
    )


def _color(element: dict[str, Any], reader: Reader) -> Markup:
    value = str(element.get("value", ""))
    swatch = tag("svg", tag("rect", width=10, height=10, rx=2, fill=value), class_="swatch", width=10, height=10)
    return swatch + escape(value)


LEAVES: dict[str, Callable[[dict[str, Any], Reader], Markup]] = {
    "text": lambda element, _: escape(str(element.get("text", ""))),
    "link": _link,
    "emoji": _emoji,
    "user": lambda element, reader: mention(str(element.get("user_id")), reader),
    "usergroup": lambda element, reader: usergroup(str(element.get("usergroup_id")), reader),
    "channel": lambda element, reader: channel(str(element.get("channel_id")), reader),
    "broadcast": lambda element, _: broadcast(str(element.get("range"))),
    "date": _date,
    "color": _color,
}
