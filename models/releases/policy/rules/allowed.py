"""Types of release and deployment methods: those that the service's policy allows."""

from models.catalog.choices import method_problem, type_problem
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Kind


def allowed_type(facts: PolicyFacts, _around: Surroundings) -> list[Finding]:
    """Whether the service has releases of this type."""
    problem = type_problem(facts.type, facts.service) if facts.type else ""
    return [Finding(Kind.HARD, "type", problem, field="type")] if problem else []


def allowed_method(facts: PolicyFacts, _around: Surroundings) -> list[Finding]:
    """Whether the service is deployed like this."""
    if not facts.method:
        return []
    problem = method_problem(facts.method, facts.service)
    if problem:
        return [Finding(Kind.HARD, "method", problem, field="method")]
    sentence = f"Method: {facts.service.name} may be deployed {facts.method}."
    return [Finding(Kind.OK, "method", sentence, field="method")]
