from zoneinfo import ZoneInfo

from models.catalog.deployment_windows import open_until
from models.catalog.document import Service
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight
from models.text import listed
from models.time.days import say_moment

RULE = "windows"


def windows(facts: PolicyFacts, _around: Surroundings) -> list[Finding]:
    if not facts.service.policy.windows or facts.start is None:
        return []
    if facts.emergency:
        sentence = f"Windows: a release of type {facts.type} may go out at any time."
        return [Finding(Weight.OK, RULE, sentence)]
    end = facts.end if facts.end is not None and facts.end > facts.start else None
    reached = open_until(facts.service.policy.windows, facts.start, end or facts.start, facts.zone)
    when = f"{facts.service.name} is deployed {say_windows(facts.service, facts.zone)}"
    if reached is None:
        return [Finding(Weight.HARD, RULE, f"{when}, not at {say_moment(facts.start, facts.zone)}.")]
    if end is not None and reached < end:
        sentence = f"{when}. This window begins within that and has to end by {say_moment(reached, facts.zone)}."
        return [Finding(Weight.HARD, RULE, sentence, field="window_end")]
    return [Finding(Weight.OK, RULE, f"Windows: {when}, and this is then.")]


def say_windows(service: Service, zone: ZoneInfo) -> str:
    """The windows as people read them: ``Mon, Tue and Wed 09:00-16:00 (Europe/Amsterdam)``."""
    each = (
        f"{listed(day.capitalize() for day in one.days)} {one.from_}-{one.to}" for one in service.policy.windows
    )
    return f"{'; '.join(each)} ({zone.key})"
