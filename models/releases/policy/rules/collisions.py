"""Collisions: other planned releases of this service, or of one it hangs together with, at the same time."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from models.catalog.document import Catalog
from models.lifecycle.overlaps import Planned
from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.findings import Finding, Kind
from models.time.days import say_window

RULE = "collisions"


def collisions(facts: PolicyFacts, around: Surroundings) -> list[Finding]:
    """One finding for each planned release whose window overlaps; two that only touch do not."""
    start, end = facts.start, facts.end
    if start is None or end is None or end <= start:
        return []
    found = []
    for other in colliding(around.planned, start, end):
        found.append(Finding(Kind.SOFT, RULE, collision(facts.catalog, other, facts.zone), other.identifier))
    return found or [Finding(Kind.OK, RULE, "Collisions: no other release is planned for that time.")]


def collision(catalog: Catalog, other: Planned, zone: ZoneInfo) -> str:
    """The sentence about ``other``, with its window in ``zone``."""
    name = catalog.service_name(other.service)
    window = say_window(other.start, other.end, zone)
    return f"Another release is planned for that time: {other.identifier} of {name}, {window}."


def colliding(planned: Iterable[Planned], start: datetime, end: datetime) -> Iterator[Planned]:
    """Those of ``planned`` whose window shares more than a moment with the one from ``start`` to ``end``."""
    return (other for other in planned if other.start < end and start < other.end)
