from datetime import date

from models.catalog.document import Freeze, Service
from models.catalog.freezes import FreezeInForce, freezes_met, occurrence
from models.freezes.in_force import HARD, freezes_of
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight
from models.text import listed
from models.time.days import say_day, say_moment

RULE = "freezes"


def freezes(facts: PolicyFacts, around: Surroundings) -> list[Finding]:
    """The catalog's freezes and those that people typed. An emergency passes them over, and says so."""
    start, end = facts.start, facts.end or facts.start
    if start is None or end is None:
        return []
    findings = [
        _finding(facts, freeze.kind, _sentence(facts.service, freeze, day), occurrence(freeze, day))
        for freeze, day in freezes_met(facts.service.policy.freezes, start, end, facts.zone)
    ]
    findings += [
        _finding(facts, freeze.kind, _typed_sentence(facts, freeze), freeze.key)
        for freeze in freezes_of(facts.service.key, around.typed)
        if freeze.touches(start, end)
    ]
    if findings or not facts.service.policy.freezes:
        return findings
    return [Finding(Weight.OK, RULE, f"Freezes: {facts.service.name} is not frozen then.")]


def _finding(facts: PolicyFacts, kind: str, sentence: str, key: str) -> Finding:
    if facts.emergency:
        told = "An emergency may go out all the same; its approval says so."
        return Finding(Weight.INFO, RULE, f"{sentence} {told}", key)
    advice = " Choose a window outside it." if kind == HARD else ""
    return Finding(Weight.HARD if kind == HARD else Weight.SOFT, RULE, f"{sentence}{advice}", key)


def when(freeze: Freeze) -> str:
    if freeze.from_ is not None and freeze.to is not None:
        return f"from {say_day(freeze.from_)} to {say_day(freeze.to)}"
    if freeze.every == "week":
        return f"every {listed(str(day).capitalize() for day in freeze.days)}"
    of = "on the days" if freeze.every == "month" else "on"
    return f"every {freeze.every} {of} {listed(str(day) for day in freeze.days)}"


def _sentence(service: Service, freeze: Freeze, day: date) -> str:
    if freeze.kind == HARD:
        return (
            f"The hard freeze {freeze.name} ({when(freeze)}) holds on {say_day(day)}: {service.name} is not "
            "deployed then."
        )
    return f"The soft freeze {freeze.name} ({when(freeze)}) holds on {say_day(day)}."


def _typed_sentence(facts: PolicyFacts, freeze: FreezeInForce) -> str:
    until = say_moment(freeze.ends, facts.zone)
    return f"{facts.service.name} is frozen until {until}: {with_stop(freeze.name)}"


def with_stop(reason: str) -> str:
    """``reason`` as a sentence."""
    return reason if reason.endswith((".", "!", "?")) else f"{reason}."
