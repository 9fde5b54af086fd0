"""Which planned deployments get in each other's way: their windows overlap, and their services hang together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.catalog.document import Catalog


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned deployment: its window ends before ``end``."""

    id: int
    identifier: str
    service: str
    start: datetime
    end: datetime


def related(catalog: Catalog) -> dict[str, frozenset[str]]:
    """For each service: itself, what it depends on at whatever remove, and what depends on it."""
    below = {key: _reach(key, {one.key: one.depends_on for one in catalog.services}) for key in catalog.by_key}
    return {
        key: below[key] | {other for other, reached in below.items() if key in reached} for key in catalog.by_key
    }


def conflicts(planned: Iterable[Planned], together: Mapping[str, frozenset[str]]) -> dict[int, tuple[str, ...]]:
    """The identifiers that each release conflicts with, in the order of their windows.

    Two windows that only touch do not overlap. A service that the catalog does not hold conflicts with itself
    alone.
    """
    found: dict[int, list[str]] = {}
    running: list[Planned] = []
    for later in sorted(planned, key=lambda one: (one.start, one.id)):
        running = [one for one in running if one.end > later.start]
        for earlier in running:
            if later.service in together.get(earlier.service, frozenset((earlier.service,))):
                found.setdefault(later.id, []).append(earlier.identifier)
                found.setdefault(earlier.id, []).append(later.identifier)
        running.append(later)
    return {release: tuple(others) for release, others in found.items()}


def _reach(key: str, edges: Mapping[str, Iterable[str]]) -> frozenset[str]:
    reached: set[str] = set()
    ahead = [key]
    while ahead:
        one = ahead.pop()
        if one not in reached:
            reached.add(one)
            ahead.extend(edges.get(one, ()))
    return frozenset(reached)
