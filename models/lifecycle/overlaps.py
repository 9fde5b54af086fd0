"""Which planned deployments get in each other's way: their windows overlap, and their services hang together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """A planned deployment: its window ends before ``end``."""

    id: int
    identifier: str
    service: str
    start: datetime
    end: datetime


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
