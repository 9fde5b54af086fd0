from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight
from models.text import listed


def documents(facts: PolicyFacts, _around: Surroundings) -> list[Finding]:
    if facts.kind is None or not facts.kind.documents:
        return []
    sentence = f"Documents that a {facts.type} release needs: {listed(facts.kind.documents)}."
    return [Finding(Weight.INFO, "documents", sentence, field="type")]
