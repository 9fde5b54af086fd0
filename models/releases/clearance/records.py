from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """``obstacles`` are in words. ``over`` when it opens nothing any more."""

    kind: str
    person: str
    at: datetime
    reason: str
    obstacles: tuple[str, ...]
    over: bool


@dataclass(frozen=True, slots=True)
class ClearanceNotice:
    """A message about overrides and windows in a release's thread; ``mentions`` are Slack ids.

    ``facts`` are those of the event, with moments for ``until`` and the like.
    """

    kind: str
    release_id: int
    round: int
    identifier: str
    title: str
    state: str
    person: str
    mentions: tuple[str, ...]
    reason: str
    obstacles: tuple[str, ...]
    window_start: datetime
    window_end: datetime
    until: datetime | None
