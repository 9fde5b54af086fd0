"""The same authorised change in two open releases: one of them may deploy it unseen by the other."""

from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight
from models.text import listed

RULE = "same_change"

NAMED = 3
"""Changes that one sentence names."""


def same_change(facts: PolicyFacts, around: Surroundings) -> list[Finding]:
    """For information, unless the service wants it waived."""
    weight = Weight.SOFT if RULE in facts.service.policy.soft else Weight.INFO
    findings = []
    for other in around.shared:
        more = [f"{len(other.changes) - NAMED} more"] if len(other.changes) > NAMED else []
        verb = "is" if len(other.changes) == 1 else "are"
        sentence = (
            f"{listed((*other.changes[:NAMED], *more))} {verb} in another open release, too: {other.identifier} of "
            f"{facts.catalog.service_name(other.service)}."
        )
        findings.append(Finding(weight, RULE, sentence, other.identifier, "changes"))
    return findings
