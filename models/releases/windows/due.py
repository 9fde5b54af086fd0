"""What is due about a window: a pure rule."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.lifecycle.lifecycle import PREPARING, State
from models.lifecycle.window_state import MISSABLE
from models.time.spans import Span
from models.time.working_hours import working_after

BEFORE = timedelta(hours=1)
"""How long before its window the people of a release are told."""

AGAIN = timedelta(hours=1)
"""How long after the first notice of an overrun window comes the second, at any hour."""

DAILY = Span(days=1)
"""A working day: how often people are reminded after that."""


@dataclass(frozen=True, slots=True)
class WatchedWindow:
    """``end`` is when the deployment has to be over. The moments say when somebody was told, None if nobody was.

    ``overrun`` counts the notices about an overrun window.
    """

    state: str
    start: datetime
    end: datetime
    next_at: datetime | None = None
    soon_at: datetime | None = None
    missed_at: datetime | None = None
    overrun: int = 0


@dataclass(frozen=True, slots=True)
class WindowDue:
    """What is told now, one of the three at most, and when to look again."""

    soon: bool = False
    missed: bool = False
    overrunning: bool = False
    next_at: datetime | None = None


def window_due(window: WatchedWindow, now: datetime, zone: ZoneInfo) -> WindowDue:
    """Nothing is made up for: whatever was due several times meanwhile is told once.

    A missed window is told at once and then chased in working hours of ``zone``, an overrun one at any hour, again
    after :data:`AGAIN`, and then like a missed one.
    """
    if now < window.end:
        soon = window.soon_at is None and window.state in PREPARING and window.start - BEFORE <= now < window.start
        looks = (window.start - BEFORE, window.start, window.end)
        return WindowDue(soon=soon, next_at=next(moment for moment in looks if moment > now))
    if window.state == State.DEPLOYING:
        if window.overrun == 0:
            return WindowDue(overrunning=True, next_at=now + AGAIN)
        again, next_at = _again(window, now, zone, at_any_hour=window.overrun == 1)
        return WindowDue(overrunning=again, next_at=next_at)
    if window.state in MISSABLE:
        if window.missed_at is None:
            return WindowDue(missed=True, next_at=working_after(now, DAILY, zone))
        again, next_at = _again(window, now, zone, at_any_hour=False)
        return WindowDue(missed=again, next_at=next_at)
    return WindowDue()


def _again(window: WatchedWindow, now: datetime, zone: ZoneInfo, *, at_any_hour: bool) -> tuple[bool, datetime]:
    """Whether to tell it again now, and when to look next."""
    if window.next_at is not None and window.next_at > now:
        return False, window.next_at
    begins = working_after(now, Span(), zone)
    if begins > now and not at_any_hour:
        return False, begins
    return True, working_after(now, DAILY, zone)
