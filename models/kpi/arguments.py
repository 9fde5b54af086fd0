"""The arguments of ``/release kpi``: a period and a service, in any order."""

import re
from dataclasses import dataclass
from datetime import datetime

from models.arguments import argument_words, known_services, service_named
from models.catalog.document import Catalog, Service
from models.errors import Invalid
from models.kpi.periods import DEFAULT_PERIOD, EXAMPLES, Period, is_period, parse_period

_DOTS = re.compile(r"\s*(?:\.{2,}|\u2026)\s*")


@dataclass(frozen=True, slots=True)
class Scope:
    """``services`` are keys; none means all."""

    period: Period
    services: tuple[str, ...] = ()


def parse_kpi_arguments(text: str, catalog: Catalog, now: datetime) -> Scope:
    """Read ``[period] [service]`` in any order; a service is named by key or name.

    Days are in the service's time zone, or the catalog's. Raises :class:`~models.errors.Invalid` for other words
    and for a second period or service.
    """
    words = argument_words(_DOTS.sub("..", text))
    periods = [word for word in words if is_period(word)]
    rest = " ".join(word for word in words if not is_period(word))
    if len(periods) > 1:
        raise Invalid({"text": f"{periods[0]} and {periods[1]} are two periods. Write one, or a range. {EXAMPLES}"})
    service = _service(rest, catalog) if rest else None
    try:
        period = parse_period(periods[0] if periods else DEFAULT_PERIOD, now, catalog.zone(service))
    except ValueError as error:
        raise Invalid({"text": str(error)}) from None
    return Scope(period, (service.key,) if service else ())


def _service(text: str, catalog: Catalog) -> Service:
    service = service_named(text, catalog)
    if service is None:
        known = known_services(catalog)
        raise Invalid({"text": f"{text[:40]!r} is no period and no service. {EXAMPLES} Services: {known}."})
    return service
