"""Lengths of time as the catalog writes them, ``30m``, ``4h``, ``2d``, ``1w``, and offsets such as ``T-7d``.

Days and weeks are calendar days of a time zone: seven days before Thursday 10:00 is Thursday 10:00, whether or not
the clocks change in between. Hours and minutes are exact.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

TEN_YEARS = timedelta(days=3660)
"""How far figures look back."""

_SPAN = re.compile(r"(\d{1,4})([mhdw])", re.ASCII)

_OFFSET = re.compile(r"T([+-])(\d{1,4})([mhdw])|T", re.ASCII)

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

_SINGULAR = {"m": "minute", "h": "hour", "d": "day", "w": "week"}


@dataclass(frozen=True, slots=True)
class Span:
    """Calendar ``days`` and exact ``seconds``; either may be negative."""

    days: int = 0
    seconds: int = 0

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """In UTC; days are counted on ``zone``'s calendar."""
        local = moment.astimezone(zone) + timedelta(days=self.days)
        return local.astimezone(UTC) + timedelta(seconds=self.seconds)

    def before(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """In UTC; days are counted on ``zone``'s calendar."""
        return Span(-self.days, -self.seconds).after(moment, zone)

    @property
    def rough(self) -> timedelta:
        """Approximate, for comparing."""
        return timedelta(days=self.days, seconds=self.seconds)


@lru_cache(maxsize=500)
def parse_span(text: str) -> Span:
    """Read ``4h`` or ``2d``. Raises ValueError with a sentence."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a length of time; write for example 30m, 4h, 2d or 1w")
    return _span(int(match[1]), match[2])


def say_span(text: str) -> str:
    """``3d`` as ``3 days``; a text that is no length of time is returned as it is."""
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        return text
    count, unit = int(match[1]), match[2]
    return f"{count} {_SINGULAR[unit] if count == 1 else _UNITS[unit]}"


@lru_cache(maxsize=500)
def parse_offset(text: str) -> Span:
    """Read ``T-7d``, ``T+1d`` or ``T``, relative to the start of the window. Raises ValueError with a sentence."""
    match = _OFFSET.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a due date; write for example T-7d, T+4h or T")
    if match[1] is None:
        return Span()
    sign = -1 if match[1] == "-" else 1
    return _span(sign * int(match[2]), match[3])


def _span(count: int, unit: str) -> Span:
    length = timedelta(**{_UNITS[unit]: count})
    if unit in "dw":
        return Span(days=length.days)
    return Span(seconds=int(length.total_seconds()))
