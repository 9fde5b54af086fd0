"""Blocks: their fields, and the surfaces that take them."""

from bot.workspace.blockkit.composition_objects import ID, SLACK_FILE, URL, plain, text
from bot.workspace.blockkit.elements import ACCESSORY, ACTIONS, BUTTON, CONTEXT_ACTIONS, IMAGE, INPUT
from bot.workspace.blockkit.rich_text import RICH_TEXT
from bot.workspace.blockkit.schema import (
    Check,
    Shape,
    flag,
    later,
    list_of,
    needs_one,
    not_both,
    one_of,
    string,
    typed,
)
from bot.workspace.blockkit.tables_and_charts import CHART, DATA_TABLE, TABLE

_ID: dict[str, Check] = {"block_id": ID}
_IMAGE = typed({"image": IMAGE})


def _child() -> Check:
    return _CHILD


_CARD = Shape(
    {},
    {
        **_ID,
        "hero_image": _IMAGE,
        "icon": _IMAGE,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": list_of(typed({"button": BUTTON}), 3),
    },
    (needs_one("hero_image", "title", "actions", "body"),),
)
_CONTEXT_TEXT: dict[str, Check] = {
    "image": IMAGE,
    "mrkdwn": Shape({"text": string(3000)}, {"verbatim": flag}),
    "plain_text": Shape({"text": string(3000)}, {"emoji": flag}),
}

BLOCKS: dict[str, Check] = {
    "section": Shape(
        {},
        {**_ID, "text": text(3000), "fields": list_of(text(2000), 10), "accessory": ACCESSORY, "expand": flag},
        (needs_one("text", "fields"),),
    ),
    "header": Shape({"text": plain(150)}, _ID),
    "divider": Shape({}, _ID),
    "context": Shape({"elements": list_of(typed(_CONTEXT_TEXT), 10)}, _ID),
    "actions": Shape({"elements": list_of(ACTIONS, 25)}, _ID),
    "context_actions": Shape({"elements": list_of(CONTEXT_ACTIONS, 5)}, _ID),
    "image": Shape(
        {"alt_text": string(2000)},
        {**_ID, "image_url": URL, "slack_file": SLACK_FILE, "title": plain(2000)},
        (needs_one("image_url", "slack_file"), not_both("image_url", "slack_file")),
    ),
    "input": Shape(
        {"label": plain(2000), "element": INPUT},
        {**_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "markdown": Shape({"text": string(12_000)}, _ID),
    "rich_text": RICH_TEXT,
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": CHART,
    "card": _CARD,
    "carousel": Shape({"elements": list_of(typed({"card": _CARD}), 10)}, _ID),
    "alert": Shape({"text": text(200)}, {**_ID, "level": one_of("default", "info", "warning", "error", "success")}),
    "container": Shape(
        {"child_blocks": list_of(later(_child), 10)},
        {
            **_ID,
            "title": plain(150),
            "rich_text_title": RICH_TEXT,
            "subtitle": text(150),
            "icon": _IMAGE,
            "width": one_of("narrow", "standard", "wide", "full"),
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
        },
        (needs_one("title", "rich_text_title"),),
    ),
}
"""By type."""

_CHILD = typed(BLOCKS, ("actions", "context", "divider", "header", "image", "section", "table"))
"""In a container: what both Slack's reference and its service accept."""

_EVERYWHERE = (
    "section",
    "header",
    "divider",
    "context",
    "actions",
    "image",
    "rich_text",
    "container",
    "card",
)
SURFACES: dict[str, Check] = {
    "message": typed(
        BLOCKS,
        (
            *_EVERYWHERE,
            *("context_actions", "markdown", "table", "data_table", "data_visualization", "carousel"),
        ),
    ),
    "modal": typed(BLOCKS, (*_EVERYWHERE, "input", "alert")),
    "home": typed(BLOCKS, (*_EVERYWHERE, "input", "table", "carousel")),
}
"""The blocks that each surface takes."""
