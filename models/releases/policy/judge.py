"""All rules of release policy together."""

from models.releases.policy.rules.allowed import allowed_method, allowed_type
from models.releases.policy.rules.collisions import collisions
from models.releases.policy.rules.compatibility import compatibility
from models.releases.policy.rules.dependencies import dependencies
from models.releases.policy.rules.documents import documents
from models.releases.policy.rules.facts import PolicyFacts, PolicyRule, Surroundings
from models.releases.policy.rules.findings import Finding, merged, tried_out
from models.releases.policy.rules.freezes import freezes
from models.releases.policy.rules.frequency import frequency
from models.releases.policy.rules.lead_time import lead_time
from models.releases.policy.rules.people import people
from models.releases.policy.rules.same_change import same_change
from models.releases.policy.rules.same_person import same_person
from models.releases.policy.rules.windows import windows

ABOUT_TIME: tuple[PolicyRule, ...] = (lead_time, windows, freezes, collisions, dependencies, frequency)
"""The rules that look at the window."""

RULES: tuple[PolicyRule, ...] = (
    allowed_type,
    *ABOUT_TIME,
    allowed_method,
    compatibility,
    people,
    same_change,
    same_person,
    documents,
)
"""In the order in which findings are shown."""


def judge(facts: PolicyFacts, around: Surroundings) -> list[Finding]:
    """The findings about a request, the hardest first; there are none about what is not chosen yet.

    Rules that the service tries out stop nobody.
    """
    found = [finding for rule in RULES for finding in rule(facts, around)]
    return merged(tried_out(found, facts.service.policy.observe))
