"""The key performance indicators as arithmetic (docs/process.md#figures)."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from models.kpi.buckets import Buckets
from models.kpi.periods import Period


@dataclass(frozen=True, slots=True)
class Ratio:
    """``part`` of ``whole`` cases; of none it has no data, never 0 % or 100 %."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Whole percent, halves rounded up; None without data.

        99.6 % becomes 99 % and 0.4 % becomes 1 %: 100 % and 0 % appear only when they are exactly true.
        """
        if not self.whole:
            return None
        rounded = (200 * self.part + self.whole) // (2 * self.whole)
        if 0 < self.part < self.whole:
            return min(max(rounded, 1), 99)
        return rounded


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Known errors that were unresolved at one moment, and how many of them have no workaround."""

    count: int
    without_workaround: int


@dataclass(frozen=True, slots=True)
class Overrides:
    """How often an obstacle was overridden, and in how many of these the glass was broken."""

    count: int
    glass: int


T = TypeVar("T", Ratio, Unresolved, Overrides)


@dataclass(frozen=True, slots=True)
class Compared(Generic[T]):
    now: T
    before: T

    @property
    def change(self) -> int | None:
        """Percentage points between the rounded percentages, or a number; None if either has no data."""
        now, before = _number(self.now), _number(self.before)
        return None if now is None or before is None else now - before


def _number(figure: Ratio | Unresolved | Overrides) -> int | None:
    return figure.percent if isinstance(figure, Ratio) else figure.count


@dataclass(frozen=True, slots=True)
class Series:
    """Counts by category of the charts."""

    buckets: Buckets
    deployments: tuple[int, ...]
    backed_out: tuple[int, ...]
    linked: tuple[int, ...]
    unlinked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """``keys`` are the keys of the services, ``services`` their names; none means all."""

    period: Period
    keys: tuple[str, ...]
    services: tuple[str, ...]
    adoption: Compared[Ratio]
    known_errors: Compared[Unresolved]
    incidents: Compared[Ratio]
    series: Series
    overrides: Compared[Overrides] = Compared(Overrides(0, 0), Overrides(0, 0))
    unbound: Compared[Ratio] = Compared(Ratio(0, 0), Ratio(0, 0))
    """Pipelines that were let through for any version, of all that were let through."""
