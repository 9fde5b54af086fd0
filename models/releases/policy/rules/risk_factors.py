"""What the risk of a request is reckoned from; docs/risk.md has every figure with its reason."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from models.catalog.deployment_windows import openings
from models.catalog.document import RiskCondition, Window
from models.packages.versions import major_number
from models.releases.policy.rules.collisions import colliding
from models.releases.policy.rules.facts import PolicyFacts, Surroundings, is_emergency
from models.releases.policy.rules.service_record import (
    HIGH_BELOW,
    LEAST_DEPLOYMENTS,
    MEDIUM_BELOW,
    RECORD_PERIOD,
    ServiceRecord,
)
from models.risk_levels import HIGH, LOW, MEDIUM
from models.text import either, listed
from models.time.days import days_between, days_touched
from models.time.spans import Span, parse_span, say_span

NAMED = 3
"""Items or releases that one sentence names."""

CHANGES_MEDIUM, CHANGES_HIGH = 6, 21
"""Authorised changes. Up to five are looked through in one sitting; more than twenty are taken on trust."""

ITEMS_MEDIUM, ITEMS_HIGH = 6, 21
"""Configuration items, for the same reason."""


@dataclass(frozen=True, slots=True)
class Factor:
    """It raises the risk to ``level`` at least; one that is low says what was looked at."""

    level: str
    sentence: str


RiskFactor = Callable[[PolicyFacts, Surroundings], Iterator[Factor]]


def _catalog(facts: PolicyFacts, _around: Surroundings) -> Iterator[Factor]:
    for rule in facts.service.policy.risk:
        if _holds(rule.when, facts):
            yield Factor(rule.is_, f"{facts.service.name} calls this {rule.is_}: {say_condition(rule.when)}.")


def _holds(when: RiskCondition, facts: PolicyFacts) -> bool:
    """Whether everything that it names holds."""
    return (
        (not when.type or facts.type in when.type)
        and (not when.method or facts.method in when.method)
        and (not when.items or any(node.key in when.items for node in facts.items))
        and (when.changes is None or len(facts.changes) >= when.changes)
        and (not when.hours or _touches(when.hours, facts))
    )


def _touches(hours: tuple[Window, ...], facts: PolicyFacts) -> bool:
    start, end = facts.start, facts.end
    if start is None or end is None or end <= start:
        return False
    return any(
        begins < end and start < ends
        for day in days_between(*days_touched(start, end, facts.zone))
        for begins, ends in openings(hours, day, facts.zone)
    )


def say_condition(when: RiskCondition) -> str:
    """``type major, 5 changes or more``."""
    parts = [f"type {either(when.type)}"] if when.type else []
    parts += [f"method {either(when.method)}"] if when.method else []
    parts += [f"brings {either(when.items)}"] if when.items else []
    parts += [f"{_counted(when.changes, 'change')} or more"] if when.changes else []
    if when.hours:
        hours = (f"{listed(day.capitalize() for day in one.days)} {one.from_}-{one.to}" for one in when.hours)
        parts.append(f"within {'; '.join(hours)}")
    return ", ".join(parts)


def _size(facts: PolicyFacts, _around: Surroundings) -> Iterator[Factor]:
    for count, what, medium, high in (
        (len(facts.changes), "authorised change", CHANGES_MEDIUM, CHANGES_HIGH),
        (len(facts.items), "configuration item", ITEMS_MEDIUM, ITEMS_HIGH),
    ):
        if count:
            level = HIGH if count >= high else MEDIUM if count >= medium else LOW
            yield Factor(level, f"It brings {_counted(count, what)}.")


def _kind(facts: PolicyFacts, around: Surroundings) -> Iterator[Factor]:
    hardware = [node.key for node in facts.items if node.kind == "hardware"]
    if hardware:
        verb = "is" if len(hardware) == 1 else "are"
        yield Factor(MEDIUM, f"{_named(hardware)} {verb} hardware, which no pipeline puts back.")
    leaps = [
        f"{node.key} from {present.version} to {node.version}"
        for node in facts.items
        if node.kind == "software" and (present := around.present.get(node.key)) is not None
        if _leaps(present.version, node.version)
    ]
    if leaps:
        yield Factor(MEDIUM, f"A new major version: {_named(leaps)}.")


def _leaps(before: str, after: str) -> bool:
    """To a higher major version; a version of one number has none."""
    old, new = major_number(before), major_number(after)
    return old is not None and new is not None and new > old


def _record(facts: PolicyFacts, around: Surroundings) -> Iterator[Factor]:
    mean = around.record.mean_points
    within = f"in the last {RECORD_PERIOD.days} days"
    name = facts.service.name
    if mean is None:
        yield Factor(LOW, f"{name} has no record: fewer than {LEAST_DEPLOYMENTS} deployments {within}.")
        return
    level = HIGH if mean < HIGH_BELOW else MEDIUM if mean < MEDIUM_BELOW else LOW
    yield Factor(level, f"Of {around.record.deployments} deployments of {name} {within} {_went(around.record)}.")


def _went(record: ServiceRecord) -> str:
    said = [f"{record.backed_out} {_were(record.backed_out)} backed out"] if record.backed_out else []
    for count, what in (
        (record.critical, "priority 1"),
        (record.major, "priority 2"),
        (record.minor, "a lower priority"),
    ):
        said += [f"{count} caused an incident of {what}"] if count else []
    return listed(said) or "none failed"


def _collisions(facts: PolicyFacts, around: Surroundings) -> Iterator[Factor]:
    """Two at once are one thing to watch, three are too many: whoever looks at one misses another."""
    start, end = facts.start, facts.end
    if start is None or end is None or end <= start:
        return
    others = [other.identifier for other in colliding(around.planned, start, end)]
    if others:
        verb = "is" if len(others) == 1 else "are"
        yield Factor(MEDIUM if len(others) == 1 else HIGH, f"{_named(others)} {verb} planned for that time, too.")
    else:
        yield Factor(LOW, "No other release is planned for that time.")


def _lead_time(facts: PolicyFacts, _around: Surroundings) -> Iterator[Factor]:
    """Against what is usual for the service: those who have less time than that look less closely."""
    usual = _usual_notice(facts)
    if facts.start is None or parse_span(usual) == Span():
        return
    if facts.start >= parse_span(usual).after(facts.requested_at, facts.zone):
        yield Factor(LOW, f"It is requested {say_span(usual)} ahead or more, as usual.")
    else:
        yield Factor(MEDIUM, f"It starts sooner than {say_span(usual)} after its request, which is usual.")


def _usual_notice(facts: PolicyFacts) -> str:
    """The notice of its type; for an emergency, which needs none, the shortest of the others."""
    if facts.kind is None:
        return "0d"
    if not facts.emergency:
        return facts.kind.notice
    types = facts.service.policy.types.items()
    others = [kind.notice for name, kind in types if not is_emergency(name, kind)]
    return min((one for one in others if parse_span(one) != Span()), key=_length, default="0d")


def _length(notice: str) -> timedelta:
    return parse_span(notice).rough


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _named(names: list[str]) -> str:
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return listed((*names[:NAMED], *more))


FACTORS: tuple[RiskFactor, ...] = (_catalog, _size, _kind, _record, _collisions, _lead_time)
"""In the order in which those of one level are named."""
