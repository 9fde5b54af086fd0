"""Cutting a period into the categories of a chart: days, weeks, months, quarters or years."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.kpi.periods import Period
from models.time.days import MONTHS, midnight

CATEGORIES_LIMIT = 20
"""Categories in a Slack chart (docs/slack-facts.md#charts-and-tables)."""

DAYS_LIMIT = 14
"""Longer periods are not cut into days."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One category of a chart; it lasts from the end of the one before to ``end``, in UTC."""

    label: str
    end: datetime


@dataclass(frozen=True, slots=True)
class Buckets:
    """``unit`` is ``day``, ``week``, ``month``, ``quarter`` or ``year``."""

    unit: str
    each: tuple[Bucket, ...]


def buckets(period: Period) -> Buckets:
    """Cut ``period`` at midnights of its zone, into the finest unit that makes few enough categories.

    The first and the last category may be shorter. Weeks begin on Monday and are labelled with their first day in
    the period. (docs/process.md#charts)
    """
    unit, days = next(
        (unit, days)
        for unit, (following, _) in _UNITS.items()
        if len(days := _begins(period, following)) <= (DAYS_LIMIT if unit == "day" else CATEGORIES_LIMIT)
    )
    label = _UNITS[unit][1]
    ends = [*(midnight(day, period.zone) for day in days[1:]), period.now.end]
    return Buckets(unit, tuple(Bucket(label(day), end) for day, end in zip(days, ends, strict=True)))


def _begins(period: Period, following: Callable[[date], date]) -> list[date]:
    days = [period.first_day]
    while (day := following(days[-1])) <= period.last_day:
        days.append(day)
    return days


def _next_day(day: date) -> date:
    return day + timedelta(days=1)


def _next_monday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _next_quarter(day: date) -> date:
    later = day.replace(day=1)
    for _ in range(3 - (day.month - 1) % 3):
        later = _next_month(later)
    return later


def _next_year(day: date) -> date:
    return date(day.year + 1, 1, 1)


_UNITS: dict[str, tuple[Callable[[date], date], Callable[[date], str]]] = {
    "day": (_next_day, lambda day: f"{day.day} {MONTHS[day.month - 1]}"),
    "week": (_next_monday, lambda day: f"{day.day} {MONTHS[day.month - 1]}"),
    "month": (_next_month, lambda day: f"{MONTHS[day.month - 1]} {day.year}"),
    "quarter": (_next_quarter, lambda day: f"Q{(day.month + 2) // 3} {day.year}"),
    "year": (_next_year, lambda day: str(day.year)),
}
