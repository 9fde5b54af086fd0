from models.catalog.allowed_choices import method_problem, type_problem
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight


def allowed_type(facts: PolicyFacts, _around: Surroundings) -> list[Finding]:
    problem = type_problem(facts.type, facts.service) if facts.type else ""
    return [Finding(Weight.HARD, "type", problem, field="type")] if problem else []


def allowed_method(facts: PolicyFacts, _around: Surroundings) -> list[Finding]:
    if not facts.method:
        return []
    problem = method_problem(facts.method, facts.service)
    if problem:
        return [Finding(Weight.HARD, "method", problem, field="method")]
    sentence = f"Method: {facts.service.name} may be deployed {facts.method}."
    return [Finding(Weight.OK, "method", sentence, field="method")]
