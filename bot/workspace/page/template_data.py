"""What templates show: faces, messages and sidebar lines as their reader sees them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from markupsafe import Markup

from bot.workspace.page.rendering.reader import Reader
from bot.workspace.world.records import Message

SAME_GROUP = timedelta(minutes=5)
"""Messages of one author within this time are drawn together."""


@dataclass(frozen=True)
class Face:
    """A name, initials and a colour. ``standing`` is what somebody is besides a member."""

    id: str
    name: str
    initials: str
    hue: int
    is_app: bool
    standing: str = ""


@dataclass(frozen=True)
class Reaction:
    """One emoji below a message, and who reacted with it."""

    sign: str
    count: int
    who: str
    mine: bool


@dataclass(frozen=True)
class MessageRow:
    """`day` is set where a new day begins; a `compact` row follows one of the same author."""

    message: Message
    face: Face
    body: Markup
    moment: datetime
    time: str
    title: str
    day: str | None
    compact: bool
    replies: int
    last_reply: str
    repliers: list[Face]
    reactions: list[Reaction]

    @property
    def anchor(self) -> str:
        return f"m-{self.message.channel}-{self.message.ts.replace('.', '-')}"


@dataclass(frozen=True)
class SidebarLine:
    """A channel, a person or the app."""

    address: str
    label: str
    unread: int
    current: bool
    kind: Literal["channel", "private", "person", "app"]
    face: Face | None = None


def sent_at(ts: str) -> datetime:
    """`ts` is a message's timestamp."""
    return datetime.fromtimestamp(float(ts), UTC)


def day_of(message: Message, reader: Reader) -> date:
    """On the reader's calendar."""
    return reader.local(sent_at(message.ts)).date()


def continues(before: Message, message: Message) -> bool:
    """Whether `message` is drawn together with the one before."""
    return (
        before.user == message.user
        and before.username == message.username
        and before.ephemeral_to == message.ephemeral_to
        and sent_at(message.ts) - sent_at(before.ts) < SAME_GROUP
    )
