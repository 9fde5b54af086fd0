"""Parsing the fields of an export; each parser returns a value, or raises ValueError with the reason.

Exports repeat the same few values, so results are cached.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

MISSING = frozenset(("", "?", "(empty)"))
"""How tools write a missing value."""

SHORT_TEXT = 255
LONG_TEXT = 4000
"""The longest field, in characters: in general, and for descriptions."""

YEARS = range(1971, 2200)

_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})([/.-])(?P<m>\d{1,2})\2(?P<y>\d{4})(?:[ T](?P<t>\S+))?", re.ASCII)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})([/-])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?:[ T](?P<t>\S+))?", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE | re.ASCII)
_PRIORITY = re.compile(r"\s*[Pp]?([1-5])\b")
_PRIORITY_NAMES = {"critical": 1, "high": 2, "moderate": 3, "medium": 3, "low": 4, "planning": 5}


@lru_cache(maxsize=4096)
def short_text(text: str) -> str:
    """One line, empty if missing. Raises ValueError if it is too long."""
    words = " ".join(text.split())
    return "" if words in MISSING else _within(words, SHORT_TEXT)


def long_text(text: str) -> str:
    """Raises ValueError if it is too long."""
    words = text.strip()
    return "" if words in MISSING else _within(words, LONG_TEXT)


@lru_cache(maxsize=1024)
def whole_number(text: str) -> int:
    """0 if missing. Raises ValueError if it is no whole number."""
    words = text.strip().replace(",", "")
    if words in MISSING:
        return 0
    if not (words.isascii() and words.isdecimal() and len(words) <= 9):
        raise ValueError(f"{_shown(text)} is no whole number")
    return int(words)


@lru_cache(maxsize=256)
def priority(text: str) -> int | None:
    """From ``3 - Moderate``, ``P3`` or ``Moderate``: 1 (critical) to 5 (planning); None for anything else."""
    match = _PRIORITY.match(text)
    return int(match[1]) if match else _PRIORITY_NAMES.get(text.strip().casefold())


def moment_reader(zone: ZoneInfo) -> Callable[[str], datetime | None]:
    """A parser of ``29/2/2016 01:16`` (day first), ``2016-02-29 01:16:00`` and ISO 8601 to UTC; None if missing.

    A time without an offset is in ``zone``. The parser raises ValueError for anything else.
    """

    @lru_cache(maxsize=8192)
    def read(text: str) -> datetime | None:
        words = text.strip()
        if words in MISSING:
            return None
        match = _YEAR_FIRST.fullmatch(words) or _DAY_FIRST.fullmatch(words)
        if match is None:
            raise ValueError(
                f"{_shown(text)} is no date; expected for example 29/2/2016 01:16 or 2016-02-29 01:16:00"
            )
        return _moment(text, match, zone)

    return read


def _moment(text: str, match: re.Match[str], zone: ZoneInfo) -> datetime:
    time = _TIME.fullmatch(match["t"] or "0:00")
    if time is None:
        raise ValueError(f"{_shown(text)} has no time of day that could be read")
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    if year not in YEARS:
        raise ValueError(f"{_shown(text)} is in no year that could be meant")
    try:
        local = datetime(year, month, day, int(time[1]), int(time[2]), int(time[3] or 0), tzinfo=zone)
        if time[4]:
            local = datetime.fromisoformat(f"{local:%Y-%m-%dT%H:%M:%S}{time[4].upper()}")
    except ValueError:
        raise ValueError(f"{_shown(text)} is not in the calendar; the day comes before the month") from None
    return local.astimezone(UTC)


def _within(text: str, limit: int) -> str:
    if len(text) > limit:
        raise ValueError(f"{_shown(text)} is longer than {limit:,} characters")
    return text


def _shown(text: str) -> str:
    words = " ".join(text.split())
    return repr(words if len(words) <= 30 else f"{words[:29]}\u2026")
