"""Days of a time zone, and how days and moments are written."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)

_MINUTE = timedelta(minutes=1)

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When ``day`` begins in ``zone``, in UTC; where the clocks skip midnight, the moment that follows."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def moment_at(day: date, clock: str, zone: ZoneInfo, *, latest: bool = False) -> datetime:
    """When the clock shows ``clock`` on ``day``, in UTC; ``24:00`` is the midnight that ends it.

    A time that clocks show twice is the first of the two, or the second if ``latest``; for one that they skip it is
    the moment after the gap.
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


def days_touched(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The first and last day of a time that is over at ``end``; a single moment touches its own day."""
    last = max(start, end - timedelta(microseconds=1))
    return start.astimezone(zone).date(), last.astimezone(zone).date()


def days_between(first: date, last: date) -> Iterator[date]:
    """Both ends included."""
    return (first + timedelta(days=count) for count in range((last - first).days + 1))


def say_day(day: date) -> str:
    """``Thu 26 Nov 2026``."""
    return f"{WEEKDAYS[day.weekday()].capitalize()} {say_date(day)}"


def say_date(day: date) -> str:
    """``26 Nov 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_moment(moment: datetime, zone: ZoneInfo) -> str:
    """``Thu 26 Nov 2026 10:00 UTC+1``."""
    local = moment.astimezone(zone)
    return f"{say_day(local.date())} {local:%H:%M} {say_offset(local)}"


def say_window(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """A window; day and offset are repeated only where they differ."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if first.date() == last.date() and first.utcoffset() == last.utcoffset():
        return f"{say_day(first.date())} {first:%H:%M}-{last:%H:%M} {say_offset(first)}"
    return f"{say_moment(start, zone)} - {say_moment(end, zone)}"


def say_offset(local: datetime) -> str:
    """``UTC+1``, ``UTC-3:30``, ``UTC``."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "")


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

WEEKDAYS: tuple[str, ...] = get_args(Weekday)
"""Monday first, as a catalog writes them."""
