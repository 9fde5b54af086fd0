"""A period cut into days, weeks, months, quarters or years, so that a chart has room for all of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.kpi.periods import Period
from models.time.days import MONTHS, midnight

CATEGORIES_LIMIT = 20
"""How many categories a chart of Slack's may have (SLACK, *Limits*)."""

DAYS_LIMIT = 14
"""Up to this many days are shown day by day."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One category of a chart: what it is called and where it ends, in UTC; it begins where the last one ended."""

    label: str
    end: datetime


@dataclass(frozen=True, slots=True)
class Buckets:
    """The categories of a chart; ``unit`` is ``day``, ``week``, ``month``, ``quarter`` or ``year``."""

    unit: str
    each: tuple[Bucket, ...]


def buckets(period: Period) -> Buckets:
    """Cut ``period`` at midnights of its zone; the first and the last may be shorter than the others.

    Weeks begin on Monday and are named by the first day of theirs that is in the period. The finest unit that gives
    at most :data:`CATEGORIES_LIMIT` categories is taken.
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
