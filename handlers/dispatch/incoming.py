"""What Slack delivered, decoded once: who, where, with which value."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from models.errors import Stale
from models.events import Actor
from models.text import storable

Payload = dict[str, Any]

_OLD = "This button is from an earlier version of Release Desk. Use the buttons that /release show gives."


class _Fields(dict[str, Any]):
    """What a button or a modal carries; a field that is missing is one that an earlier version did not write."""

    def __missing__(self, name: str) -> Any:
        raise Stale(_OLD)


def decode(data: str) -> dict[str, Any]:
    """Read what :func:`messages.kit.blocks.value` wrote. Raises :class:`~models.errors.Stale` for anything else."""
    try:
        fields = json.loads(data or "{}")
    except ValueError:
        raise Stale(_OLD) from None
    if not isinstance(fields, dict) or fields.get("v") != 1:
        raise Stale(_OLD)
    return _Fields(fields)


def written(fields: Mapping[str, Any], name: str) -> str:
    """The text or choice in the field ``name``; empty where nothing is entered."""
    return str(fields.get(name) or "")


def all_written(fields: Mapping[str, Any]) -> dict[str, str]:
    """The text or choice in each field."""
    return {name: written(fields, name) for name in fields}


def moment(fields: Mapping[str, Any], name: str) -> datetime | None:
    """The moment chosen in the field ``name``, in UTC; None where none is, or one that no calendar has."""
    chosen = fields.get(name)
    try:
        return datetime.fromtimestamp(int(chosen), UTC) if chosen else None
    except (ValueError, OverflowError, OSError):
        return None


def new_nonce() -> str:
    """A name for a form that opens now: whoever submits it twice has its effect once."""
    return secrets.token_urlsafe(12)


@dataclass(frozen=True)
class Incoming:
    """One thing that a person did. ``surface`` says from where (see :class:`models.events.Actor`)."""

    payload: Payload
    surface: str
    person: str
    name: str
    trigger_id: str = ""
    response_url: str = ""
    channel: str = ""
    text: str = ""

    @property
    def actor(self) -> Actor:
        """Who acts, for the audit trail."""
        return Actor(person=self.person, surface=self.surface)

    @cached_property
    def action(self) -> Payload:
        """The clicked or changed element; empty for anything but an action."""
        actions = self.payload.get("actions") or [{}]
        return actions[0]  # type: ignore[no-any-return]

    @cached_property
    def value(self) -> dict[str, Any]:
        """The value that the clicked button or chosen option carries. Raises Stale when it is not ours."""
        chosen = self.action.get("selected_option") or self.action
        return decode(str(chosen.get("value") or ""))

    @cached_property
    def view(self) -> Payload:
        """The view it came from; empty when it came from none."""
        return self.payload.get("view") or {}

    @cached_property
    def metadata(self) -> dict[str, Any]:
        """What the modal was opened with. Raises Stale when it is not ours."""
        return decode(str(self.view.get("private_metadata") or ""))

    @cached_property
    def fields(self) -> dict[str, Any]:
        """What is entered in the modal, by field name: text, a value, a timestamp or a list; None if empty.

        Texts are without what no database keeps.
        """
        values = (self.view.get("state") or {}).get("values") or {}
        return {
            block_id: _entered(element)
            for block_id, elements in values.items()
            for element in list(elements.values())[:1]
        }

    @cached_property
    def delivery(self) -> str:
        """A name for this delivery that is the same when Slack repeats it."""
        body = json.dumps(self.payload, sort_keys=True, default=str)
        return hashlib.sha256(body.encode()).hexdigest()


_ENTERED = (
    "value",
    "selected_date_time",
    "selected_user",
    "selected_channel",
    "selected_conversation",
    "selected_date",
    "selected_time",
    "selected_users",
)


def _entered(element: Payload) -> Any:
    found = _element_state(element)
    return storable(found) if isinstance(found, str) else found


def _element_state(element: Payload) -> Any:
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or []]
    return next((element[key] for key in _ENTERED if key in element), None)
