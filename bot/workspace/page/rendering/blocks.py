"""Block Kit's blocks as HTML, by type."""

from collections.abc import Callable, Iterable

from markupsafe import Markup

from bot.workspace.page.rendering.cards import alert, card, carousel, container
from bot.workspace.page.rendering.charts import data_visualization
from bot.workspace.page.rendering.controls import Control
from bot.workspace.page.rendering.elements import GROUPED, element, image
from bot.workspace.page.rendering.html import join, link, tag
from bot.workspace.page.rendering.markdown import markdown
from bot.workspace.page.rendering.mrkdwn import label_of, text_object
from bot.workspace.page.rendering.reader import Reader
from bot.workspace.page.rendering.rich_text import rich_text
from bot.workspace.page.rendering.surface import Json, Surface
from bot.workspace.page.rendering.tables import data_table, table

Draw = Callable[[Json, Surface, Reader], Markup]


def blocks(given: Iterable[Json], surface: Surface, reader: Reader) -> Markup:
    return join(block(one, surface, reader) for one in given)


def block(given: Json, surface: Surface, reader: Reader) -> Markup:
    """A block of unknown type says so."""
    kind = str(given.get("type"))
    draw = BLOCKS.get(kind)
    if draw is None:
        return tag("div", f"Unsupported block: {kind}", class_="block unsupported")
    return tag(
        "div",
        draw(given, surface, reader),
        class_=f"block block-{kind.replace('_', '-')}",
        data_block_id=given.get("block_id"),
        data_block_type=kind,
    )


def _control(one: Json, block_id: str, surface: Surface, reader: Reader) -> Markup:
    return element(Control(one, block_id, surface, reader))


def _section(given: Json, surface: Surface, reader: Reader) -> Markup:
    text = given.get("text")
    fields = given.get("fields") or []
    body = [
        tag("div", text_object(text, reader), class_="text", dir="auto") if text else Markup(""),
        tag("div", *(_field(one, reader) for one in fields), class_="fields") if fields else Markup(""),
    ]
    accessory = given.get("accessory")
    if not accessory:
        return join(body)
    drawn = _control(accessory, str(given.get("block_id", "")), surface, reader)
    return tag("div", *body, class_="section-body") + tag("div", drawn, class_="accessory")


def _field(one: Json, reader: Reader) -> Markup:
    return tag("div", text_object(one, reader), class_="text", dir="auto")


def _header(given: Json, surface: Surface, reader: Reader) -> Markup:
    """The Home is below the page's title, messages and modals are below headings of their own."""
    name = "h2" if surface.kind == "home" else "h3"
    return tag(name, text_object(given.get("text"), reader), dir="auto")


def _context(given: Json, surface: Surface, reader: Reader) -> Markup:
    return join(
        image(one, "context-image")
        if one.get("type") == "image"
        else tag("span", text_object(one, reader), class_="text", dir="auto")
        for one in given.get("elements", [])
    )


def _actions(given: Json, surface: Surface, reader: Reader) -> Markup:
    block_id = str(given.get("block_id", ""))
    return join(_control(one, block_id, surface, reader) for one in given.get("elements", []))


def _image(given: Json, surface: Surface, reader: Reader) -> Markup:
    title = given.get("title")
    caption = tag("figcaption", text_object(title, reader), dir="auto") if title else ""
    return tag("figure", caption, image(given, "picture"))


def _video(given: Json, surface: Surface, reader: Reader) -> Markup:
    title = label_of(given.get("title"))
    return link(str(given.get("title_url") or given.get("video_url") or ""), f"▶ {title}")


def _input(given: Json, surface: Surface, reader: Reader) -> Markup:
    """Label, element, hint and error, tied together for assistive technology."""
    block_id = str(given.get("block_id", ""))
    one: Json = given.get("element") or {}
    control_id = surface.dom_id(block_id, str(one.get("action_id", "")))
    error = surface.errors.get(block_id)
    hint = given.get("hint")
    notes = [f"{control_id}-hint"] * bool(hint) + [f"{control_id}-error"] * bool(error)
    optional = bool(given.get("optional"))
    drawn = element(
        Control(
            one,
            block_id,
            surface,
            reader,
            reports=bool(given.get("dispatch_action")),
            required=not optional,
            invalid=bool(error),
            labelled_by=f"{control_id}-label",
            described_by=" ".join(notes) or None,
        )
    )
    grouped = one.get("type") in GROUPED
    label = tag(
        "span" if grouped else "label",
        text_object(given.get("label"), reader),
        id=f"{control_id}-label",
        for_=None if grouped else control_id,
        dir="auto",
    )
    return join(
        [
            tag("div", label, tag("span", "(optional)", class_="optional") if optional else "", class_="label"),
            drawn,
            tag("p", error, class_="error", id=f"{control_id}-error", role="alert", dir="auto") if error else "",
            tag("p", text_object(hint, reader), class_="hint", id=f"{control_id}-hint", dir="auto") if hint else "",
        ]
    )


BLOCKS: dict[str, Draw] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "divider": lambda given, surface, reader: tag("hr"),
    "actions": _actions,
    "context_actions": _actions,
    "image": _image,
    "video": _video,
    "input": _input,
    "rich_text": lambda given, surface, reader: rich_text(given, reader),
    "markdown": lambda given, surface, reader: markdown(str(given.get("text", "")), reader),
    "table": lambda given, surface, reader: table(given, reader),
    "data_table": data_table,
    "data_visualization": lambda given, surface, reader: data_visualization(given, surface),
    "alert": lambda given, surface, reader: alert(given, reader),
    "card": card,
    "carousel": carousel,
    "container": lambda given, surface, reader: container(
        given, reader, blocks(given.get("child_blocks", []), surface, reader)
    ),
}
"""By type."""
