from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DayTask:
    title: str
    owner: str


@dataclass(frozen=True, slots=True)
class WindowNotice:
    """A message about a window in its release's thread; ``mentions`` are Slack ids.

    ``asks``: it is the newest, and what it asks for is still to do. ``open`` says what the release still lacks and
    ``tasks`` who does what, both for the hour before.
    """

    kind: str
    release_id: int
    round: int
    identifier: str
    title: str
    mentions: tuple[str, ...]
    person: str
    reason: str
    obstacles: tuple[str, ...]
    window_start: datetime
    window_end: datetime
    until: datetime | None
    asks: bool
    open: tuple[str, ...] = ()
    tasks: tuple[DayTask, ...] = ()
    deployers: str = ""


@dataclass(frozen=True, slots=True)
class PastWindow:
    identifier: str
    title: str
    window_end: datetime
    deploying: bool


@dataclass(frozen=True, slots=True)
class PastWindows:
    releases: tuple[PastWindow, ...]
