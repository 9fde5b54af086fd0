"""Elements for text, numbers, dates and times."""

from datetime import UTC, datetime

from markupsafe import Markup

from bot.workspace.page.rendering.controls import Control
from bot.workspace.page.rendering.html import join, tag

AT_ONCE = "change"
WHEN_SETTLED = "change delay:600ms"
ON_ENTER = "dispatch"
WHILE_TYPING = "input changed delay:400ms"
LOCAL_FORMAT = "%Y-%m-%dT%H:%M"


def _typing_trigger(control: Control) -> str:
    configured = (control.element.get("dispatch_action_config") or {}).get("trigger_actions_on") or []
    return WHILE_TYPING if "on_character_entered" in configured else ON_ENTER


def _text_value(control: Control) -> str:
    value = control.stored("value", "initial_value")
    return "" if value is None else str(value)


def plain_text_input(control: Control) -> Markup:
    value = _text_value(control)
    if control.element.get("multiline"):
        return _field(control, "textarea", value, rows=4, trigger=_typing_trigger(control))
    return _field(control, "input", type_="text", value=value, trigger=_typing_trigger(control))


def number_input(control: Control) -> Markup:
    element = control.element
    return _field(
        control,
        "input",
        type_="number",
        value=_text_value(control),
        min_=element.get("min_value"),
        max_=element.get("max_value"),
        step="any" if element.get("is_decimal_allowed") else "1",
        trigger=_typing_trigger(control),
    )


def email_text_input(control: Control) -> Markup:
    return _field(control, "input", type_="email", value=_text_value(control), trigger=_typing_trigger(control))


def url_text_input(control: Control) -> Markup:
    return _field(control, "input", type_="url", value=_text_value(control), trigger=_typing_trigger(control))


def rich_text_input(control: Control) -> Markup:
    """The page takes plain paragraphs instead of formatted text."""
    value = control.stored("rich_text_value", "initial_value")
    return _field(control, "textarea", _as_plain(value), rows=5, trigger=_typing_trigger(control))


def _as_plain(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    parts = (part for part in value.get("elements", []) if isinstance(part, dict))
    return "\n".join(
        "".join(str(leaf.get("text", "")) for leaf in part.get("elements", []) if isinstance(leaf, dict))
        for part in parts
    )


def datepicker(control: Control) -> Markup:
    value = control.stored("selected_date", "initial_date")
    return _field(control, "input", type_="date", value=str(value or ""), trigger=WHEN_SETTLED)


def timepicker(control: Control) -> Markup:
    """With the time zone that the app names beside it."""
    value = control.stored("selected_time", "initial_time")
    drawn = _field(control, "input", type_="time", value=str(value or ""), trigger=WHEN_SETTLED)
    zone = control.element.get("timezone")
    return join([drawn, tag("span", str(zone), class_="zone")]) if zone else drawn


def datetimepicker(control: Control) -> Markup:
    """Entered and shown in the reader's zone."""
    moment = control.stored("selected_date_time", "initial_date_time")
    drawn = _field(
        control,
        "input",
        type_="datetime-local",
        value=local_entry(moment, control) if isinstance(moment, int) else "",
        trigger=WHEN_SETTLED,
    )
    return join([drawn, tag("span", control.reader.zone.key.replace("_", " "), class_="zone")])


def local_entry(moment: int, control: Control) -> str:
    """A Unix time as the value of a date and time field in the reader's zone."""
    return control.reader.local(datetime.fromtimestamp(moment, UTC)).strftime(LOCAL_FORMAT)


def _field(
    control: Control,
    name: str,
    *content: str,
    trigger: str,
    type_: str | None = None,
    **attributes: str | int | float | None,
) -> Markup:
    """`name` is "input" or "textarea"."""
    drawn = tag(
        name,
        *(f"\n{text}" if text.startswith("\n") else text for text in content),
        type=type_,
        id=control.id,
        name=control.name,
        class_="field",
        placeholder=control.placeholder or None,
        dir="auto",
        autocomplete="off",
        data_enter=control.reports and trigger == ON_ENTER,
        **control.marks(),
        **control.naming(),
        **control.report(trigger),
        **attributes,
    )
    return drawn + control.confirm()
