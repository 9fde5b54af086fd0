"""What Slack delivered, decoded once: who, where, with which value."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from handlers.dispatch.fields import Carried, Entered, decode, entered_in
from models.events import Actor
from models.text import storable

Payload = dict[str, Any]


def person_of(payload: Payload) -> str:
    """The Slack id of whoever acts; empty where nobody does."""
    user = payload.get("user_id") or payload.get("user") or (payload.get("event") or {}).get("user") or ""
    return str(user.get("id") or "") if isinstance(user, dict) else str(user)


@dataclass(frozen=True)
class Incoming:
    """One thing that a person did. ``surface`` says from where (see :class:`models.events.Actor`).

    ``text`` is what follows the verb of a command, or what is typed into a menu. ``known`` is false for the person
    of an event as long as Slack hasn't said who they are.
    """

    payload: Payload
    surface: str
    person: str
    name: str
    trigger_id: str = ""
    response_url: str = ""
    channel: str = ""
    text: str = ""
    known: bool = True

    @classmethod
    def of(cls, body: Payload, surface: str, text: str = "") -> "Incoming":
        """``body`` as Slack delivered it; texts are without what no database keeps."""
        user = body.get("user") or {}
        channels = (
            body.get("channel_id"),
            (body.get("channel") or {}).get("id"),
            (body.get("container") or {}).get("channel_id"),
        )
        return cls(
            payload=body,
            surface=surface,
            person=person_of(body),
            name=storable(str(body.get("user_name") or user.get("username") or user.get("name") or "")),
            trigger_id=str(body.get("trigger_id") or ""),
            response_url=str(body.get("response_url") or ""),
            channel=str(next(filter(None, channels), "")),
            text=storable(text),
        )

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
    def value(self) -> Carried:
        """The value that the clicked button or chosen option carries. Raises Stale when it is not ours."""
        chosen = self.action.get("selected_option") or self.action
        return decode(str(chosen.get("value") or ""))

    @property
    def choice(self) -> str:
        """The value of the option that was chosen in a menu."""
        return str((self.action.get("selected_option") or {}).get("value") or "")

    @cached_property
    def view(self) -> Payload:
        """The view it came from; empty when it came from none."""
        return self.payload.get("view") or {}

    @cached_property
    def metadata(self) -> Carried:
        """What the modal was opened with. Raises Stale when it is not ours."""
        return decode(str(self.view.get("private_metadata") or ""))

    @cached_property
    def fields(self) -> Entered:
        """What is entered in the modal."""
        return entered_in(self.view)

    @property
    def chosen_people(self) -> list[str]:
        """The people chosen in the modal."""
        inputs = [
            one for block in ((self.view.get("state") or {}).get("values") or {}).values() for one in block.values()
        ]
        chosen = [one.get("selected_user") for one in inputs]
        several = [person for one in inputs for person in one.get("selected_users") or ()]
        return [str(person) for person in (*chosen, *several) if person]

    @property
    def nonce(self) -> str:
        """The key of the form since it opened: the same however often it is submitted. Raises Stale without one."""
        return str(self.metadata["f"])

    @cached_property
    def payload_key(self) -> str:
        """The same when Slack repeats the payload."""
        body = json.dumps(self.payload, sort_keys=True, default=str)
        return hashlib.sha256(body.encode()).hexdigest()
