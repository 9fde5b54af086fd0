"""Lead time: how long before its window a release is requested, counted on the service's calendar."""

from datetime import datetime

from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight
from models.time.days import say_moment
from models.time.spans import parse_span, say_span

RULE = "notice"
"""As findings and the catalog have it stored."""


def earliest_start(facts: PolicyFacts) -> datetime:
    """An emergency may start at once, and so may a request without a type yet."""
    if facts.kind is None or facts.emergency:
        return facts.requested_at
    return parse_span(facts.kind.notice).after(facts.requested_at, facts.zone)


def lead_time(facts: PolicyFacts, _around: Surroundings) -> list[Finding]:
    kind = facts.kind
    if kind is None or facts.start is None or facts.emergency:
        return []
    earliest = earliest_start(facts)
    terms = f"{facts.type} releases of {facts.service.name} are requested {say_span(kind.notice)} ahead"
    if facts.start < earliest:
        at = say_moment(earliest, facts.zone)
        sentence = f"Too short notice: {terms}, so this window may start at {at} at the earliest."
        return [Finding(Weight.HARD, RULE, sentence)]
    return [Finding(Weight.OK, RULE, f"Notice: {terms}, and this one is.")]
