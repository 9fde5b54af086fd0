"""A person who is needed in two deployments at once."""

from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight

RULE = "same_person"


def same_person(facts: PolicyFacts, around: Surroundings) -> list[Finding]:
    """For information, unless the service wants it waived."""
    weight = Weight.SOFT if RULE in facts.service.policy.soft else Weight.INFO
    return [
        Finding(
            weight,
            RULE,
            f"{one.name} is needed for another deployment at that time: {one.identifier} of "
            f"{facts.catalog.service_name(one.service)}.",
            f"{one.person} {one.identifier}",
        )
        for one in around.busy
    ]
