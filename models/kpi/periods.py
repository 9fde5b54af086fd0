"""Periods as people write them, each with the period before that it is compared with.

``7d``, ``12w`` and ``12h`` are the days, weeks or hours up to now; ``month``, ``quarter`` and ``year`` the current
one so far; ``2016-03-01..2016-12-31`` and ``2016-03-01`` whole days, both ends included. Days and weeks are
calendar days and weeks in the time zone, across daylight saving.

A period that is not over is compared with the same stretch of the one before: the 54 days of this quarter with the
first 54 days of the last one, not with all of it. (docs/process.md#periods)
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from models.time.days import midnight, say_date
from models.time.spans import TEN_YEARS, Span, parse_span

DEFAULT_PERIOD = "30d"

EARLIEST_DAY = date(1980, 1, 1)

EXAMPLES = "Write 7d, 12w, month, quarter, year or 2016-03-01..2016-12-31."

_INSTANT = timedelta(microseconds=1)
"""Added to now, so that a period up to now includes this moment."""

_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_RANGE = re.compile(rf"({_DAY})(?:\.\.({_DAY}))?")
_SPAN = re.compile(r"\d+[mhdw]")
_CALENDAR = {"month": 1, "quarter": 3, "year": 12}
_UNITS = {"m": "minute", "h": "hour", "d": "day", "w": "week"}


class Stretch(NamedTuple):
    """In UTC; includes ``start``, excludes ``end``."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """``text`` is as typed; ``words`` and ``before_words`` describe the period and the one before."""

    text: str
    words: str
    before_words: str
    now: Stretch
    before: Stretch
    zone: ZoneInfo

    @property
    def first_day(self) -> date:
        """In ``zone``."""
        return self.now.start.astimezone(self.zone).date()

    @property
    def last_day(self) -> date:
        """In ``zone``; included."""
        return (self.now.end - _INSTANT).astimezone(self.zone).date()


def is_period(word: str) -> bool:
    """Whether ``word`` looks like a period; it may still be invalid."""
    folded = word.casefold()
    return folded in _CALENDAR or folded[:1].isdigit()


def parse_period(text: str, now: datetime, zone: ZoneInfo) -> Period:
    """Raises ValueError with a sentence that says what to write instead."""
    word = text.strip().casefold()
    if word in _CALENDAR:
        return _calendar(word, now, zone)
    if _SPAN.fullmatch(word):
        return _up_to_now(word, now, zone)
    match = _RANGE.fullmatch(word)
    if match is None:
        raise ValueError(f"{text.strip()[:40]!r} is not a period. {EXAMPLES}")
    first = _day(match[1])
    return _days(word, first, _day(match[2]) if match[2] else first, now, zone)


def _up_to_now(word: str, now: datetime, zone: ZoneInfo) -> Period:
    try:
        span = parse_span(word)
    except ValueError:
        raise ValueError(_too_long(word)) from None
    if span == Span():
        raise ValueError(f"{word!r} is no time at all. {EXAMPLES}")
    if span.rough > TEN_YEARS:
        raise ValueError(_too_long(word))
    start = span.before(now, zone)
    before = span.before(start, zone)
    count, unit = int(word[:-1]), _UNITS[word[-1]]
    length = unit if count == 1 else f"{count} {unit}s"
    return Period(
        text=word,
        words=f"last {length}",
        before_words=f"the {length} before",
        now=Stretch(start, now + _INSTANT),
        before=Stretch(before, start),
        zone=zone,
    )


def _calendar(word: str, now: datetime, zone: ZoneInfo) -> Period:
    months = _CALENDAR[word]
    today = now.astimezone(zone).date()
    first = date(today.year, (today.month - 1) // months * months + 1, 1)
    stretch, before = _so_far(first, _months_later(first, months), _months_later(first, -months), now, zone)
    return Period(
        text=word,
        words=f"this {word} so far, since {say_date(first)}",
        before_words=f"the same stretch of the {word} before",
        now=stretch,
        before=before,
        zone=zone,
    )


def _days(word: str, first: date, last: date, now: datetime, zone: ZoneInfo) -> Period:
    length = (last - first).days + 1
    _check_days(first, last, length, now.astimezone(zone).date())
    previous = first - timedelta(days=length)
    stretch, before = _so_far(first, last + timedelta(days=1), previous, now, zone)
    running = now < midnight(last + timedelta(days=1), zone)
    days = "the day before" if length == 1 else f"the {length} days before"
    return Period(
        text=word,
        words=say_date(first) if length == 1 else f"{say_date(first)} to {say_date(last)}",
        before_words=f"the same stretch of {days}" if running else days,
        now=stretch,
        before=before,
        zone=zone,
    )


def _check_days(first: date, last: date, length: int, today: date) -> None:
    if last < first:
        raise ValueError(f"{first}..{last} ends before it begins. Write the earlier day first.")
    if first > today:
        raise ValueError(f"{first} is still to come. Choose a period that has begun.")
    if first < EARLIEST_DAY:
        raise ValueError(f"{first} is before {say_date(EARLIEST_DAY)}, where counting begins. Choose a later day.")
    if timedelta(days=length) > TEN_YEARS:
        raise ValueError(_too_long(f"{first}..{last}"))


def _so_far(first: date, after: date, previous: date, now: datetime, zone: ZoneInfo) -> tuple[Stretch, Stretch]:
    """From ``first`` until now, but before ``after``, and the same stretch from ``previous``."""
    start, end = midnight(first, zone), midnight(after, zone)
    if now >= end:
        return Stretch(start, end), Stretch(midnight(previous, zone), start)
    local = now.astimezone(zone).replace(tzinfo=None)
    elapsed = local - datetime.combine(first, time.min)
    same = (datetime.combine(previous, time.min) + elapsed).replace(tzinfo=zone).astimezone(UTC)
    return Stretch(start, now + _INSTANT), Stretch(midnight(previous, zone), min(same + _INSTANT, start))


def _months_later(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _day(text: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{text} is no day of the calendar. {EXAMPLES}") from None


def _too_long(text: str) -> str:
    return f"{text} is longer than ten years. Choose a shorter period."
