"""Free windows: the next ones that no rule has anything against."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from models.catalog.windows import Opening, at, openings
from models.releases.policy.judge import ABOUT_TIME
from models.releases.policy.rules.collisions import colliding
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Kind
from models.releases.policy.rules.lead_time import earliest_start
from models.time.days import days_between, say_window

PROPOSED = 3
"""How many are proposed."""

AHEAD = timedelta(days=120)
"""How far ahead they are looked for: past a freeze of a quarter."""

USUAL = timedelta(hours=2)
"""How long a window is taken to be while none is chosen."""

MORNING = "09:00"
"""When a day begins for a service that names no windows, while no start is chosen."""


@dataclass(frozen=True, slots=True)
class Free:
    """A window that policy has nothing against, and the words for it."""

    start: datetime
    end: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Check:
    """What policy says of a form, and the next windows that it has nothing against."""

    findings: tuple[Finding, ...]
    free: tuple[Free, ...]


def free_windows(facts: PolicyFacts, around: Surroundings) -> list[Free]:
    """The next free windows of the length asked for, at most one a day, from the start asked for if that is later.

    Of another type or service nothing is known, so there are none before both are chosen.
    """
    if facts.kind is None:
        return []
    earliest = earliest_start(facts)
    begin = max(earliest, facts.start) if facts.start else earliest
    length = facts.end - facts.start if facts.start and facts.end and facts.end > facts.start else USUAL
    first = begin.astimezone(facts.zone).date()
    found: list[Free] = []
    for day in days_between(first, first + AHEAD):
        start = next(
            (one for one in _starts(facts, around, day, begin) if _will_do(facts, around, one, length)), None
        )
        if start is not None:
            found.append(Free(start, start + length, say_window(start, start + length, facts.zone)))
        if len(found) == PROPOSED:
            break
    return found


def _starts(facts: PolicyFacts, around: Surroundings, day: date, begin: datetime) -> Iterator[datetime]:
    """Moments of ``day`` worth trying: when it opens, or from ``begin`` on, and when another release is over."""
    for opens, closes in _open(facts, day):
        if closes <= begin:
            continue
        yield opens if opens >= begin else _half_hour(begin)
        yield from sorted(one.end for one in around.planned if max(opens, begin) < one.end < closes)


def _open(facts: PolicyFacts, day: date) -> list[Opening]:
    if facts.service.policy.windows and not facts.emergency:
        return openings(facts.service.policy.windows, day, facts.zone)
    usual = f"{facts.start.astimezone(facts.zone):%H:%M}" if facts.start else MORNING
    return [(at(day, usual, facts.zone), at(day, "24:00", facts.zone))]


def _half_hour(moment: datetime) -> datetime:
    """The next full or half hour."""
    over = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (timedelta(minutes=30) - over if over else timedelta())


def _will_do(facts: PolicyFacts, around: Surroundings, start: datetime, length: timedelta) -> bool:
    if any(colliding(around.planned, start, start + length)):  # the usual reason, known without a word about it
        return False
    tried = replace(facts, start=start, end=start + length)
    return all(finding.kind <= Kind.INFO for rule in ABOUT_TIME for finding in rule(tried, around))
