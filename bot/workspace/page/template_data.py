"""What templates are given: faces, messages and lines of the sidebar as their reader sees them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from markupsafe import Markup

from bot.workspace.page.rendering.reader import Reader
from bot.workspace.world.records import Message

SAME_BREATH = timedelta(minutes=5)
"""Messages of one author that follow each other within this time are drawn together."""


@dataclass(frozen=True)
class Face:
    """How somebody is drawn: a name, two letters, one of a few colours."""

    id: str
    name: str
    initials: str
    hue: int
    is_app: bool


@dataclass(frozen=True)
class Reaction:
    """One emoji below a message, and who put it there."""

    sign: str
    count: int
    who: str
    mine: bool


@dataclass(frozen=True)
class Row:
    """One message as its reader sees it. `day` is set where a new day begins, `compact` follows the same author."""

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
class Entry:
    """One line of the sidebar."""

    address: str
    label: str
    unread: int
    current: bool
    kind: Literal["channel", "private", "person", "app"]
    face: Face | None = None


def moment_of(ts: str) -> datetime:
    """The moment that a message's timestamp names."""
    return datetime.fromtimestamp(float(ts), UTC)


def day_of(message: Message, reader: Reader) -> date:
    """The day a message was written, on its reader's calendar."""
    return reader.local(moment_of(message.ts)).date()


def same_breath(before: Message, message: Message) -> bool:
    """Whether a message goes on where its author has just been."""
    return (
        before.user == message.user
        and before.username == message.username
        and before.ephemeral_to == message.ephemeral_to
        and moment_of(message.ts) - moment_of(before.ts) < SAME_BREATH
    )
