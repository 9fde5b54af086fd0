"""Planned deployments in each other's way: their windows overlap, and their services are related."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from models.lifecycle.tables.release import Release


@dataclass(frozen=True, slots=True)
class Planned:
    """The window of a release; ``end`` is the first moment after it."""

    id: int
    identifier: str
    service: str
    start: datetime
    end: datetime

    @classmethod
    def of(cls, release: Release) -> Self:
        return cls(release.id, release.identifier, release.service, release.window_start, release.window_end)

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether the two windows share more than a moment."""
        return self.start < end and start < self.end


def conflicts(planned: Iterable[Planned], together: Mapping[str, frozenset[str]]) -> dict[int, tuple[str, ...]]:
    """The identifiers that each release conflicts with, in the order of their windows.

    Windows that only touch don't overlap. A service that isn't in the catalog conflicts with itself alone.
    ``together`` are the related services of each.
    """
    in_the_way: dict[int, list[str]] = {}
    running: list[Planned] = []
    for later in sorted(planned, key=lambda release: (release.start, release.id)):
        running = [earlier for earlier in running if earlier.end > later.start]
        for earlier in running:
            if later.service in together.get(earlier.service, frozenset((earlier.service,))):
                in_the_way.setdefault(later.id, []).append(earlier.identifier)
                in_the_way.setdefault(earlier.id, []).append(later.identifier)
        running.append(later)
    return {release: tuple(others) for release, others in in_the_way.items()}
