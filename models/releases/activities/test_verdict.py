"""Which test failures are open: pure rules over the latest result of each component (docs/process.md#test-results).

A failure needs a later pass of the same component, or an unresolved known error with a workaround.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ComponentState(StrEnum):
    PASSED = "passed"
    EXCUSED = "excused"
    """Failed, but explained by a known error with a workaround."""
    NO_WORKAROUND = "no_workaround"
    RESOLVED = "resolved"
    """Its known error is resolved, but it was not tested again."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ComponentResult:
    component: str
    passed: bool
    known_error: str = ""
    resolved: bool = False
    workaround: bool = False

    @property
    def standing(self) -> ComponentState:
        if self.passed:
            return ComponentState.PASSED
        if not self.known_error:
            return ComponentState.FAILED
        if self.resolved:
            return ComponentState.RESOLVED
        return ComponentState.EXCUSED if self.workaround else ComponentState.NO_WORKAROUND


def open_failures(latest: Iterable[ComponentResult]) -> tuple[str, ...]:
    """What each component with an open failure lacks."""
    return tuple(failure for result in latest if (failure := _open_failure(result)))


def _open_failure(result: ComponentResult) -> str:
    match result.standing:
        case ComponentState.FAILED:
            return f"{result.component} failed: test it again or record a known error with a workaround"
        case ComponentState.NO_WORKAROUND:
            return f"{result.component} failed and {result.known_error} has no workaround"
        case ComponentState.RESOLVED:
            return f"{result.component} failed and {result.known_error} is resolved: test it again"
        case _:
            return ""
