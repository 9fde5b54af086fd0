"""What every interactive element has: ids, an address to report to, accessible names, a confirm dialog."""

import json
from dataclasses import dataclass

from markupsafe import Markup

from bot.workspace.page.rendering.html import tag
from bot.workspace.page.rendering.mrkdwn import label_of, text_object
from bot.workspace.page.rendering.reader import Reader
from bot.workspace.page.rendering.surface import Json, Surface, field_name


@dataclass(frozen=True)
class Control:
    """One element in its block, ready to be drawn.

    `reports` says whether using it tells the app at once. `labelled_by` and `described_by` are ids on the page.
    """

    element: Json
    block_id: str
    surface: Surface
    reader: Reader
    reports: bool = True
    required: bool = False
    invalid: bool = False
    labelled_by: str | None = None
    described_by: str | None = None

    @property
    def action_id(self) -> str:
        return str(self.element.get("action_id", ""))

    @property
    def id(self) -> str:
        return self.surface.dom_id(self.block_id, self.action_id)

    @property
    def name(self) -> str:
        return field_name(self.block_id, self.action_id)

    @property
    def placeholder(self) -> str:
        return label_of(self.element.get("placeholder"))

    @property
    def entered(self) -> Json | None:
        return self.surface.entered(self.block_id, self.action_id)

    def stored(self, key: str, initial: str) -> object:
        """What is entered under `key`, or the app's initial value."""
        entered = self.entered
        return entered.get(key) if entered is not None else self.element.get(initial)

    def marks(self) -> dict[str, str | None]:
        """Attributes for scripts and tests to find the element by."""
        return {"data_block_id": self.block_id, "data_action_id": self.action_id}

    def naming(self) -> dict[str, str | bool | None]:
        """Attributes for assistive technology."""
        named = self.labelled_by is not None
        return {
            "aria_labelledby": self.labelled_by,
            "aria_label": None if named else (self.placeholder or self.action_id),
            "aria_describedby": self.described_by,
            "aria_required": "true" if self.required else None,
            "aria_invalid": "true" if self.invalid else None,
            "data_autofocus": bool(self.element.get("focus_on_load")) or None,
        }

    def report(self, trigger: str, **extra: str) -> dict[str, str | None]:
        """Attributes that report the element's use to the app; none where it only takes part in a submission."""
        if not self.reports:
            return {}
        sent = {"block_id": self.block_id, "action_id": self.action_id, **extra}
        return {
            "hx_post": self.surface.act,
            "hx_trigger": trigger,
            "hx_vals": json.dumps(sent),
            "data_confirm": self.confirm_id,
        }

    @property
    def confirm_id(self) -> str | None:
        return f"{self.id}-confirm" if self.element.get("confirm") else None

    def confirm(self) -> Markup:
        """The confirm dialog as a `<template>` beside the element."""
        asked = self.element.get("confirm")
        if not asked:
            return Markup("")
        style = "danger" if asked.get("style") == "danger" else "primary"
        title = label_of(asked.get("title"))
        dialog = tag(
            "dialog",
            tag("h2", title),
            tag("div", text_object(asked.get("text"), self.reader), class_="confirm-text"),
            tag(
                "div",
                tag("button", label_of(asked.get("deny")), type="button", class_="btn", value="deny"),
                tag("button", label_of(asked.get("confirm")), type="button", class_=f"btn btn-{style}", value="ok"),
                class_="dialog-foot",
            ),
            class_="dialog confirm",
            aria_label=title,
        )
        return tag("template", dialog, id=self.confirm_id)
