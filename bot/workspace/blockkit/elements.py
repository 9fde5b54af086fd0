"""Block elements: buttons, menus, inputs."""

from collections.abc import Iterator
from typing import Any

from bot.workspace.blockkit.composition_objects import (
    CONFIRM,
    DATE,
    DISPATCH,
    FILTER,
    ID,
    MARKED_OPTION,
    MOMENT,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    TIME,
    URL,
    initial_is_offered,
    plain,
)
from bot.workspace.blockkit.rich_text import RICH_TEXT
from bot.workspace.blockkit.schema import (
    Check,
    Problem,
    Shape,
    flag,
    integer,
    list_of,
    needs_one,
    not_both,
    one_of,
    string,
    typed,
)

_COMMON: dict[str, Check] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag, "placeholder": plain(150)}
_WRITTEN: dict[str, Check] = {
    "action_id": ID,
    "dispatch_action_config": DISPATCH,
    "focus_on_load": flag,
    "placeholder": plain(150),
}
_MANY: dict[str, Check] = {"max_selected_items": integer(1)}
_IDS = list_of(string(), least=0)


def _menu(**optional: Check) -> Shape:
    return Shape({}, {**_COMMON, **optional})


def _lengths(value: dict[str, Any], pointer: str) -> Iterator[Problem]:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        yield Problem(f"{pointer}/min_length", "must not be more than max_length", "min_length")


def _static(most_initial: str, check: Check) -> Shape:
    return Shape(
        {},
        {
            **_COMMON,
            "options": list_of(OPTION, 100),
            "option_groups": list_of(OPTION_GROUP, 100),
            most_initial: check,
            **(_MANY if most_initial == "initial_options" else {}),
        },
        (needs_one("options", "option_groups"), not_both("options", "option_groups"), initial_is_offered),
    )


BUTTON = Shape(
    {"text": plain(75)},
    {
        "action_id": ID,
        "url": URL,
        "value": string(2000),
        "style": one_of("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
IMAGE = Shape(
    {"alt_text": string(2000)},
    {"image_url": URL, "slack_file": SLACK_FILE},
    (needs_one("image_url", "slack_file"), not_both("image_url", "slack_file")),
)
_FEEDBACK = Shape({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})

ELEMENTS: dict[str, Check] = {
    "button": BUTTON,
    "image": IMAGE,
    "overflow": Shape({"options": list_of(OVERFLOW_OPTION, 5, 2)}, {"action_id": ID, "confirm": CONFIRM}),
    "datepicker": _menu(initial_date=DATE),
    "timepicker": _menu(initial_time=TIME, timezone=string(100)),
    "datetimepicker": Shape(
        {}, {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag, "initial_date_time": MOMENT}
    ),
    "static_select": _static("initial_option", OPTION),
    "multi_static_select": _static("initial_options", list_of(OPTION, 100)),
    "external_select": _menu(initial_option=OPTION, min_query_length=integer(0)),
    "multi_external_select": _menu(initial_options=list_of(OPTION, 100), min_query_length=integer(0), **_MANY),
    "users_select": _menu(initial_user=string()),
    "multi_users_select": _menu(initial_users=_IDS, **_MANY),
    "channels_select": _menu(initial_channel=string(), response_url_enabled=flag),
    "multi_channels_select": _menu(initial_channels=_IDS, **_MANY),
    "conversations_select": _menu(
        initial_conversation=string(),
        default_to_current_conversation=flag,
        response_url_enabled=flag,
        filter=FILTER,
    ),
    "multi_conversations_select": _menu(
        initial_conversations=_IDS, default_to_current_conversation=flag, filter=FILTER, **_MANY
    ),
    "radio_buttons": Shape(
        {"options": list_of(MARKED_OPTION, 10)},
        {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag, "initial_option": MARKED_OPTION},
        (initial_is_offered,),
    ),
    "checkboxes": Shape(
        {"options": list_of(MARKED_OPTION, 10)},
        {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag, "initial_options": list_of(MARKED_OPTION, 10)},
        (initial_is_offered,),
    ),
    "plain_text_input": Shape(
        {},
        {
            **_WRITTEN,
            "initial_value": string(3000, least=0),
            "multiline": flag,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
        (_lengths,),
    ),
    "number_input": Shape(
        {"is_decimal_allowed": flag},
        {
            **_WRITTEN,
            "initial_value": string(pattern=r"-?\d+(\.\d+)?"),
            "min_value": string(pattern=r"-?\d+(\.\d+)?"),
            "max_value": string(pattern=r"-?\d+(\.\d+)?"),
        },
    ),
    "email_text_input": Shape({}, {**_WRITTEN, "initial_value": string(3000, least=0)}),
    "url_text_input": Shape({}, {**_WRITTEN, "initial_value": string(3000, least=0)}),
    "rich_text_input": Shape({}, {**_WRITTEN, "initial_value": typed({"rich_text": RICH_TEXT})}),
    "feedback_buttons": Shape({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": ID}),
    "icon_button": Shape(
        {"icon": one_of("trash"), "text": plain(75)},
        {
            "action_id": ID,
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": _IDS,
        },
    ),
}

_MENUS = ("static_select", "external_select", "users_select", "channels_select", "conversations_select")
_MULTI = tuple(f"multi_{one}" for one in _MENUS)
_PICKED = ("datepicker", "timepicker", "radio_buttons", "checkboxes")

ACTIONS = typed(ELEMENTS, ("button", "overflow", "datetimepicker", *_PICKED, *_MENUS))
"""In an actions block."""
ACCESSORY = typed(ELEMENTS, ("button", "overflow", "image", *_PICKED, *_MENUS, *_MULTI))
"""Beside a section."""
INPUT = typed(
    ELEMENTS,
    (
        *("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input"),
        *("datetimepicker", *_PICKED, *_MENUS, *_MULTI),
    ),
)
"""In an input block."""
CONTEXT_ACTIONS = typed(ELEMENTS, ("feedback_buttons", "icon_button"))
"""In a context_actions block."""
