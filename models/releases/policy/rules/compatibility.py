"""Compatibility: whether the configuration items that a release brings work with what will be there."""

from models.packages.compatibility import Incompatibility, incompatibilities
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight

RULE = "compatibility"


def compatibility(facts: PolicyFacts, around: Surroundings) -> list[Finding]:
    """One finding for each item that would meet a version it isn't known to work with."""
    if not facts.items:
        return []
    findings = [
        Finding(Weight.SOFT, RULE, f"{one.sentence}.", finding_key(one), "items")
        for one in incompatibilities(facts.items, around.present, around.brought)
    ]
    fits = Finding(Weight.OK, RULE, "Compatibility: the versions fit what will be there.", field="items")
    return findings or [fits]


def finding_key(incompatibility: Incompatibility) -> str:
    """The two items, whatever versions they have by now."""
    return f"{incompatibility.key} {incompatibility.other}"
