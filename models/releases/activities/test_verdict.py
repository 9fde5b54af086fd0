"""Whether the test results of a release let its tests be accepted: pure rules over the latest of each component.

A failure needs a later pass of the same component, or an unresolved known error with a workaround (DOMAIN.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """What became of a component."""

    PASSED = "passed"
    EXCUSED = "excused"
    """Failed, and a known error tells how to live with it."""
    NO_WORKAROUND = "no_workaround"
    RESOLVED = "resolved"
    """Its known error is resolved, but nobody has tested it again."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Result:
    """One result, the latest of its component when given to :func:`failures`."""

    component: str
    passed: bool
    known_error: str = ""
    resolved: bool = False
    workaround: bool = False

    @property
    def standing(self) -> Standing:
        """What became of the component."""
        if self.passed:
            return Standing.PASSED
        if not self.known_error:
            return Standing.FAILED
        if self.resolved:
            return Standing.RESOLVED
        return Standing.EXCUSED if self.workaround else Standing.NO_WORKAROUND


def failures(latest: Iterable[Result]) -> tuple[str, ...]:
    """What each component lacks that does not stand well."""
    return tuple(lack for one in latest if (lack := _lack(one)))


def _lack(one: Result) -> str:
    match one.standing:
        case Standing.FAILED:
            return f"{one.component} failed: test it again or record a known error with a workaround"
        case Standing.NO_WORKAROUND:
            return f"{one.component} failed and {one.known_error} has no workaround"
        case Standing.RESOLVED:
            return f"{one.component} failed and {one.known_error} is resolved: test it again"
        case _:
            return ""
