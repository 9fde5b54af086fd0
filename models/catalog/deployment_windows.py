"""When a service may be deployed, on its own clock."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.catalog.document import Window
from models.time.days import WEEKDAYS, moment_at

_DAY = timedelta(days=1)

Opening = tuple[datetime, datetime]
"""From when to when deployments are allowed, in UTC."""


def within_windows(windows: Sequence[Window], start: datetime, end: datetime, zone: ZoneInfo) -> bool:
    """Whether windows are open all the time from ``start`` to ``end``; without any, all time is allowed."""
    if not windows:
        return True
    reached = open_until(windows, start, end, zone)
    return reached is not None and reached >= end


def open_until(windows: Sequence[Window], start: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    """Until when windows stay open from ``start``; None if they are closed then. The search stops at ``end``.

    Windows that touch are one, across midnight too.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    day = start.astimezone(zone).date()
    reached = next((until for begin, until in openings(windows, day, zone) if begin <= start < until), None)
    while reached is not None and reached < end:
        day += _DAY
        following = openings(windows, day, zone)
        if not following or following[0][0] > reached:
            break
        reached = following[0][1]
    return reached


def openings(windows: Sequence[Window], day: date, zone: ZoneInfo) -> list[Opening]:
    """Windows that overlap or touch are one."""
    merged: list[Opening] = []
    for window in sorted(windows, key=lambda window: window.from_):
        if WEEKDAYS[day.weekday()] not in window.days:
            continue
        start, end = moment_at(day, window.from_, zone), moment_at(day, window.to, zone, latest=True)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged
