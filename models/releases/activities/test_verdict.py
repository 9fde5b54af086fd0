"""Whether the test results of a release let its tests be accepted: pure rules over the latest of each component.

A failure needs a later pass of the same component, or an unresolved known error with a workaround (DOMAIN.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ComponentState(StrEnum):
    """What became of a component."""

    PASSED = "passed"
    EXCUSED = "excused"
    """Failed, and a known error tells how to live with it."""
    NO_WORKAROUND = "no_workaround"
    RESOLVED = "resolved"
    """Its known error is resolved, but nobody has tested it again."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ComponentResult:
    """One result, the latest of its component when given to :func:`open_failures`."""

    component: str
    passed: bool
    known_error: str = ""
    resolved: bool = False
    workaround: bool = False

    @property
    def standing(self) -> ComponentState:
        """What became of the component."""
        if self.passed:
            return ComponentState.PASSED
        if not self.known_error:
            return ComponentState.FAILED
        if self.resolved:
            return ComponentState.RESOLVED
        return ComponentState.EXCUSED if self.workaround else ComponentState.NO_WORKAROUND


def open_failures(latest: Iterable[ComponentResult]) -> tuple[str, ...]:
    """What each component lacks that does not stand well."""
    return tuple(lack for one in latest if (lack := _open_failure(one)))


def _open_failure(one: ComponentResult) -> str:
    match one.standing:
        case ComponentState.FAILED:
            return f"{one.component} failed: test it again or record a known error with a workaround"
        case ComponentState.NO_WORKAROUND:
            return f"{one.component} failed and {one.known_error} has no workaround"
        case ComponentState.RESOLVED:
            return f"{one.component} failed and {one.known_error} is resolved: test it again"
        case _:
            return ""
