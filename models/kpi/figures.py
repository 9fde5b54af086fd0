"""The key performance indicators as arithmetic (DOMAIN.md): ratios that may have no data, and how they moved."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from models.kpi.buckets import Buckets
from models.kpi.periods import Period


@dataclass(frozen=True, slots=True)
class Ratio:
    """``part`` of ``whole`` cases; over nothing it is no data, never 0 % or 100 %."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """Whole percent, halves rounded up; None without data.

        99.6 % is shown as 99 % and 0.4 % as 1 %: *all* and *none* are said only when they are true.
        """
        if not self.whole:
            return None
        rounded = (200 * self.part + self.whole) // (2 * self.whole)
        if 0 < self.part < self.whole:
            return min(max(rounded, 1), 99)
        return rounded


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Known errors neither resolved nor retired at one moment, and those of them without a workaround."""

    count: int
    without_workaround: int


T = TypeVar("T", Ratio, Unresolved)


@dataclass(frozen=True, slots=True)
class Compared(Generic[T]):
    """A figure in the period and in the one before."""

    now: T
    before: T

    @property
    def change(self) -> int | None:
        """The move against the period before: percentage points between the percents shown, or a number.

        None when either has no data.
        """
        now, before = _number(self.now), _number(self.before)
        return None if now is None or before is None else now - before


def _number(figure: Ratio | Unresolved) -> int | None:
    return figure.percent if isinstance(figure, Ratio) else figure.count


@dataclass(frozen=True, slots=True)
class Series:
    """Counts for each category of the period's charts."""

    buckets: Buckets
    deployments: tuple[int, ...]
    backed_out: tuple[int, ...]
    linked: tuple[int, ...]
    unlinked: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one period, about some services (by ``keys`` and name) or all of them (none named)."""

    period: Period
    keys: tuple[str, ...]
    services: tuple[str, ...]
    adoption: Compared[Ratio]
    known_errors: Compared[Unresolved]
    incidents: Compared[Ratio]
    series: Series
