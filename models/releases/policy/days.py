"""Days and moments on a service's calendar, and the words for them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.catalog.document import WEEKDAYS

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def weekday(day: date) -> str:
    """The weekday as a catalog writes it."""
    return WEEKDAYS[day.weekday()]


def touched(start: datetime, end: datetime | None, zone: ZoneInfo) -> tuple[date, date]:
    """The first and last day that a window touches; one that ends at midnight does not touch the day after."""
    last = end - timedelta(microseconds=1) if end is not None and end > start else start
    return start.astimezone(zone).date(), last.astimezone(zone).date()


def days(first: date, last: date) -> Iterator[date]:
    """The days from ``first`` to ``last``, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def at(day: date, clock: str, zone: ZoneInfo, *, latest: bool = False) -> datetime:
    """The moment at which the clock shows ``clock`` on ``day``, in UTC; ``24:00`` is the midnight that ends it.

    Where clocks are put back and show it twice it is the first of the two, or the second if ``latest``.
    """
    if clock == "24:00":
        return at(day + timedelta(days=1), "00:00", zone)
    local = datetime.combine(day, time.fromisoformat(clock), tzinfo=zone)
    return local.replace(fold=1 if latest else 0).astimezone(UTC)


def say_day(day: date) -> str:
    """A day: ``Thu 26 Nov 2026``."""
    return f"{weekday(day).capitalize()} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def say_moment(moment: datetime, zone: ZoneInfo) -> str:
    """A moment with the offset of ``zone``: ``Thu 26 Nov 2026 10:00 UTC+1``."""
    local = moment.astimezone(zone)
    return f"{say_day(local.date())} {local:%H:%M} {say_offset(local)}"


def say_window(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """A window; the day and the offset stand twice only where they differ."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    if first.date() == last.date() and first.utcoffset() == last.utcoffset():
        return f"{say_day(first.date())} {first:%H:%M}-{last:%H:%M} {say_offset(first)}"
    return f"{say_moment(start, zone)} - {say_moment(end, zone)}"


def say_offset(local: datetime) -> str:
    """The offset of a local moment: ``UTC+1``, ``UTC-3:30``, ``UTC``."""
    minutes = int((local.utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "")


def listed(words: Iterable[str], last: str = "and") -> str:
    """``a, b and c``."""
    all_ = list(words)
    return " ".join(all_) if len(all_) < 2 else f"{', '.join(all_[:-1])} {last} {all_[-1]}"
