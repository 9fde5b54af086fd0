"""Working time: Monday to Friday, 09:00 to 17:00 in a time zone (docs/process.md#working-time).

``4h`` are four working hours, ``2d`` is the same time of day two working days later, ``1w`` are five working days.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.time.spans import Span, parse_span

OPENS = time(9)

CLOSES = time(17)

WEEKEND = (5, 6)

DAYS_OF_A_WEEK = 5


def working_span(text: str) -> Span:
    """Read a length of time of the catalog as working time. Raises ValueError with a sentence."""
    span = parse_span(text)
    return Span(days=span.days // 7 * DAYS_OF_A_WEEK) if text.strip().endswith("w") else span


def working_after(moment: datetime, span: Span, zone: ZoneInfo) -> datetime:
    """When ``span`` of working time in ``zone`` has passed since ``moment``, in UTC.

    Days count first, then hours. A working day that is over at 17:00 ends there, not the next morning.
    """
    at = _open(moment, zone)
    if span.days:
        at = same_time_later(at, span.days, zone)
    left = timedelta(seconds=span.seconds)
    while True:
        local = at.astimezone(zone)
        rest = _on(local.date(), CLOSES, zone) - at
        if left <= rest:
            return at + left
        left -= rest
        at = _on(_later_day(local.date(), 1), OPENS, zone)


def same_time_later(moment: datetime, days: int, zone: ZoneInfo) -> datetime:
    """In UTC; the same time of day in ``zone``, ``days`` working days later."""
    local = moment.astimezone(zone)
    return _on(_later_day(local.date(), days), local.timetz().replace(tzinfo=None), zone)


def _open(moment: datetime, zone: ZoneInfo) -> datetime:
    """``moment`` if it is in working hours, else when work next begins."""
    local = moment.astimezone(zone)
    day, at = local.date(), local.timetz().replace(tzinfo=None)
    if day.weekday() not in WEEKEND and at < CLOSES:
        return max(moment.astimezone(UTC), _on(day, OPENS, zone))
    return _on(_later_day(day, 1), OPENS, zone)


def _later_day(day: date, count: int) -> date:
    for _ in range(count):
        day += timedelta(days=1)
        while day.weekday() in WEEKEND:
            day += timedelta(days=1)
    return day


def _on(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
