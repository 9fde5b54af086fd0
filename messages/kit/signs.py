"""The word and the sign of a state, the same on every surface (docs/process.md#signs)."""

from models.lifecycle.lifecycle import State

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


def sign(state: str) -> str:
    """The emoji of a state, without colons."""
    return _SIGNS[State(state)]


def word(state: str) -> str:
    """``Early life support``."""
    words = State(state).words
    return words[0].upper() + words[1:]
