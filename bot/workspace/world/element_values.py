"""What people enter into elements, in Slack's form: ``state.values`` and the fields of ``actions``."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from bot.workspace.world.errors import ActRefused
from bot.workspace.world.records import Json, Values

FIELDS = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "users_select": "selected_user",
    "channels_select": "selected_channel",
    "conversations_select": "selected_conversation",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "multi_users_select": "selected_users",
    "multi_channels_select": "selected_channels",
    "multi_conversations_select": "selected_conversations",
}
"""Where the state value of each kind of element carries what is entered; other kinds have no state."""

_INITIAL = {
    "value": "initial_value",
    "rich_text_value": "initial_value",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_date_time": "initial_date_time",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
}

_CLICKED = ("button", "overflow", "feedback_buttons", "icon_button", "workflow_button")

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

_URL = re.compile(r"https?://\S+")

_FORMATS = {"email_text_input": (_EMAIL, "an email address"), "url_text_input": (_URL, "a link with http(s)://")}

Suggestions = Mapping[str, list[Json]]
"""Options that the app suggested last, by action_id."""


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block (or card), nested ones too."""
    for block in blocks:
        for element in _direct_elements(block):
            if element.get("type") in FIELDS or element.get("type") in _CLICKED:
                yield block, element
        yield from elements_of(block.get("child_blocks") or [])
        if block.get("type") == "carousel":
            yield from elements_of(block.get("elements") or [])


def _direct_elements(block: Json) -> Iterator[Json]:
    one = block.get("element") or block.get("accessory")
    if one:
        yield one
    if block.get("type") in ("actions", "context_actions"):
        yield from block.get("elements") or ()
    if block.get("type") == "card":
        yield from block.get("actions") or ()


def find_element(blocks: list[Json], block_id: str | None, action_id: str) -> tuple[Json, Json]:
    """The block and its element; ``block_id`` may be None where action_ids are unique. Raises ActRefused."""
    for block, element in elements_of(blocks):
        if element.get("action_id") == action_id and block_id in (None, block["block_id"]):
            return block, element
    raise ActRefused(f"there is no {action_id!r} to use" + (f" in block {block_id!r}" if block_id else ""))


def initial_values(blocks: list[Json]) -> Values:
    """``state.values`` before anybody entered anything."""
    values: Values = {}
    for block, element in elements_of(blocks):
        if element["type"] in FIELDS:
            values.setdefault(block["block_id"], {})[element["action_id"]] = initial_value(element)
    return values


def initial_value(element: Json) -> Json:
    field = FIELDS[element["type"]]
    empty: Any = [] if field.endswith("s") and field != "value" else None
    return {"type": element["type"], field: element.get(_INITIAL[field], empty)}


def carried_over(blocks: list[Json], before: Values) -> Values:
    """``state.values`` after an update: what was entered stays where block_id, action_id and type stay."""
    values = initial_values(blocks)
    for block_id, in_block in values.items():
        for action_id, value in in_block.items():
            old = before.get(block_id, {}).get(action_id)
            if old and old["type"] == value["type"]:
                in_block[action_id] = old
    return values


def value_of(element: Json, entered: Any, suggestions: Suggestions | None = None) -> Json:
    """The state value of ``element`` when a person enters ``entered``.

    Text, dates and ids are entered as they are; a choice by its value or label, several as a list; a moment as an
    aware datetime or Unix seconds. None empties the element. Raises ActRefused for a choice that it does not have.
    """
    kind = element["type"]
    if isinstance(entered, dict) and entered.get("type") == kind:
        return entered
    field = FIELDS[kind]
    if field == "selected_option":
        entered = None if entered in (None, "") else _chosen(element, entered, suggestions or {})
    elif field == "selected_options":
        entered = [_chosen(element, one, suggestions or {}) for one in entered or ()]
    elif field == "selected_date_time" and entered not in (None, ""):
        entered = int(entered.timestamp()) if isinstance(entered, datetime) else int(entered)
    elif field.endswith("s") and field.startswith("selected"):
        entered = list(entered or ())
    return {"type": kind, field: None if entered == "" else entered}


def all_options(element: Json) -> list[Json]:
    """Options in groups too."""
    grouped = (group.get("options") or [] for group in element.get("option_groups") or ())
    return [*(element.get("options") or []), *(option for group in grouped for option in group)]


def _chosen(element: Json, entered: Any, suggestions: Suggestions) -> Json:
    options = all_options(element) + list(suggestions.get(element["action_id"], ()))
    initial = element.get("initial_option")
    options += [initial] if initial else list(element.get("initial_options") or ())
    wanted = entered.get("value") if isinstance(entered, dict) else entered
    for option in options:
        if option["value"] == wanted:
            return option
    for option in options:
        if option["text"]["text"] == wanted:
            return option
    raise ActRefused(f"{wanted!r} is not among the options of {element['action_id']!r}")


def block_action(block: Json, element: Json, entered: Json | str | None, ts: str) -> Json:
    """One of the ``actions`` of a block_actions payload."""
    described: Json = {
        key: element[key]
        for key in ("text", "value", "style", "placeholder", "confirm", "min_query_length")
        if key in element
    }
    described |= {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "overflow":
        described["selected_option"] = _chosen(element, entered, {})
    elif element["type"] == "feedback_buttons":
        described |= _feedback(element, entered)
    elif isinstance(entered, dict):
        described |= entered
    return described | {"action_ts": ts}


def _feedback(element: Json, entered: Any) -> Json:
    for name in ("positive_button", "negative_button"):
        button = element[name]
        if entered in (button.get("value"), button["text"]["text"]):
            return {"text": button["text"], "value": button.get("value")}
    raise ActRefused(f"{entered!r} is neither of the two feedback buttons")


def complaints(blocks: list[Json], values: Values) -> dict[str, str]:
    """What Slack's own client shows under inputs instead of submitting a modal, by block_id."""
    found: dict[str, str] = {}
    for block, element in elements_of(blocks):
        if block["type"] == "input":
            state = values.get(block["block_id"], {}).get(element["action_id"], {})
            complaint = _complaint(block, element, state.get(FIELDS[element["type"]]))
            if complaint:
                found[block["block_id"]] = complaint
    return found


def _complaint(block: Json, element: Json, entered: Any) -> str | None:
    if entered in (None, "", []):
        return None if block.get("optional") else "Please complete this required field."
    kind = element["type"]
    if kind == "plain_text_input":
        return _length_complaint(element, str(entered))
    if kind == "number_input":
        return _number_complaint(element, str(entered))
    if kind in _FORMATS and not _FORMATS[kind][0].fullmatch(str(entered)):
        return f"Please enter {_FORMATS[kind][1]}."
    most = element.get("max_selected_items")
    if most and isinstance(entered, list) and len(entered) > most:
        return f"Please choose at most {most}."
    return None


def _length_complaint(element: Json, text: str) -> str | None:
    if len(text) < element.get("min_length", 0):
        return f"This field must contain at least {element['min_length']} characters."
    if len(text) > element.get("max_length", 3000):
        return f"Please enter at most {element.get('max_length', 3000)} characters."
    return None


def _number_complaint(element: Json, text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        return "Please enter a number."
    if not element.get("is_decimal_allowed") and number != int(number):
        return "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None
