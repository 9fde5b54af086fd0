"""Every sign that people see, by what it stands for, and the words for a state (docs/process.md#signs).

Signs are names of emoji, without colons. A sign never stands without words beside it.
"""

from models.lifecycle.lifecycle import State, state_words
from models.lifecycle.window_state import WindowState
from models.releases.activities.test_verdict import ComponentState
from models.releases.policy.rules.findings import Weight
from models.support.forms import ACCEPTED, RESOLVED, UNDER_INVESTIGATION

WAITING = "large_yellow_circle"

UNDER_WAY = "large_blue_circle"

GOOD = "large_green_circle"

STOPPED = "red_circle"

NOT_BEGUN = "white_circle"

RUN_OUT = "hourglass"
"""Nobody decided in time: neither a stop nor a rejection."""

_SIGNS = {
    State.REQUESTED: WAITING,
    State.CHANGES_REQUESTED: WAITING,
    State.APPROVED: GOOD,
    State.REJECTED: STOPPED,
    State.EXPIRED: RUN_OUT,
    State.CANCELLED: NOT_BEGUN,
    State.BUILDING: UNDER_WAY,
    State.TESTING: UNDER_WAY,
    State.READY: WAITING,
    State.DEPLOYING: UNDER_WAY,
    State.DEPLOYED: GOOD,
    State.BACKED_OUT: STOPPED,
    State.EARLY_LIFE_SUPPORT: UNDER_WAY,
    State.HANDED_OVER: GOOD,
    State.RETIRED: NOT_BEGUN,
}

CRITERION_OPEN = NOT_BEGUN
CRITERION_MET = "white_check_mark"
CRITERION_WAIVED = "warning"

TASK_OPEN = NOT_BEGUN
TASK_DONE = "white_check_mark"
TASK_OVERDUE = STOPPED

FINDINGS = {
    Weight.HARD: "no_entry",
    Weight.SOFT: "warning",
    Weight.INFO: "information_source",
    Weight.OK: "white_check_mark",
}

FINDING_WAIVED = "white_check_mark"

COMPONENTS = {
    ComponentState.PASSED: "white_check_mark",
    ComponentState.EXCUSED: "warning",
    ComponentState.NO_WORKAROUND: "x",
    ComponentState.RESOLVED: "x",
    ComponentState.FAILED: "x",
}

KNOWN_ERRORS = {UNDER_INVESTIGATION: UNDER_WAY, ACCEPTED: WAITING, RESOLVED: GOOD}

INCOMPATIBLE = "warning"
"""A version that doesn't fit."""

FREEZE = "snowflake"

WINDOW_ALERT = "rotating_light"

WINDOW_WORDS = {WindowState.MISSED: "missed its window", WindowState.OVERRUNNING: "overrunning"}


def sign(state: str) -> str:
    """The sign of a release's state."""
    return _SIGNS[State(state)]


def word(state: str, superseded_by: str = "") -> str:
    """``Early life support``, ``Cancelled, superseded by PAY-2026.015``."""
    words = state_words(state, superseded_by)
    return words[0].upper() + words[1:]
