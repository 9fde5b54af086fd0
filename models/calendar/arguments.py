"""The arguments of ``/release schedule``: a service and days, in any order."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.arguments import argument_words, day_named, is_day, known_services, service_named
from models.catalog.document import Catalog, Service
from models.errors import Invalid
from models.time.days import midnight

DAYS_SHOWN = timedelta(days=14)
"""How far the schedule looks by default."""

MOST_DAYS = timedelta(days=366)

EXAMPLES = "Write for example `today`, `+14d`, `+2w` or `2026-12-01`."

_AHEAD = re.compile(r"\+(\d{1,3})([dw])", re.ASCII)


@dataclass(frozen=True, slots=True)
class ScheduleArguments:
    """One service, or all if empty, from ``first`` to ``last``, both included, on the calendar of ``zone``."""

    service: str
    first: date
    last: date
    zone: ZoneInfo

    @property
    def start(self) -> datetime:
        """In UTC."""
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """In UTC, when the last day is over."""
        return midnight(self.last + timedelta(days=1), self.zone)


def parse_arguments(text: str, catalog: Catalog, now: datetime) -> ScheduleArguments:
    """Read ``[service] [from] [to]``, in any order; the service, by key or name, decides the time zone.

    ``+14d`` counts from the day before it, or else from today; alone it is how far to look. Raises
    :class:`~models.errors.Invalid` with a sentence.
    """
    words = argument_words(text)
    days = [word.casefold() for word in words if _is_day(word.casefold())]
    rest = " ".join(word for word in words if not _is_day(word.casefold()))
    service = _service(rest, catalog) if rest else None
    if len(days) > 2:
        raise Invalid({"text": f"A schedule has a first and a last day; {len(days)} are given. {EXAMPLES}"})
    zone = catalog.zone(service)
    today = now.astimezone(zone).date()
    if len(days) == 1 and days[0].startswith("+"):
        days = ["today", *days]
    first = _day(days[0], today) if days else today
    last = _day(days[1], first if days[1].startswith("+") else today) if len(days) == 2 else first + DAYS_SHOWN
    if last < first:
        raise Invalid({"text": f"{last} is before {first}. Write the first day first."})
    if last - first > MOST_DAYS:
        raise Invalid({"text": f"A schedule shows up to {MOST_DAYS.days} days. Choose a later first day."})
    return ScheduleArguments(service.key if service else "", first, last, zone)


def _is_day(word: str) -> bool:
    return is_day(word) or word.startswith("+")


def _day(word: str, since: date) -> date:
    ahead = _AHEAD.fullmatch(word)
    try:
        if ahead:
            return since + timedelta(days=int(ahead[1]) * (7 if ahead[2] == "w" else 1))
    except OverflowError:
        pass
    day = day_named(word, since)
    if day is None:
        raise Invalid({"text": f"{word[:20]!r} is no day. {EXAMPLES}"})
    if not 2000 <= day.year < 2200:
        raise Invalid({"text": f"{word!r} is too far away for a schedule. {EXAMPLES}"})
    return day


def _service(text: str, catalog: Catalog) -> Service:
    service = service_named(text, catalog)
    if service is None:
        known = known_services(catalog)
        raise Invalid({"text": f"{text[:40]!r} is no service and no day. {EXAMPLES} Services: {known}."})
    return service
