"""The fields of a form."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from messages.kit import slack_limits
from messages.kit.blocks import Block, Element, option, plain_text
from messages.kit.text import cut

Entered = Mapping[str, Any]
"""What a person has entered in a form so far, by field."""


def input_block(
    field_name: str,
    label: str,
    element: Element,
    *,
    optional: bool = False,
    hint: str = "",
    dispatch: bool = False,
) -> Block:
    """One field of a form; its errors are shown under ``field_name``. ``dispatch`` reports each change at once."""
    block: Block = {
        "type": "input",
        "block_id": field_name,
        "label": plain_text(label, slack_limits.LABEL),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain_text(hint, slack_limits.LABEL)
    if dispatch:
        block["dispatch_action"] = True
    return block


def text_input(
    action_id: str = "value",
    initial: str = "",
    *,
    multiline: bool = False,
    max_length: int | None = None,
    placeholder: str = "",
    enter: bool = False,
) -> Element:
    """A text field; ``enter`` reports it when Enter is pressed."""
    element: Element = {"type": "plain_text_input", "action_id": action_id, "multiline": multiline}
    if initial:
        element["initial_value"] = initial
    if max_length:
        element["max_length"] = min(max_length, slack_limits.TEXT_INPUT)
    if placeholder:
        element["placeholder"] = plain_text(placeholder, slack_limits.PLACEHOLDER)
    if enter:
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_enter_pressed"]}
    return element


def text_area(initial: str = "", limit: int = slack_limits.TEXT_INPUT, placeholder: str = "") -> Element:
    """A text field of several lines and at most ``limit`` characters."""
    return text_input(initial=cut(initial, limit), multiline=True, max_length=limit, placeholder=placeholder)


def select(action_id: str, options: Sequence[Element], chosen: str | None = None, placeholder: str = "") -> Element:
    """A menu of the first 100 ``options``; ``chosen`` is the value of the initial one."""
    shown = list(options[: slack_limits.MENU_OPTIONS])
    element: Element = {"type": "static_select", "action_id": action_id, "options": shown}
    if placeholder:
        element["placeholder"] = plain_text(placeholder, slack_limits.PLACEHOLDER)
    initial = next((one for one in shown if one["value"] == chosen), None)
    if initial:
        element["initial_option"] = initial
    return element


def multi_select(options: Sequence[Element], chosen: Sequence[Element] = ()) -> Element:
    """A menu in which several ``options`` can be chosen, ``chosen`` from the start."""
    element: Element = {"type": "multi_static_select", "action_id": "value", "options": list(options)}
    if chosen:
        element["initial_options"] = list(chosen)
    return element


def search_select(action_id: str, placeholder: str, chosen: Element | None = None) -> Element:
    """A menu that asks for its options under ``action_id`` as people type."""
    element: Element = {
        "type": "external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "placeholder": plain_text(placeholder, slack_limits.PLACEHOLDER),
    }
    if chosen:
        element["initial_option"] = chosen
    return element


class Keyed(Protocol):
    """What people choose by name or key: a service, an environment."""

    @property
    def key(self) -> str: ...

    @property
    def name(self) -> str: ...


def keyed_menu(
    what: str, entries: Sequence[Keyed], chosen: str, search_id: str, action_id: str = "value"
) -> Element:
    """A menu of ``entries``, or where they are too many a search that asks for its options under ``search_id``.

    ``what`` is what is chosen, such as ``a service``, ``chosen`` the key of the initial entry.
    """
    if len(entries) <= slack_limits.MENU_OPTIONS:
        return select(action_id, keyed_options(entries), chosen, f"Choose {what}")
    initial = next(iter(keyed_options([one for one in entries if one.key == chosen])), None)
    return search_select(search_id, f"Type {what}'s key or name", initial)


def keyed_options(entries: Sequence[Keyed], typed: str = "") -> list[Element]:
    """The first 100 ``entries`` whose key or name contains ``typed``."""
    wanted = typed.casefold()
    found = [one for one in entries if wanted in one.key.casefold() or wanted in one.name.casefold()]
    return [option(f"{one.name} ({one.key})", one.key) for one in found[: slack_limits.MENU_OPTIONS]]


def moment_picker(chosen: datetime | int | None = None, action_id: str = "value") -> Element:
    """A date and time, which people pick in their own time zone; ``chosen`` may be seconds since 1970."""
    element: Element = {"type": "datetimepicker", "action_id": action_id}
    if chosen:
        element["initial_date_time"] = int(chosen.timestamp()) if isinstance(chosen, datetime) else chosen
    return element


def person_picker(chosen: str | None = None) -> Element:
    """One person, by Slack id."""
    element: Element = {
        "type": "users_select",
        "action_id": "value",
        "placeholder": plain_text("Choose a person", slack_limits.PLACEHOLDER),
    }
    if chosen:
        element["initial_user"] = chosen
    return element
