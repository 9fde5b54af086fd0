"""Frequency: how often releases of a type may occur (``at_most`` in the catalog)."""

from datetime import datetime

from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight
from models.text import listed
from models.time.days import say_day
from models.time.spans import parse_span, say_span

RULE = "frequency"


def frequency(facts: PolicyFacts, around: Surroundings) -> list[Finding]:
    """Whether some stretch of the policy's length would hold more releases of this type than it allows."""
    limit = facts.kind.at_most if facts.kind else None
    if limit is None or facts.start is None:
        return []
    words = f"{limit.count} {facts.type} release{'' if limit.count == 1 else 's'} in {say_span(limit.every)}"
    every = parse_span(limit.every)
    near: dict[str, datetime] = {}
    for begin in (facts.start, *(one.start for one in around.alike if one.start <= facts.start)):
        end = every.after(begin, facts.zone)
        if facts.start < end:
            within = {one.identifier: one.start for one in around.alike if begin <= one.start < end}
            near |= within if len(within) + 1 > limit.count else {}
    if not near:
        return [Finding(Weight.OK, RULE, f"Frequency: at most {words}, and this is no more.", field="type")]
    others = listed(
        f"{name} on {say_day(start.astimezone(facts.zone).date())}"
        for name, start in sorted(near.items(), key=lambda one: one[1])
    )
    sentence = f"{facts.service.name} has at most {words}; with this one there are more: {others}."
    return [Finding(Weight.SOFT, RULE, sentence, facts.type, "type")]
