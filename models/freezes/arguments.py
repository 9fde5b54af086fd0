"""The arguments of ``/release freeze`` and ``/release unfreeze``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from models.arguments import known_services, service_named
from models.catalog.document import Catalog
from models.errors import Invalid
from models.freezes.in_force import ALL
from models.limits import FREEZE_REASON_LIMIT
from models.text import text_problem
from models.time.moments import MOMENT_EXAMPLES, read_moment, say_with_zone

LONGEST_FREEZE = timedelta(days=366)
"""A longer one belongs in the catalog."""

EVERYTHING = "all"
"""How people write :data:`~models.freezes.in_force.ALL`."""

EXAMPLE = "/release freeze PAY until tomorrow 18:00 Sale weekend"

_UNTIL = ("until", "till", "for")


@dataclass(frozen=True, slots=True)
class FreezeArguments:
    """``service`` is a key, or :data:`~models.freezes.in_force.ALL`."""

    service: str
    until: datetime
    reason: str


def parse_freeze(text: str, catalog: Catalog, channel: str, now: datetime, zone: ZoneInfo) -> FreezeArguments:
    """Read ``SERVICE|all until WHEN REASON``; in a service's channel the service may be left out.

    Days and times are those of ``zone``. Raises :class:`~models.errors.Invalid` with everything that is wrong.
    """
    words = text.split()
    at = _separator(words, catalog)
    if at is None:
        raise Invalid({"until": f"Say until when, for example `{EXAMPLE}`. {MOMENT_EXAMPLES}"})
    problems: dict[str, str] = {}
    service, until, reason = ALL, now, ""
    try:
        service = frozen_service(" ".join(words[:at]), catalog, channel)
    except Invalid as invalid:
        problems |= invalid.problems
    try:
        until, used = read_moment(words[at + 1 :], now, zone)
    except ValueError as error:
        problems["until"] = str(error)
    else:
        problems["until"] = _until_problem(until, now, zone)
        reason = " ".join(words[at + 1 + used :]).lstrip("-–—:,; ").strip()
        missing = "Say why, after the time: everybody who is held up reads it."
        problems["reason"] = text_problem(reason, FREEZE_REASON_LIMIT, missing)
    wrong = {name: problem for name, problem in problems.items() if problem}
    if wrong:
        raise Invalid(wrong)
    return FreezeArguments(service, until, reason)


def frozen_service(text: str, catalog: Catalog, channel: str) -> str:
    """The service that ``text`` names, or that of ``channel`` where it names none.

    Raises :class:`~models.errors.Invalid` for an unknown one.
    """
    if text.strip().casefold() == EVERYTHING:
        return ALL
    service = service_named(text, catalog) if text.strip() else catalog.in_channel(channel)
    if service is not None:
        return service.key
    known = known_services(catalog)
    said = f"No service is called {text.strip()[:40]!r}" if text.strip() else "Say which service, or `all`"
    raise Invalid({"service": f"{said}. Services: {known}."})


def _separator(words: Sequence[str], catalog: Catalog) -> int | None:
    """The ``until`` after a service, or else the first one: names and reasons may have the word, too."""
    places = [place for place, word in enumerate(words) if word.casefold() in _UNTIL]
    before = ((place, " ".join(words[:place])) for place in places)
    fitting = (
        place for place, said in before if said.casefold() in ("", EVERYTHING) or service_named(said, catalog)
    )
    return next(fitting, next(iter(places), None))


def _until_problem(until: datetime, now: datetime, zone: ZoneInfo) -> str:
    if until <= now:
        return f"{say_with_zone(until, zone)} has passed. Say a later time."
    if until - now > LONGEST_FREEZE:
        return "A typed freeze lasts a year at most. A longer one belongs in the catalog, where its days are."
    return ""
