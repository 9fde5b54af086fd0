"""What a workspace consists of: people, groups, channels, messages, views."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
"""A JSON object as Slack sends or takes it."""

ChannelKind = Literal["channel", "private", "im"]

ViewKind = Literal["modal", "home"]

Values = dict[str, dict[str, Json]]
"""Slack's ``state.values``: block_id -> action_id -> the element's type and what is entered."""


@dataclass
class Person:
    """Somebody in the workspace, or the app's bot user. ``tz`` is an IANA zone name."""

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
    bot_id: str | None = None


@dataclass
class Group:
    """A user group; ``members`` are ids of people."""

    id: str
    handle: str
    name: str
    members: list[str] = field(default_factory=list)


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
        """In a direct conversation: the person whom ``reader`` talks to."""
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
    """What each person entered: as in Slack, nobody sees what another has ticked until the app says so."""

    def values_of(self, person: str) -> Values:
        """What ``person`` entered in this message."""
        return self.entered.setdefault(person, {})

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class View:
    """A modal or somebody's Home as the app last gave it.

    ``values`` is what is entered so far (as far as the workspace was told), ``errors`` what is said under each
    input by block_id, ``user`` the person who sees it. ``title``, ``submit`` and ``close`` are text objects.
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

    def values_of(self, _person: str) -> Values:
        """What is entered in this view, which one person sees."""
        return self.values

    submit_disabled: bool = False


@dataclass(frozen=True)
class Change:
    """A notice for live pages: what changed, and where.

    ``kind`` is one of message, view, home, read, clock, people, channel, traffic, faults; "everything" means that
    notices were lost and the page should be drawn anew.
    """

    kind: str
    channel: str | None = None
    ts: str | None = None
    person: str | None = None
    view_id: str | None = None
