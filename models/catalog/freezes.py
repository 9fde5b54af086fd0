"""Which freezes hold when. Days are those of the service's time zone (docs/process.md#rules)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from models.catalog.document import Freeze
from models.time.days import WEEKDAYS, days_between, days_touched, midnight

_DAY = timedelta(days=1)

_INSTANT = timedelta(microseconds=1)

_LONGEST_WINDOW = timedelta(days=400)
"""A longer one is looked at for so long only."""

_LONGEST_WAIT = timedelta(days=366 * 8)
"""Whatever recurs, recurs within eight years, 29 February included."""


@dataclass(frozen=True, slots=True)
class FreezeInForce:
    """One occurrence of a freeze, of the catalog or typed: ``ends`` is the first moment after it.

    ``key`` is what findings and obstacles call it: next month's has another one.
    """

    name: str
    kind: str
    starts: datetime
    ends: datetime
    key: str

    def touches(self, start: datetime, end: datetime) -> bool:
        """Whether it holds at some moment from ``start`` up to ``end``, or at ``start`` itself."""
        return self.starts < self.ends and self.starts < max(end, start + _INSTANT) and start < self.ends


@dataclass(frozen=True, slots=True)
class FreezeSpan:
    """Consecutive days, both ends included, on which ``freeze`` holds.

    For a recurring freeze ``period`` is the first day of the week, month or year that the days lie in, and
    ``position`` counts the spans within that period, from 0.
    """

    freeze: Freeze
    first: date
    last: date
    period: date | None = None
    position: int = 0


def freeze_holds(freeze: Freeze, day: date) -> bool:
    """A month without a 31st skips it."""
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


def freezes_met(
    freezes: Iterable[Freeze], start: datetime, end: datetime, zone: ZoneInfo
) -> list[tuple[Freeze, date]]:
    """The freezes that a window meets, in the catalog's order, each with the first day on which it does."""
    first, last = days_touched(start, end, zone)
    met = ((freeze, _first_frozen(freeze, first, last)) for freeze in freezes)
    return [(freeze, day) for freeze, day in met if day is not None]


def freezes_of_catalog(
    freezes: Iterable[Freeze], start: datetime, end: datetime, zone: ZoneInfo
) -> list[FreezeInForce]:
    """Every occurrence of ``freezes`` that holds at some moment from ``start`` to ``end``, as they begin."""
    first, last = days_touched(start, min(end, start + _LONGEST_WINDOW), zone)
    found = [
        FreezeInForce(
            name=freeze.name,
            kind=freeze.kind,
            starts=midnight(span.first, zone),
            ends=midnight(span.last + _DAY, zone),
            key=occurrence(freeze, span.first),
        )
        for freeze in freezes
        for span in frozen_days(freeze, first, last)
    ]
    return sorted(found, key=lambda one: (one.starts, one.ends, one.name))


def _first_frozen(freeze: Freeze, first: date, last: date) -> date | None:
    if freeze.from_ is not None and freeze.to is not None:
        return max(first, freeze.from_) if freeze.from_ <= last and first <= freeze.to else None
    days = days_between(first, min(last, first + _LONGEST_WAIT))
    return next((day for day in days if freeze_holds(freeze, day)), None)


def occurrence(freeze: Freeze, day: date) -> str:
    """What the freeze that holds on ``day`` is called: next month's has another name."""
    match freeze.every:
        case "week":
            year, week, _ = day.isocalendar()
            return f"{freeze.name} {year}-W{week:02d}"
        case "month":
            return f"{freeze.name} {day:%Y-%m}"
        case "year":
            return f"{freeze.name} {day:%Y}"
        case _:
            return freeze.name


@lru_cache(maxsize=1024)
def frozen_days(freeze: Freeze, first: date, last: date) -> tuple[FreezeSpan, ...]:
    """The spans that touch ``first`` to ``last``, each of them whole.

    A recurring freeze has spans of its own in each week, month or year, so a span begins on the same day wherever
    the search begins. Cached, because many services share their freezes and calendar programs keep asking.
    """
    if freeze.from_ is not None and freeze.to is not None:
        touches = freeze.from_ <= last and freeze.to >= first
        return (FreezeSpan(freeze, freeze.from_, freeze.to),) if touches else ()
    if freeze.every is None:
        return ()
    spans: list[FreezeSpan] = []
    for day in days_between(_period(freeze, first)[0], _period(freeze, last)[1]):
        if not freeze_holds(freeze, day):
            continue
        before, period = spans[-1] if spans else None, _period(freeze, day)[0]
        if before and before.last + _DAY == day and day != period:
            spans[-1] = replace(before, last=day)
        else:
            position = before.position + 1 if before and before.period == period else 0
            spans.append(FreezeSpan(freeze, day, day, period, position))
    return tuple(span for span in spans if span.first <= last and span.last >= first)


def _period(freeze: Freeze, day: date) -> tuple[date, date]:
    """First and last day of the week, month or year around ``day``."""
    if freeze.every == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if freeze.every == "month":
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - _DAY
    return date(day.year, 1, 1), date(day.year, 12, 31)
