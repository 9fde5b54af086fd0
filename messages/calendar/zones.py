"""Time zones as iCalendar describes them (RFC 5545, 3.6.5), for calendar programs that don't know them by name.

A description is valid for the years asked for, and beyond where clocks change by a rule. A rule is preferred to a
list of days, because some programs read nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from icalendar import Timezone

AHEAD = 8
"""Years that are examined beyond the last: enough to tell a last Sunday from a fourth one."""

_DAY = timedelta(days=1)

_MINUTE = timedelta(minutes=1)

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A change of the clocks from one offset to another; ``name`` and ``summer`` are of the time after it."""

    before: timedelta
    after: timedelta
    name: str
    summer: bool


def time_zone(name: str, first: int, last: int) -> "Timezone":
    """The zone ``name`` (IANA) for the years ``first`` to ``last``."""
    from icalendar import Timezone

    zone = Timezone()
    zone.add("tzid", name)
    kinds: dict[_Kind, list[datetime]] = {}
    for kind, at in _changes(name, first, last):
        kinds.setdefault(kind, []).append(at)
    for kind, moments in kinds.items():
        _add(zone, kind, moments, last + AHEAD)
    return zone


def _add(zone: "Timezone", kind: _Kind, moments: Sequence[datetime], until: int) -> None:
    from icalendar import TimezoneDaylight, TimezoneStandard
    from icalendar.prop import vRecur

    part = TimezoneDaylight() if kind.summer else TimezoneStandard()
    part.add("dtstart", moments[0])
    part.add("tzoffsetfrom", kind.before)
    part.add("tzoffsetto", kind.after)
    part.add("tzname", kind.name)
    rule = _rule(moments, until)
    if rule:
        part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": moments[0].month, "BYDAY": rule}))
    elif len(moments) > 1:
        part.add("rdate", list(moments[1:]))
    zone.add_component(part)


def _rule(moments: Sequence[datetime], until: int) -> str:
    """The weekday of the month on which the clocks change each year, such as ``-1SU``; empty without a rule."""
    if [one.year for one in moments] != list(range(moments[0].year, until + 1)):
        return ""
    if len({(one.month, one.weekday(), one.time()) for one in moments}) > 1:
        return ""
    weekday = _WEEKDAYS[moments[0].weekday()]
    if all((one + 7 * _DAY).month != one.month for one in moments):
        return f"-1{weekday}"
    weeks = {(one.day - 1) // 7 + 1 for one in moments}
    return f"{weeks.pop()}{weekday}" if len(weeks) == 1 else ""


@lru_cache(maxsize=64)
def _changes(name: str, first: int, last: int) -> tuple[tuple[_Kind, datetime], ...]:
    """The changes of the clocks from the year before ``first`` on, each with its local time by the clock before it.

    Without a change in that year, the time then in force comes first.
    """
    zone = ZoneInfo(name)
    begin, end = datetime(first - 1, 1, 1, tzinfo=UTC), datetime(last + AHEAD + 1, 1, 1, tzinfo=UTC)
    found = list(_between(zone, begin, end))
    if not found or found[0][1].year >= first:
        here = begin.astimezone(zone)
        offset, name_then = here.utcoffset() or timedelta(), here.tzname() or name
        kind = _Kind(offset, offset, name_then, bool(here.dst()))
        found.insert(0, (kind, here.replace(tzinfo=None)))
    return tuple(found)


def _between(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[tuple[_Kind, datetime]]:
    day = begin
    while day < end:
        if _state(zone, day) != _state(zone, day + _DAY):
            moment = _moment(zone, day)
            before, after = (moment - _MINUTE).astimezone(zone), moment.astimezone(zone)
            offset, then = before.utcoffset() or timedelta(), after.utcoffset() or timedelta()
            kind = _Kind(offset, then, after.tzname() or "", bool(after.dst()))
            yield kind, (moment + offset).replace(tzinfo=None)
        day += _DAY


def _moment(zone: ZoneInfo, day: datetime) -> datetime:
    """The minute, within 24 hours from ``day`` on, at which the clocks change."""
    early, late = day, day + _DAY
    while late - early > _MINUTE:
        middle = early + (late - early) // _MINUTE // 2 * _MINUTE
        early, late = (middle, late) if _state(zone, middle) == _state(zone, day) else (early, middle)
    return late


def _state(zone: ZoneInfo, moment: datetime) -> tuple[timedelta | None, str | None, bool]:
    here = moment.astimezone(zone)
    return here.utcoffset(), here.tzname(), bool(here.dst())
