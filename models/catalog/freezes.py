"""What a service's policy says of a day: which freezes hold on it.

Days are those of the service's time zone. Nothing here knows releases or asks a database.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.catalog.document import Freeze
from models.time.days import WEEKDAYS

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Frozen:
    """Days in a row, both included, on which ``freeze`` holds.

    Of a freeze that comes again, ``period`` is the first day of the week, month or year that the days are in, and
    ``position`` counts the spans of that period, from 0.
    """

    freeze: Freeze
    first: date
    last: date
    period: date | None = None
    position: int = 0


def touched(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The first and last day of a time from ``start`` to before ``end``; a moment touches its own day."""
    last = max(start, end - timedelta(microseconds=1))
    return start.astimezone(zone).date(), last.astimezone(zone).date()


def days_of(start: datetime, end: datetime, zone: ZoneInfo) -> list[date]:
    """The days that a time from ``start`` to before ``end`` touches."""
    return list(days_between(*touched(start, end, zone)))


def days_between(first: date, last: date) -> Iterator[date]:
    """The days from ``first`` to ``last``, both included."""
    return (first + timedelta(days=count) for count in range((last - first).days + 1))


def freeze_holds(freeze: Freeze, day: date) -> bool:
    """Whether ``freeze`` holds on ``day``. The 31st of a month that has none does not come."""
    if freeze.from_ is not None and freeze.to is not None:
        return freeze.from_ <= day <= freeze.to
    match freeze.every:
        case "week":
            return WEEKDAYS[day.weekday()] in freeze.days
        case "month":
            return day.day in freeze.days
        case "year":
            return f"{day:%m-%d}" in freeze.days
        case _:
            return False


def freezes_between(
    freezes: Iterable[Freeze], start: datetime, end: datetime, zone: ZoneInfo
) -> tuple[Freeze, ...]:
    """The freezes that hold on any day from ``start`` to before ``end``, in the catalog's order."""
    touched = days_of(start, end, zone)
    return tuple(freeze for freeze in freezes if any(freeze_holds(freeze, day) for day in touched))


def frozen_days(freeze: Freeze, first: date, last: date) -> list[Frozen]:
    """The spans of days on which ``freeze`` holds that touch ``first`` to ``last``, each of them whole.

    A freeze that comes again makes a span of its own in each week, month or year, so that a span begins on the
    same day whenever one looks.
    """
    return list(_spans(freeze, first, last))


@lru_cache(maxsize=1024)
def _spans(freeze: Freeze, first: date, last: date) -> tuple[Frozen, ...]:
    """Many services have the same freezes, and calendar programs ask for the same days all day long."""
    if freeze.from_ is not None and freeze.to is not None:
        touches = freeze.from_ <= last and freeze.to >= first
        return (Frozen(freeze, freeze.from_, freeze.to),) if touches else ()
    if freeze.every is None:
        return ()
    found: list[Frozen] = []
    for day in days_between(_period(freeze, first)[0], _period(freeze, last)[1]):
        if not freeze_holds(freeze, day):
            continue
        before, period = found[-1] if found else None, _period(freeze, day)[0]
        if before and before.last + _DAY == day and day != period:
            found[-1] = replace(before, last=day)
        else:
            position = before.position + 1 if before and before.period == period else 0
            found.append(Frozen(freeze, day, day, period, position))
    return tuple(one for one in found if one.first <= last and one.last >= first)


def _period(freeze: Freeze, day: date) -> tuple[date, date]:
    """The first and last day of the week, month or year that ``day`` is in."""
    if freeze.every == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if freeze.every == "month":
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - _DAY
    return date(day.year, 1, 1), date(day.year, 12, 31)
