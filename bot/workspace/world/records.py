"""People, user groups, channels, messages and views."""

from dataclasses import dataclass, field
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Json = dict[str, Any]
"""A JSON object as Slack sends or takes it."""

ChannelKind = Literal["channel", "private", "im"]

ViewKind = Literal["modal", "home"]

Values = dict[str, dict[str, Json]]
"""Slack's ``state.values``: block_id -> action_id -> the element's type and what is entered in it."""


@dataclass
class Person:
    """Somebody in the workspace, or the app's bot user. ``tz`` is an IANA zone name.

    ``team`` is the id of another team that they belong to; they are here by a shared channel. Guests are
    ``is_restricted`` (several channels) or ``is_ultra_restricted`` (one).
    """

    id: str
    name: str
    real_name: str
    tz: str = "UTC"
    is_bot: bool = False
    deleted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    is_admin: bool = False
    email: str = ""
    title: str = ""
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    team: str = ""
    bot_id: str | None = None

    @property
    def standing(self) -> str:
        """What they are besides a member of the team; empty for a member."""
        if self.team:
            return "other team"
        return "guest" if self.is_restricted or self.is_ultra_restricted else ""

    @property
    def zone(self) -> ZoneInfo:
        """UTC where ``tz`` is unknown."""
        try:
            return ZoneInfo(self.tz)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")


@dataclass
class Group:
    """A user group; ``members`` are ids of people."""

    id: str
    handle: str
    name: str
    members: list[str] = field(default_factory=list)
    disabled: bool = False


@dataclass
class Channel:
    """A channel, a private channel or a direct conversation; ``members`` are ids of people."""

    id: str
    name: str
    kind: ChannelKind = "channel"
    members: list[str] = field(default_factory=list)
    topic: str = ""
    archived: bool = False
    created: int = 0

    def other(self, reader: str) -> str:
        """In a direct conversation, the person that ``reader`` talks to."""
        return next((one for one in self.members if one != reader), reader)


@dataclass
class Message:
    """A message. ``ts`` names it within its channel; ``ephemeral_to`` is the only person who sees it, if any."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: Json | None = None
    edited: Json | None = None
    deleted: bool = False
    ephemeral_to: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    icon_emoji: str | None = None
    mrkdwn: bool = True
    subtype: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pinned: bool = False
    entered: dict[str, Values] = field(default_factory=dict)
    """By person: as in Slack, nobody sees what somebody else ticked until the app updates the message."""

    def values_of(self, person: str) -> Values:
        return self.entered.setdefault(person, {})

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class View:
    """A modal or somebody's Home as the app last gave it.

    ``values`` is what is entered, so far as the workspace was told; ``errors`` what is shown under each input, by
    block_id; ``user`` the person who sees it. ``title``, ``submit`` and ``close`` are text objects.
    """

    id: str
    kind: ViewKind
    user: str
    callback_id: str = ""
    title: Json | None = None
    submit: Json | None = None
    close: Json | None = None
    blocks: list[Json] = field(default_factory=list)
    private_metadata: str = ""
    hash: str = ""
    values: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    root_view_id: str = ""
    previous_view_id: str | None = None
    external_id: str = ""
    clear_on_close: bool = False
    notify_on_close: bool = False
    submit_disabled: bool = False

    def values_of(self, _person: str) -> Values:
        """A view has one person."""
        return self.values
