"""Documents: what a type of release has to bring along."""

from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Kind
from models.text import listed


def documents(facts: PolicyFacts, _around: Surroundings) -> list[Finding]:
    """Which documents are needed, for information."""
    if facts.kind is None or not facts.kind.documents:
        return []
    sentence = f"Documents that a {facts.type} release needs: {listed(facts.kind.documents)}."
    return [Finding(Kind.INFO, "documents", sentence, field="type")]
