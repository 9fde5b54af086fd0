"""Free windows: the next ones that no rule about time has anything against: docs/process.md#free-windows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from models.catalog.deployment_windows import Opening, openings
from models.releases.policy.judge import ABOUT_TIME
from models.releases.policy.rules.collisions import colliding
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight
from models.releases.policy.rules.lead_time import earliest_start
from models.releases.policy.rules.risk import Risk
from models.time.days import days_between, moment_at, say_window

PROPOSED = 3

AHEAD = timedelta(days=120)
"""How far ahead windows are looked for: past a freeze of a quarter."""

USUAL_LENGTH = timedelta(hours=2)
"""The length of a window while none is chosen."""

MORNING = "09:00"
"""When a window begins for a service without deployment windows, while no start is chosen."""


@dataclass(frozen=True, slots=True)
class FreeWindow:
    """``words`` are the window as people read it."""

    start: datetime
    end: datetime
    words: str


@dataclass(frozen=True, slots=True)
class PolicyCheck:
    """``approvals`` are those by role that the risk asks for, if they are more than usual."""

    findings: tuple[Finding, ...]
    free: tuple[FreeWindow, ...]
    risk: Risk | None = None
    approvals: Mapping[str, int] = field(default_factory=dict)


def free_windows(facts: PolicyFacts, around: Surroundings) -> list[FreeWindow]:
    """The next free windows as long as the one in the form, at most one a day; none before the type is chosen.

    They begin with the lead time, or with the start in the form if that is later.
    """
    if facts.kind is None:
        return []
    earliest = earliest_start(facts)
    begin = max(earliest, facts.start) if facts.start else earliest
    length = facts.end - facts.start if facts.start and facts.end and facts.end > facts.start else USUAL_LENGTH
    first = begin.astimezone(facts.zone).date()
    windows: list[FreeWindow] = []
    for day in days_between(first, first + AHEAD):
        start = next(
            (moment for moment in _starts(facts, around, day, begin) if _is_free(facts, around, moment, length)),
            None,
        )
        if start is not None:
            windows.append(FreeWindow(start, start + length, say_window(start, start + length, facts.zone)))
        if len(windows) == PROPOSED:
            break
    return windows


def _starts(facts: PolicyFacts, around: Surroundings, day: date, begin: datetime) -> Iterator[datetime]:
    """Moments of ``day`` to try, not before ``begin``: when a window opens, and when another release is over."""
    for opens, closes in _openings(facts, day):
        if closes <= begin:
            continue
        yield opens if opens >= begin else _half_hour(begin)
        yield from sorted(one.end for one in around.planned if max(opens, begin) < one.end < closes)


def _openings(facts: PolicyFacts, day: date) -> list[Opening]:
    if facts.service.policy.windows and not facts.emergency:
        return openings(facts.service.policy.windows, day, facts.zone)
    usual = f"{facts.start.astimezone(facts.zone):%H:%M}" if facts.start else MORNING
    return [(moment_at(day, usual, facts.zone), moment_at(day, "24:00", facts.zone))]


def _half_hour(moment: datetime) -> datetime:
    """The next full or half hour."""
    over = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment + (timedelta(minutes=30) - over if over else timedelta())


def _is_free(facts: PolicyFacts, around: Surroundings, start: datetime, length: timedelta) -> bool:
    if any(colliding(around.planned, start, start + length)):  # the usual reason, and the cheapest to find
        return False
    tried = replace(facts, start=start, end=start + length)
    return all(finding.weight <= Weight.INFO for rule in ABOUT_TIME for finding in rule(tried, around))
