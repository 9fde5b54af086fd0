"""Cards, carousels, alerts and containers."""

from markupsafe import Markup

from bot.workspace.page.rendering.controls import Control
from bot.workspace.page.rendering.elements import element, image
from bot.workspace.page.rendering.html import join, tag
from bot.workspace.page.rendering.mrkdwn import label_of, text_object
from bot.workspace.page.rendering.reader import Reader
from bot.workspace.page.rendering.rich_text import rich_text
from bot.workspace.page.rendering.surface import Json, Surface

LEVELS = {"info": "ℹ️", "warning": "⚠️", "error": "⛔", "success": "✅"}


def card(given: Json, surface: Surface, reader: Reader) -> Markup:
    block_id = str(given.get("block_id", ""))
    parts: list[Markup] = []
    if given.get("hero_image"):
        parts.append(image(given["hero_image"], "card-hero"))
    parts.append(_head(given, reader))
    if given.get("body"):
        parts.append(tag("div", text_object(given["body"], reader), class_="text", dir="auto"))
    if given.get("actions"):
        drawn = (element(Control(one, block_id, surface, reader)) for one in given["actions"])
        parts.append(tag("div", *drawn, class_="card-actions"))
    return tag("article", *parts, class_="card")


def _head(given: Json, reader: Reader) -> Markup:
    icon = image(given["icon"], "card-icon") if given.get("icon") else Markup("")
    title = given.get("title")
    named: Markup = text_object(title, reader)
    if given.get("rich_text_title"):
        named = rich_text(given["rich_text_title"], reader)
    subtitle = text_object(given.get("subtitle"), reader)
    if not (named or subtitle or icon):
        return Markup("")
    words = tag(
        "div",
        tag("div", named, class_="card-title", dir="auto") if named else "",
        tag("div", subtitle, class_="card-subtitle", dir="auto") if subtitle else "",
    )
    return tag("div", icon, words, class_="card-head")


def carousel(given: Json, surface: Surface, reader: Reader) -> Markup:
    """The row scrolls, by keyboard too."""
    cards = (card(one, surface, reader) for one in given.get("elements", []))
    return tag("div", *cards, class_="carousel", role="group", aria_label="Cards", tabindex=0)


def alert(given: Json, reader: Reader) -> Markup:
    """The level is shown by a sign, not by colour alone."""
    level = str(given.get("level") or "default")
    sign = LEVELS.get(level)
    known = level if sign else "default"
    return tag(
        "div",
        tag("span", sign, class_="emoji", title=level) if sign else "",
        tag("div", text_object(given.get("text"), reader), class_="text", dir="auto"),
        class_=f"alert alert-{known}",
        role="note",
    )


def container(given: Json, reader: Reader, children: Markup) -> Markup:
    """Folded where the app says so."""
    width = str(given.get("width") or "standard")
    classes = f"container width-{width}" + (" divided" if given.get("has_header_divider") else "")
    head = _head(given, reader)
    if given.get("is_collapsible"):
        return tag(
            "details", tag("summary", head), children, class_=classes, open=not given.get("default_collapsed")
        )
    return tag("section", join([head, children]), class_=classes, aria_label=label_of(given.get("title")) or None)
