"""The answer to a pipeline: pure rules over what stands in the way (docs/process.md#pipelines-that-ask)."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from models.lifecycle.lifecycle import PREPARING, State
from models.lifecycle.obstacle_codes import Code
from models.releases.clearance.obstacles import Obstacle


class PipelineDecision(StrEnum):
    """``AWAITING``: time or a person can still open it. ``PREVENTED``: the release must change.

    ``AWAY`` is no answer: the pipeline went ahead because it couldn't reach Release Desk.
    """

    ALLOWED = "allowed"
    AWAITING = "awaiting"
    PREVENTED = "prevented"
    INVALID = "invalid"
    AWAY = "away"


class AnswerCode(StrEnum):
    """Codes beside those of obstacles. Pipelines are told them, so they stay."""

    NOT_PRODUCTION = "not_production"
    NO_RELEASE = "no_release"
    UNKNOWN_SERVICE = "unknown_service"
    UNKNOWN_RELEASE = "unknown_release"
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_ID = "unknown_id"
    VERSION_MISSING = "version_missing"
    OWN_OVERRIDE = "own_override"
    OTHER_QUESTION = "other_question"
    CALLBACK = "callback"
    UNREADABLE = "unreadable"
    SECRET = "secret"  # noqa: S105
    GAVE_UP = "gave_up"


NEEDS_CHANGE = (Code.VERSION, Code.WINDOW_OVER)
"""The release needs another package, build or window before they go."""

CAN_BE_OPENED = (State.REQUESTED, *PREPARING, State.DEPLOYING)


def decide(state: str, obstacles: Iterable[Obstacle]) -> PipelineDecision:
    """A release in any other state than :data:`CAN_BE_OPENED` is over, or has to be requested again."""
    codes = {one.code for one in obstacles}
    if not codes:
        return PipelineDecision.ALLOWED
    if not codes.isdisjoint(NEEDS_CHANGE) or state not in CAN_BE_OPENED:
        return PipelineDecision.PREVENTED
    return PipelineDecision.AWAITING


def opened_only_by(
    person: str, passed: Iterable[tuple[str, str]], overrides: Sequence[tuple[str, frozenset[tuple[str, str]]]]
) -> bool:
    """Whether something that is passed over needs an override by ``person``, who then doesn't deploy.

    ``overrides`` are who overrode what; broken glass isn't among them, nor is the approval of an emergency.
    """
    mine = {name for by, opened in overrides if by == person for name in opened}
    others = {name for by, opened in overrides if by != person for name in opened}
    return any(name in mine and name not in others for name in passed)
