"""Buttons, overflow menus, feedback and icon buttons."""

from markupsafe import Markup

from bot.workspace.page.rendering.controls import Control
from bot.workspace.page.rendering.html import join, safe_address, tag
from bot.workspace.page.rendering.mrkdwn import label_of, text_object
from bot.workspace.page.rendering.surface import Json

ICONS = {"trash": "🗑️"}


def button(control: Control) -> Markup:
    """A button with a link opens it and tells the app too, as in Slack."""
    element = control.element
    style = element.get("style")
    classes = "btn" + (f" btn-{style}" if style in {"primary", "danger"} else "")
    drawn = tag(
        "button",
        text_object(element.get("text"), control.reader),
        type="button",
        id=control.id,
        class_=classes,
        dir="auto",
        aria_label=element.get("accessibility_label"),
        data_opens=safe_address(str(element.get("url") or "")),
        **control.marks(),
        **control.report("click"),
    )
    return drawn + control.confirm()


def overflow(control: Control) -> Markup:
    """Three dots with a menu."""
    items = [_menu_item(control, option) for option in control.element.get("options", [])]
    opener = tag(
        "button",
        "⋯",
        type="button",
        id=control.id,
        class_="btn btn-icon",
        data_menu=True,
        aria_haspopup="menu",
        aria_expanded="false",
        aria_controls=f"{control.id}-menu",
        aria_label="More actions",
        **control.marks(),
    )
    menu = tag(
        "div", *items, id=f"{control.id}-menu", class_="menu", role="menu", aria_label="More actions", hidden=True
    )
    return tag("div", opener, menu, control.confirm(), class_="menu-holder")


def _menu_item(control: Control, option: Json) -> Markup:
    description = label_of(option.get("description"))
    return tag(
        "button",
        text_object(option.get("text"), control.reader),
        tag("small", description) if description else "",
        type="button",
        role="menuitem",
        tabindex=-1,
        data_opens=safe_address(str(option.get("url") or "")),
        **control.report("click", choice=str(option.get("value", ""))),
    )


def feedback_buttons(control: Control) -> Markup:
    return tag(
        "span",
        *(
            tag(
                "button",
                text_object(choice.get("text"), control.reader),
                type="button",
                id=f"{control.id}-{side}",
                class_="btn btn-small",
                aria_label=choice.get("accessibility_label"),
                **control.marks(),
                **control.report("click", choice=str(choice.get("value", ""))),
            )
            for side in ("positive", "negative")
            if (choice := control.element.get(f"{side}_button"))
        ),
        class_="feedback",
    )


def icon_button(control: Control) -> Markup:
    """Its text is its accessible name."""
    icon = ICONS.get(str(control.element.get("icon")), "•")
    drawn = tag(
        "button",
        icon,
        type="button",
        id=control.id,
        class_="btn btn-icon btn-small",
        title=label_of(control.element.get("text")),
        aria_label=control.element.get("accessibility_label") or label_of(control.element.get("text")),
        **control.marks(),
        **control.report("click"),
    )
    return join([drawn, control.confirm()])
