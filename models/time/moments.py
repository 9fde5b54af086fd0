"""Moments as people type them: ``18:00``, ``tomorrow 18:00``, ``fri 8:00``, ``2026-12-01 08:00``, ``4h``."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.time.days import WEEKDAYS, moment_at, say_moment
from models.time.spans import parse_span

MOMENT_EXAMPLES = "Write for example `18:00`, `tomorrow 18:00`, `fri 08:00`, `2026-12-01 08:00`, `4h` or `2d`."

_DAY = timedelta(days=1)

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

_COUNT = re.compile(r"\d{1,4}", re.ASCII)

_UNITS = re.compile(r"(m)in(?:ute)?s?|(h)(?:our)?s?|(d)ays?|(w)eeks?")

_BESIDE = ",;:.!?"
"""Punctuation after a word that means nothing."""

_NEAR = {"today": 0, "tomorrow": 1}


def read_moment(words: Sequence[str], now: datetime, zone: ZoneInfo) -> tuple[datetime, int]:
    """The moment that ``words`` begin with, in UTC and to the minute, and how many of them say it.

    Days and times are those of ``zone``. A time without a day is the next one. A time that clocks show twice is the
    second, one that they skip the moment after. Raises ValueError with a sentence.
    """
    said = [word.casefold().rstrip(_BESIDE) for word in words[:4]]
    return _length(said, now, zone) or _day_and_time(_split(said), now, zone)


def _length(said: Sequence[str], now: datetime, zone: ZoneInfo) -> tuple[datetime, int] | None:
    one, two = (*said, "", "")[:2]
    unit = _UNITS.fullmatch(two)
    if _COUNT.fullmatch(one) and unit:
        return _after(f"{one}{next(filter(None, unit.groups()))}", now, zone), 2
    try:
        return _after(one, now, zone), 1
    except ValueError:
        return None


def _after(length: str, now: datetime, zone: ZoneInfo) -> datetime:
    """A minute that has begun is counted whole."""
    then = parse_span(length).after(now, zone)
    begun = then.replace(second=0, microsecond=0)
    return begun if begun == then else begun + timedelta(minutes=1)


def _split(said: Sequence[str]) -> list[tuple[str, int]]:
    """Each word with the number of words up to it; ``2026-12-01t08:00`` are two in one."""
    return [(part, number) for number, word in enumerate(said, 1) for part in _parts(word)]


def _parts(word: str) -> list[str]:
    day, sign, clock = word.partition("t")
    return [day, clock] if sign and _ISO.fullmatch(day) and clock else [word]


def _day_and_time(said: Sequence[tuple[str, int]], now: datetime, zone: ZoneInfo) -> tuple[datetime, int]:
    today = now.astimezone(zone).date()
    days: list[date] = []
    clocks: list[str] = []
    used, weekday = 0, False
    for word, number in said:
        if _TIME.fullmatch(word) and not clocks:
            clocks.append(word.zfill(5))
        elif (day := _day(word, today)) and not days:
            days.append(day)
            weekday = word[:3] in WEEKDAYS
        elif word == "at" and days and not clocks:
            continue
        else:
            break
        used = number
    if not days and not clocks:
        raise ValueError(f"{said[0][0][:40]!r} is no moment. {MOMENT_EXAMPLES}" if said else MOMENT_EXAMPLES)
    if not clocks:
        raise ValueError(f"Say the time, too: `{said[0][0][:20]} 18:00`.")
    moment = moment_at(days[0] if days else today, clocks[0], zone, latest=True)
    if moment <= now and not days:
        moment = moment_at(today + _DAY, clocks[0], zone, latest=True)
    if moment <= now and weekday:
        moment = moment_at(days[0] + 7 * _DAY, clocks[0], zone, latest=True)
    return moment, used


def _day(word: str, today: date) -> date | None:
    """None if it is none; a weekday is the next one, today included. Raises ValueError for the 31st of November."""
    if word in _NEAR:
        return today + _NEAR[word] * _DAY
    if word in WEEKDAYS or (word.endswith("day") and word[:3] in WEEKDAYS):
        return today + (WEEKDAYS.index(word[:3]) - today.weekday()) % 7 * _DAY
    if not _ISO.fullmatch(word):
        return None
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise ValueError(f"There is no {word}.") from None
    if not 2000 <= day.year < 2200:
        raise ValueError(f"{word} is too far away.")
    return day


def say_with_zone(moment: datetime, zone: ZoneInfo) -> str:
    """``Thu 26 Nov 2026 18:00 UTC+1 (Europe/Amsterdam)``."""
    return f"{say_moment(moment, zone)} ({zone.key})"
