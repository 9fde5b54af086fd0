"""Dependencies: a release waits while a service that needs this one is frozen."""

from models.catalog.freezes import freezes_met, occurrence
from models.freezes.in_force import ALL, freezes_of
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight
from models.releases.policy.rules.freezes import when, with_stop
from models.text import listed
from models.time.days import say_day, say_moment

RULE = "dependencies"


def dependencies(facts: PolicyFacts, around: Surroundings) -> list[Finding]:
    """Each service's freezes count on its own calendar. A typed freeze of all services is this one's, too."""
    start, end = facts.start, facts.end or facts.start
    if start is None or end is None or not around.dependants:
        return []
    weight = Weight.INFO if facts.emergency else Weight.SOFT
    findings = [
        Finding(
            weight,
            RULE,
            f"{other.name} needs {facts.service.name} and has its {freeze.kind} freeze {freeze.name} "
            f"({when(freeze)}) on {say_day(day)}.",
            f"{other.key} {occurrence(freeze, day)}",
        )
        for other in around.dependants
        for freeze, day in freezes_met(other.policy.freezes, start, end, facts.catalog.zone(other))
    ]
    findings += [
        Finding(
            weight,
            RULE,
            f"{other.name} needs {facts.service.name} and is frozen until {say_moment(freeze.ends, facts.zone)}: "
            f"{with_stop(freeze.name)}",
            f"{other.key} {freeze.key}",
        )
        for other in around.dependants
        for freeze in freezes_of(other.key, (row for row in around.typed if row.service != ALL))
        if freeze.touches(start, end)
    ]
    if findings:
        return findings
    names = listed([one.name for one in around.dependants[:5]])
    more = f" and {len(around.dependants) - 5} more" if len(around.dependants) > 5 else ""
    verb = "needs" if len(around.dependants) == 1 else "need"
    sentence = f"Dependencies: {names}{more} {verb} {facts.service.name}, and none of them is frozen then."
    if len(around.dependants) == 1:
        sentence = f"Dependencies: {names} needs {facts.service.name} and is not frozen then."
    return [Finding(Weight.OK, RULE, sentence)]
