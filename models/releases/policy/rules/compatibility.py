"""Compatibility: whether the configuration items that a release brings work with what will be there."""

from models.packages.compatibility import Incompatibility, incompatibilities
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Kind

RULE = "compatibility"


def compatibility(facts: PolicyFacts, around: Surroundings) -> list[Finding]:
    """One finding for each item that would stand beside a version it does not work with."""
    if not facts.items:
        return []
    found = incompatibilities(facts.items, around.present, around.brought)
    return [Finding(Kind.SOFT, RULE, f"{one.sentence}.", finding_name(one), "items") for one in found] or [
        Finding(Kind.OK, RULE, "Compatibility: the versions fit what will be there.", field="items")
    ]


def finding_name(found: Incompatibility) -> str:
    """What a finding is about: the two items, whichever versions they have by now."""
    return f"{found.key} {found.other}"
