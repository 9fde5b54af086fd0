from dataclasses import dataclass
from typing import ClassVar

from models.events import Event
from models.lifecycle.events import ReleaseEvent


@dataclass(frozen=True, kw_only=True)
class WindowEvent(ReleaseEvent):
    """``mentions`` are the people and user groups who have to act or to know."""

    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class WindowAhead(WindowEvent):
    """The window begins in an hour. ``starts`` tells one window from another, in ISO 8601."""

    tag: ClassVar[str] = "release:window:ahead"

    starts: str


@dataclass(frozen=True, kw_only=True)
class WindowMissed(WindowEvent):
    """``count`` counts the notices of this release; ``ends`` is the window that was missed."""

    tag: ClassVar[str] = "release:window:missed"

    count: int
    ends: str


@dataclass(frozen=True, kw_only=True)
class WindowOverrun(WindowEvent):
    tag: ClassVar[str] = "release:window:overrun"

    count: int
    ends: str


@dataclass(frozen=True, kw_only=True)
class DeploymentExtended(WindowEvent):
    """``obstacles``, in words, are what the extension overrides."""

    tag: ClassVar[str] = "release:window:extended"

    person: str
    count: int
    until: str
    obstacles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PastWindowsListed(Event):
    """The windows that were past at the upgrade, once for each channel, which is the subject."""

    tag: ClassVar[str] = "window:past_listed"
    kind: ClassVar[str] = "window"

    channel: str
    releases: tuple[int, ...]
