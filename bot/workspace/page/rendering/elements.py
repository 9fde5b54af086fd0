"""Block elements as HTML, by type."""

from collections.abc import Callable

from markupsafe import Markup

from bot.workspace.page.rendering import buttons, inputs, selects
from bot.workspace.page.rendering.controls import Control
from bot.workspace.page.rendering.html import safe_address, tag
from bot.workspace.page.rendering.surface import Json


def image(element: Json, class_: str) -> Markup:
    """The alternative text where the address is not one of the web."""
    address = safe_address(str(element.get("image_url") or ""))
    alternative = str(element.get("alt_text") or "")
    if address is None:
        return tag("span", alternative or "picture", class_=f"{class_} no-image")
    return tag("img", src=address, alt=alternative, class_=class_, loading="lazy", referrerpolicy="no-referrer")


ELEMENTS: dict[str, Callable[[Control], Markup]] = {
    "button": buttons.button,
    "overflow": buttons.overflow,
    "feedback_buttons": buttons.feedback_buttons,
    "icon_button": buttons.icon_button,
    "workflow_button": buttons.button,
    "plain_text_input": inputs.plain_text_input,
    "rich_text_input": inputs.rich_text_input,
    "number_input": inputs.number_input,
    "email_text_input": inputs.email_text_input,
    "url_text_input": inputs.url_text_input,
    "datepicker": inputs.datepicker,
    "timepicker": inputs.timepicker,
    "datetimepicker": inputs.datetimepicker,
    "static_select": selects.select,
    "users_select": selects.select,
    "channels_select": selects.select,
    "conversations_select": selects.select,
    "external_select": selects.picker,
    "multi_static_select": selects.picker,
    "multi_external_select": selects.picker,
    "multi_users_select": selects.picker,
    "multi_channels_select": selects.picker,
    "multi_conversations_select": selects.picker,
    "radio_buttons": selects.radio_buttons,
    "checkboxes": selects.checkboxes,
}
"""By type, images apart."""

GROUPED = frozenset({"radio_buttons", "checkboxes"})
"""Elements of several fields: named by a heading, as a label is for one field."""


def element(control: Control) -> Markup:
    """An element of unknown type says so."""
    kind = str(control.element.get("type"))
    if kind == "image":
        return image(control.element, "accessory-image")
    draw = ELEMENTS.get(kind)
    if draw is None:
        return tag("span", f"Unsupported element: {kind}", class_="unsupported")
    return draw(control)
