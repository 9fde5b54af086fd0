"""A posted form as Slack's `state.values`."""

import json
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.workspace.page.rendering.surface import field_name
from bot.workspace.world.element_values import FIELDS, all_options, elements_of
from bot.workspace.world.records import Json, Values


class PostedForm(Protocol):
    """Its names may repeat."""

    def getall(self, key: str, default: list[str]) -> list[str]: ...


def entered_values(blocks: list[Json], posted: PostedForm, zone: ZoneInfo) -> Values:
    """Moments were entered in `zone`."""
    values: Values = {}
    for block, element in elements_of(blocks):
        if element.get("type") in FIELDS:
            block_id, action_id = str(block.get("block_id", "")), str(element.get("action_id", ""))
            raw = [one.replace("\r\n", "\n") for one in posted.getall(field_name(block_id, action_id), [])]
            values.setdefault(block_id, {})[action_id] = value_of(element, [one for one in raw if one], zone)
    return values


def value_of(element: Json, raw: list[str], zone: ZoneInfo) -> Json:
    """One element's state value; `raw` is what its form fields hold."""
    kind = str(element["type"])
    key = FIELDS[kind]
    first = raw[0] if raw else None
    found: object = first
    if kind == "rich_text_input":
        found = _rich(first) if first else None
    elif kind == "datetimepicker":
        found = _unix(first, zone)
    elif key in {"selected_option", "selected_options"}:
        options = _options(element, raw)
        found = options if key == "selected_options" else next(iter(options), None)
    elif key.endswith("s"):
        found = [value for value, _ in map(_pair, raw)]
    return {"type": kind, key: found}


def _unix(local: str | None, zone: ZoneInfo) -> int | None:
    """`None` when the field does not hold a moment."""
    try:
        moment = datetime.fromisoformat(local or "")
    except ValueError:
        return None
    return int(moment.replace(tzinfo=zone).timestamp())


def _rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def _options(element: Json, raw: list[str]) -> list[Json]:
    """As the app defined them; where it suggested them, as the picker holds them."""
    known = {str(option.get("value")): option for option in all_options(element)}
    picked = str(element["type"]).startswith("multi_") or element["type"] == "external_select"
    pairs = [_pair(one) if picked else (one, one) for one in raw]
    return [known.get(value) or _suggested(value, label) for value, label in pairs]


def _pair(raw: str) -> tuple[str, str]:
    """Pickers post a value with its label; a bare value is its own label."""
    try:
        value, label = json.loads(raw)
    except (ValueError, TypeError):
        return raw, raw
    return (value, label) if isinstance(value, str) and isinstance(label, str) else (raw, raw)


def _suggested(value: str, label: str) -> Json:
    return {"text": {"type": "plain_text", "text": label, "emoji": True}, "value": value}
