"""Collisions: other planned releases of this service or a related one at the same time."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from models.catalog.document import Catalog
from models.lifecycle.overlaps import Planned
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Weight
from models.time.days import say_window

RULE = "collisions"


def collisions(facts: PolicyFacts, around: Surroundings) -> list[Finding]:
    start, end = facts.start, facts.end
    if start is None or end is None or end <= start:
        return []
    findings = [
        Finding(Weight.SOFT, RULE, collision(facts.catalog, other, facts.zone), other.identifier)
        for other in colliding(around.planned, start, end)
    ]
    return findings or [Finding(Weight.OK, RULE, "Collisions: no other release is planned for that time.")]


def collision(catalog: Catalog, other: Planned, zone: ZoneInfo) -> str:
    """The sentence about ``other``, with its window in ``zone``."""
    name = catalog.service_name(other.service)
    window = say_window(other.start, other.end, zone)
    return f"Another release is planned for that time: {other.identifier} of {name}, {window}."


def colliding(planned: Iterable[Planned], start: datetime, end: datetime) -> Iterator[Planned]:
    return (other for other in planned if other.overlaps(start, end))
