"""Composition objects: texts, options, confirmations, filters."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.blockkit.schema import Check, Problem, Shape, flag, integer, list_of, one_of, string, typed

ID = string(255)
URL = string(3000, pattern=r"[a-zA-Z][a-zA-Z0-9+.-]*:.+")
DATE = string(10, pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d")
MOMENT = integer(1_000_000_000, 9_999_999_999)


def plain(most: int) -> Check:
    """plain_text of up to ``most`` characters."""
    shape = Shape({"text": string(most)}, {"emoji": flag})
    return typed({"plain_text": shape})


def text(most: int) -> Check:
    """plain_text or mrkdwn of up to ``most`` characters."""
    shapes = {
        "plain_text": Shape({"text": string(most)}, {"emoji": flag}),
        "mrkdwn": Shape({"text": string(most)}, {"verbatim": flag}),
    }
    return typed(shapes)


CONFIRM = Shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75)})
MARKED_OPTION = Shape({"text": text(75), "value": string(150)}, {"description": text(75)})
"""An option of radio buttons or checkboxes, whose text may be mrkdwn."""
OVERFLOW_OPTION = Shape({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": URL})
OPTION_GROUP = Shape({"label": plain(75), "options": list_of(OPTION, 100)})
SLACK_FILE = Shape({}, {"id": string(), "url": string()})
DISPATCH = Shape({}, {"trigger_actions_on": list_of(one_of("on_enter_pressed", "on_character_entered"), 2)})
FILTER = Shape(
    {},
    {
        "include": list_of(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def initial_is_offered(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    """The initial choice equals one of the options in every field."""
    groups = value.get("option_groups") or ()
    options = [*(value.get("options") or ()), *(option for group in groups for option in group["options"])]
    for key in ("initial_option", "initial_options"):
        if key in value:
            chosen = value[key] if isinstance(value[key], list) else [value[key]]
            if any(one not in options for one in chosen):
                yield Problem(f"{pointer}/{key}", "must be one of the given options", "initial_option")
