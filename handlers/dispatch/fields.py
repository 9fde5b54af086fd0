"""What a button carries and what a person enters in a modal, decoded."""

import json
import secrets
from datetime import UTC, date, datetime
from typing import Any

from models.errors import Invalid, Stale
from models.text import storable

_OLD = "This button is from an earlier version of Release Desk. Use the buttons that /release show gives."


class Carried(dict[str, Any]):
    """What a button or the metadata of a modal carries.

    A field that an earlier version did not write raises :class:`~models.errors.Stale`.
    """

    def __missing__(self, name: str) -> Any:
        raise Stale(_OLD)


class Entered(dict[str, Any]):
    """What is entered in a modal, by field: text, the value of an option, a timestamp or a list; None if empty."""

    def text(self, name: str) -> str:
        """The text or choice in ``name``; empty where nothing is entered."""
        return str(self.get(name) or "")

    def texts(self) -> dict[str, str]:
        """The text or choice in each field."""
        return {name: self.text(name) for name in self}

    def choice(self, name: str) -> str:
        """The choice in ``name``. Raises :class:`~models.errors.Invalid` where there is none."""
        if not self.text(name):
            raise Invalid({name: "Choose one."})
        return self.text(name)

    def several(self, name: str) -> tuple[str, ...]:
        """The choices in ``name``, or the words typed there."""
        chosen = self.get(name)
        return tuple(chosen) if isinstance(chosen, list) else tuple(self.text(name).replace(",", " ").split())

    def moment(self, name: str) -> datetime | None:
        """The moment chosen in ``name``, in UTC; None where there is none, or one that no calendar has."""
        chosen = self.get(name)
        try:
            return datetime.fromtimestamp(int(chosen), UTC) if chosen else None
        except (ValueError, OverflowError, OSError):
            return None

    def day(self, name: str) -> date | None:
        """The day chosen in ``name``."""
        return date.fromisoformat(self.text(name)) if self.text(name) else None


def decode(data: str) -> Carried:
    """Read what :func:`messages.kit.blocks.value` wrote. Raises :class:`~models.errors.Stale` for anything else."""
    try:
        fields = json.loads(data or "{}")
    except ValueError:
        raise Stale(_OLD) from None
    if not isinstance(fields, dict) or fields.get("v") != 1:
        raise Stale(_OLD)
    return Carried(fields)


def entered_in(view: dict[str, Any]) -> Entered:
    """What is entered in ``view``; texts are without what no database keeps."""
    values = (view.get("state") or {}).get("values") or {}
    return Entered(
        (block_id, _storable(_state_of(element)))
        for block_id, elements in values.items()
        for element in list(elements.values())[:1]
    )


def new_nonce() -> str:
    """A key for a form that opens now; see :attr:`handlers.dispatch.incoming.Incoming.nonce`."""
    return secrets.token_urlsafe(12)


_STATES = (
    "value",
    "selected_date_time",
    "selected_user",
    "selected_channel",
    "selected_conversation",
    "selected_date",
    "selected_time",
    "selected_users",
)
"""Where Slack puts what is entered, by kind of input."""


def _state_of(element: dict[str, Any]) -> Any:
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or []]
    return next((element[key] for key in _STATES if key in element), None)


def _storable(entered: Any) -> Any:
    return storable(entered) if isinstance(entered, str) else entered
