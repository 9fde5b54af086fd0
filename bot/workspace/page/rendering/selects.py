"""Elements to choose with: selects of every kind, radio buttons, checkboxes."""

import json
from collections.abc import Iterable

from markupsafe import Markup

from bot.workspace.page.rendering.controls import Control
from bot.workspace.page.rendering.html import join, tag
from bot.workspace.page.rendering.inputs import AT_ONCE
from bot.workspace.page.rendering.mrkdwn import label_of, text_object
from bot.workspace.page.rendering.reader import Choice, Reader
from bot.workspace.page.rendering.surface import Json, fingerprint

Groups = list[tuple[str, list[Choice]]]
"""Choices by heading; the heading may be empty."""

LISTED = {"users": "user", "channels": "channel", "conversations": "conversation"}


def choices(control: Control) -> Groups:
    """The app's own options, or people, channels or conversations."""
    kind = str(control.element.get("type", "")).removeprefix("multi_").removesuffix("_select")
    if kind in LISTED:
        return [("", list(_listed(kind, control.reader)))]
    groups = control.element.get("option_groups")
    if groups:
        return [(label_of(group.get("label")), _options(group.get("options", []))) for group in groups]
    return [("", _options(control.element.get("options", [])))]


def _listed(kind: str, reader: Reader) -> Iterable[Choice]:
    return {
        "users": reader.colleagues,
        "channels": reader.open_channels,
        "conversations": reader.conversations,
    }[kind]


def _options(options: Iterable[Json]) -> list[Choice]:
    return [(str(option.get("value", "")), label_of(option.get("text"))) for option in options]


def chosen(control: Control) -> list[str]:
    """What is entered, or the app's initial values."""
    element = control.element
    kind = str(element.get("type", ""))
    listed = LISTED.get(kind.removeprefix("multi_").removesuffix("_select"))
    if kind.startswith("multi_") or kind == "checkboxes":
        key = f"{listed}s" if listed else "options"
        found = control.stored(f"selected_{key}", f"initial_{key}")
        many = found if isinstance(found, list) else []
    else:
        key = listed or "option"
        one = control.stored(f"selected_{key}", f"initial_{key}")
        many = [one] if one else []
    return [str(one.get("value", "")) if isinstance(one, dict) else str(one) for one in many]


def select(control: Control) -> Markup:
    """The browser's own select, which works by keyboard, touch and screen reader everywhere."""
    current = chosen(control)
    options: list[Markup] = [tag("option", control.placeholder or "Choose an option", value="")]
    for heading, group in choices(control):
        drawn = [tag("option", label, value=value, selected=value in current, dir="auto") for value, label in group]
        options += [tag("optgroup", *drawn, label=heading)] if heading else drawn
    drawn_select = tag(
        "select",
        *options,
        id=control.id,
        name=control.name,
        class_="field select",
        **control.marks(),
        **control.naming(),
        **control.report(AT_ONCE),
    )
    return drawn_select + control.confirm()


def picker(control: Control) -> Markup:
    """A field with suggestions below it: for several of a list, or one of a list that the app suggests.

    The page's script fills it; each choice is a hidden field of the form.
    """
    many = str(control.element.get("type", "")).startswith("multi_")
    external = "external" in str(control.element.get("type", ""))
    entries = _chosen_options(control)
    field = tag(
        "input",
        type="text",
        id=control.id,
        class_="field",
        role="combobox",
        autocomplete="off",
        dir="auto",
        aria_autocomplete="list",
        aria_expanded="false",
        aria_controls=f"{control.id}-list",
        placeholder=control.placeholder or ("Choose options" if many else "Choose an option"),
        **control.marks(),
        **control.naming(),
    )
    return tag(
        "div",
        tag("div", *(chip(control.name, value, label) for value, label in entries), class_="chips"),
        field,
        tag(
            "div",
            option_list(choices(control)),
            id=f"{control.id}-list",
            class_="listbox",
            role="listbox",
            hidden=True,
        ),
        tag("input", type="hidden", class_="picked", **control.report(AT_ONCE)),
        control.confirm(),
        id=f"{control.id}-picker",
        class_="picker",
        data_picker="many" if many else "one",
        data_name=control.name,
        data_limit=control.element.get("max_selected_items"),
        data_suggest=control.surface.suggest if external else None,
        data_min_length=control.element.get("min_query_length", 3) if external else None,
        data_keep=fingerprint(control.element),
    )


def _chosen_options(control: Control) -> list[Choice]:
    """With labels; those of options that the app suggested are in the state value."""
    labels = {value: label for _, group in choices(control) for value, label in group}
    found = control.stored("selected_options", "initial_options") or control.stored(
        "selected_option", "initial_option"
    )
    for option in found if isinstance(found, list) else [found]:
        if isinstance(option, dict):
            labels.setdefault(str(option.get("value", "")), label_of(option.get("text")))
    return [(value, labels.get(value, value)) for value in chosen(control)]


def chip(name: str, value: str, label: str) -> Markup:
    """One choice with a button to remove it; the form posts its value with its label."""
    return tag(
        "span",
        tag("bdi", label),
        tag("button", "×", type="button", class_="chip-remove", aria_label=f"Remove {label}"),
        tag("input", type="hidden", name=name, value=json.dumps([value, label])),
        class_="chip",
    )


def option_list(groups: Groups) -> Markup:
    parts: list[Markup] = []
    for heading, group in groups:
        if heading:
            parts.append(tag("div", heading, class_="listbox-heading", role="presentation"))
        parts += [
            tag("div", label, role="option", aria_selected="false", data_value=value, dir="auto")
            for value, label in group
        ]
    return join(parts)


def radio_buttons(control: Control) -> Markup:
    return _set(control, "radio")


def checkboxes(control: Control) -> Markup:
    return _set(control, "checkbox")


def _set(control: Control, kind: str) -> Markup:
    current = chosen(control)
    rows = [
        _tick(control, kind, number, option, str(option.get("value", "")) in current)
        for number, option in enumerate(control.element.get("options", []))
    ]
    return tag(
        "div",
        *rows,
        control.confirm(),
        id=control.id,
        class_="ticks",
        role="radiogroup" if kind == "radio" else "group",
        **control.marks(),
        **{key: value for key, value in control.naming().items() if key != "aria_required" or kind == "radio"},
    )


def _tick(control: Control, kind: str, number: int, option: Json, is_on: bool) -> Markup:
    own_id = f"{control.id}-{number}"
    description = option.get("description")
    box = tag(
        "input",
        type=kind,
        id=own_id,
        name=control.name,
        value=str(option.get("value", "")),
        checked=is_on,
        aria_describedby=f"{own_id}-note" if description else None,
        **control.report(AT_ONCE),
    )
    note = (
        tag("span", text_object(description, control.reader), class_="tick-note", id=f"{own_id}-note")
        if description
        else ""
    )
    label = tag("label", text_object(option.get("text"), control.reader), for_=own_id, dir="auto")
    return tag("div", box, label, note, class_="tick")
