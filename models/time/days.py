"""The words for days and moments on a service's calendar."""

from datetime import date, datetime, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def say_day(day: date) -> str:
    """A day: ``Thu 26 Nov 2026``."""
    return f"{WEEKDAYS[day.weekday()].capitalize()} {day.day} {MONTHS[day.month - 1]} {day.year}"


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


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

WEEKDAYS: tuple[str, ...] = get_args(Weekday)
"""The days of the week, Monday first, as a catalog writes them."""
