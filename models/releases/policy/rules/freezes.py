"""Freezes: days on which a service is left alone, once or again every week, month or year."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.catalog.document import Freeze, Service
from models.catalog.freezes import days_between, freeze_holds, touched
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Kind
from models.text import listed
from models.time.days import say_day

RULE = "freezes"

LOOKED_THROUGH = timedelta(days=366 * 8)
"""Days of a window that are looked at: whatever comes again comes within eight years, also a 29 February."""


def freezes(facts: PolicyFacts, _around: Surroundings) -> list[Finding]:
    """Every freeze that the window touches, each with its own weight."""
    if facts.start is None or not facts.service.policy.freezes:
        return []
    found = [
        Finding(
            Kind.HARD if freeze.kind == "hard" else Kind.SOFT,
            RULE,
            _sentence(facts.service, freeze, day),
            occurrence(freeze, day),
        )
        for freeze, day in struck(facts.service, facts.start, facts.end, facts.zone)
    ]
    return found or [Finding(Kind.OK, RULE, f"Freezes: {facts.service.name} is not frozen then.")]


def struck(service: Service, start: datetime, end: datetime | None, zone: ZoneInfo) -> list[tuple[Freeze, date]]:
    """The freezes of ``service`` that a window touches, and the first day on which it touches each."""
    first, last = touched(start, end or start, zone)
    found = ((freeze, _first(freeze, first, last)) for freeze in service.policy.freezes)
    return [(freeze, day) for freeze, day in found if day is not None]


def occurrence(freeze: Freeze, day: date) -> str:
    """A name for the freeze as it holds on ``day``: next month's is another one."""
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


def when(freeze: Freeze) -> str:
    """When it holds, as people say it."""
    if freeze.from_ is not None and freeze.to is not None:
        return f"from {say_day(freeze.from_)} to {say_day(freeze.to)}"
    if freeze.every == "week":
        return f"every {listed(str(day).capitalize() for day in freeze.days)}"
    of = "on the days" if freeze.every == "month" else "on"
    return f"every {freeze.every} {of} {listed(str(day) for day in freeze.days)}"


def _first(freeze: Freeze, first: date, last: date) -> date | None:
    if freeze.from_ is not None and freeze.to is not None:
        return max(first, freeze.from_) if freeze.from_ <= last and first <= freeze.to else None
    looked = days_between(first, min(last, first + LOOKED_THROUGH))
    return next((day for day in looked if freeze_holds(freeze, day)), None)


def _sentence(service: Service, freeze: Freeze, day: date) -> str:
    if freeze.kind == "hard":
        return (
            f"The hard freeze {freeze.name} ({when(freeze)}) holds on {say_day(day)}: {service.name} is not "
            "deployed then. Choose a window outside it."
        )
    return f"The soft freeze {freeze.name} ({when(freeze)}) holds on {say_day(day)}."
