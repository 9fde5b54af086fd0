"""Lead time: how long before its window a release is requested, counted on the service's calendar."""

from datetime import datetime

from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Kind
from models.time.days import say_moment
from models.time.spans import parse_span, say_span

RULE = "notice"
"""The name that findings and the catalog have stored."""


def earliest_start(facts: PolicyFacts) -> datetime:
    """When a release that is requested now may start; an emergency at once, as may what has no type yet."""
    if facts.kind is None or facts.emergency:
        return facts.asked_at
    return parse_span(facts.kind.notice).after(facts.asked_at, facts.zone)


def lead_time(facts: PolicyFacts, _around: Surroundings) -> list[Finding]:
    """Whether the window starts late enough; an emergency may start at once."""
    kind = facts.kind
    if kind is None or facts.start is None or facts.emergency:
        return []
    earliest = earliest_start(facts)
    asked = f"{facts.type} releases of {facts.service.name} are requested {say_span(kind.notice)} ahead"
    if facts.start < earliest:
        words = say_moment(earliest, facts.zone)
        return [
            Finding(
                Kind.HARD, RULE, f"Too short notice: {asked}, so this window may start at {words} at the earliest."
            )
        ]
    return [Finding(Kind.OK, RULE, f"Notice: {asked}, and this one is.")]
