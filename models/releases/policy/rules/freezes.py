from datetime import date

from models.catalog.document import Freeze
from models.catalog.freezes import freezes_met, occurrence
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight
from models.text import listed
from models.time.days import say_day

RULE = "freezes"


def freezes(facts: PolicyFacts, _around: Surroundings) -> list[Finding]:
    if facts.start is None or not facts.service.policy.freezes:
        return []
    findings = [
        Finding(
            _weight(facts, freeze),
            RULE,
            _sentence(facts, freeze, day),
            occurrence(freeze, day),
        )
        for freeze, day in freezes_met(
            facts.service.policy.freezes, facts.start, facts.end or facts.start, facts.zone
        )
    ]
    return findings or [Finding(Weight.OK, RULE, f"Freezes: {facts.service.name} is not frozen then.")]


def when(freeze: Freeze) -> str:
    if freeze.from_ is not None and freeze.to is not None:
        return f"from {say_day(freeze.from_)} to {say_day(freeze.to)}"
    if freeze.every == "week":
        return f"every {listed(str(day).capitalize() for day in freeze.days)}"
    of = "on the days" if freeze.every == "month" else "on"
    return f"every {freeze.every} {of} {listed(str(day) for day in freeze.days)}"


def _weight(facts: PolicyFacts, freeze: Freeze) -> Weight:
    """An emergency passes over it, which its approver is told."""
    if facts.emergency:
        return Weight.INFO
    return Weight.HARD if freeze.kind == "hard" else Weight.SOFT


def _sentence(facts: PolicyFacts, freeze: Freeze, day: date) -> str:
    service = facts.service
    if facts.emergency:
        return (
            f"The {freeze.kind} freeze {freeze.name} ({when(freeze)}) holds on {say_day(day)}. An emergency may go "
            "out all the same; its approval says so."
        )
    if freeze.kind == "hard":
        return (
            f"The hard freeze {freeze.name} ({when(freeze)}) holds on {say_day(day)}: {service.name} is not "
            "deployed then. Choose a window outside it."
        )
    return f"The soft freeze {freeze.name} ({when(freeze)}) holds on {say_day(day)}."
