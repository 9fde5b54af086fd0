"""When a service may be deployed: its windows on its own clock. Nothing here knows releases or asks a database."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.catalog.document import Window
from models.time.days import WEEKDAYS

_DAY = timedelta(days=1)

_MINUTE = timedelta(minutes=1)

Opening = tuple[datetime, datetime]
"""A stretch of time in which deployments are allowed, in UTC."""


def within_windows(windows: Sequence[Window], start: datetime, end: datetime, zone: ZoneInfo) -> bool:
    """Whether the windows allow all the time from ``start`` to before ``end``; without any, all time is allowed."""
    if not windows:
        return True
    reached = open_until(windows, start, end, zone)
    return reached is not None and reached >= end


def open_until(windows: Sequence[Window], start: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    """Until when the windows stay open from ``start`` on, looked up to ``end``; None when they are closed then.

    Windows that touch are one, so two across midnight allow what lies across it.
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
    """When the windows of ``day`` are open: those that overlap or touch are one."""
    found: list[Opening] = []
    for one in sorted(windows, key=lambda one: one.from_):
        if WEEKDAYS[day.weekday()] not in one.days:
            continue
        start, end = moment_at(day, one.from_, zone), moment_at(day, one.to, zone, latest=True)
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif start < end:
            found.append((start, end))
    return found


def moment_at(day: date, clock: str, zone: ZoneInfo, *, latest: bool = False) -> datetime:
    """The moment at which the clock shows ``clock`` on ``day``, in UTC; ``24:00`` is the midnight that ends it.

    Where clocks are put back and show it twice it is the first of the two, or the second if ``latest``; where they
    are put forward past it, it is when they go on.
    """
    if clock == "24:00":
        day, clock = day + _DAY, "00:00"
    wall = datetime.combine(day, time.fromisoformat(clock)).replace(fold=1 if latest else 0)
    while _skipped(wall, zone):
        wall += _MINUTE
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _skipped(wall: datetime, zone: ZoneInfo) -> bool:
    shown = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
    return shown.replace(tzinfo=None, fold=0) != wall.replace(fold=0)
