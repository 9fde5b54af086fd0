"""Rich text: sections, lists, quotes and preformatted text, and the elements in them."""

from bot.workspace.blockkit.composition_objects import ID
from bot.workspace.blockkit.schema import Check, Shape, flag, integer, list_of, one_of, string, typed

_STYLE = Shape({}, {"bold": flag, "italic": flag, "strike": flag, "code": flag, "underline": flag})
_MENTION_STYLE = Shape(
    {},
    {**_STYLE.optional, "highlight": flag, "client_highlight": flag, "unlink": flag},
)

INLINE: dict[str, Check] = {
    "text": Shape({"text": string()}, {"style": _STYLE}),
    "link": Shape({"url": string(3000)}, {"text": string(least=0), "unsafe": flag, "style": _STYLE}),
    "user": Shape({"user_id": string()}, {"style": _MENTION_STYLE}),
    "usergroup": Shape({"usergroup_id": string()}, {"style": _MENTION_STYLE}),
    "channel": Shape({"channel_id": string()}, {"style": _MENTION_STYLE}),
    "emoji": Shape({"name": string()}, {"unicode": string(), "skin_tone": integer(1, 6), "style": _STYLE}),
    "date": Shape(
        {"timestamp": integer(0), "format": string()}, {"url": string(3000), "fallback": string(), "style": _STYLE}
    ),
    "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, {"style": _STYLE}),
    "color": Shape({"value": string(pattern=r"#[0-9a-fA-F]{6}")}, {"style": _STYLE}),
}
"""The elements of a line."""

_LINE = list_of(typed(INLINE), least=0)
_SECTION = Shape({"elements": _LINE})
_BORDER = integer(0, 1)

PARTS: dict[str, Check] = {
    "rich_text_section": _SECTION,
    "rich_text_list": Shape(
        {"style": one_of("bullet", "ordered"), "elements": list_of(typed({"rich_text_section": _SECTION}))},
        {"indent": integer(0, 8), "offset": integer(0), "border": _BORDER},
    ),
    "rich_text_quote": Shape({"elements": _LINE}, {"border": _BORDER}),
    "rich_text_preformatted": Shape(
        {"elements": list_of(typed(INLINE, ("text", "link")), least=0)},
        {"border": _BORDER, "language": string(100)},
    ),
}
"""The parts of a rich_text block."""

RICH_TEXT = Shape({"elements": list_of(typed(PARTS))}, {"block_id": ID})
