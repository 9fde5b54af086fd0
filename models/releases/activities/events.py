"""What can happen to a release between its approval and its retirement."""

from dataclasses import dataclass
from typing import ClassVar

from models.events import Event
from models.lifecycle.events import ReleaseEvent


@dataclass(frozen=True, kw_only=True)
class ActivityEvent(ReleaseEvent):
    """Something that ``person`` did."""

    person: str


@dataclass(frozen=True, kw_only=True)
class TurningPointEvent(ActivityEvent):
    """Something the thread tells too; ``turn`` counts these per release from 1.

    ``mentions`` are the people and user groups who have to act on it or know of it.
    """

    turn: int
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class BuildStarted(ActivityEvent):
    tag: ClassVar[str] = "release:build:started"


@dataclass(frozen=True, kw_only=True)
class BuildRecorded(ActivityEvent):
    tag: ClassVar[str] = "release:build:recorded"

    source: str
    revision: str


@dataclass(frozen=True, kw_only=True)
class TestingStarted(ActivityEvent):
    tag: ClassVar[str] = "release:test:started"


@dataclass(frozen=True, kw_only=True)
class TestStrategyWritten(ActivityEvent):
    tag: ClassVar[str] = "release:test:strategy"


@dataclass(frozen=True, kw_only=True)
class ComponentTested(ActivityEvent):
    tag: ClassVar[str] = "release:test:result"

    component: str
    passed: bool


@dataclass(frozen=True, kw_only=True)
class TestsAccepted(TurningPointEvent):
    tag: ClassVar[str] = "release:test:accepted"

    services: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class GoGiven(TurningPointEvent):
    """``passed_over`` are the obstacles that an override opens, in words; so below."""

    tag: ClassVar[str] = "release:go"

    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NoGoGiven(TurningPointEvent):
    tag: ClassVar[str] = "release:no_go"


@dataclass(frozen=True, kw_only=True)
class ReleaseVerified(ActivityEvent):
    tag: ClassVar[str] = "release:deployment:verified"


@dataclass(frozen=True, kw_only=True)
class EarlyLifeSupportStarted(ActivityEvent):
    tag: ClassVar[str] = "release:early_life_support:started"


@dataclass(frozen=True, kw_only=True)
class HandoverOffered(TurningPointEvent):
    tag: ClassVar[str] = "release:handover:offered"


@dataclass(frozen=True, kw_only=True)
class HandoverAccepted(TurningPointEvent):
    tag: ClassVar[str] = "release:handover:accepted"


@dataclass(frozen=True, kw_only=True)
class HandoverSentBack(TurningPointEvent):
    tag: ClassVar[str] = "release:handover:sent_back"


@dataclass(frozen=True, kw_only=True)
class ReleaseReviewed(ActivityEvent):
    tag: ClassVar[str] = "release:reviewed"

    worked: str


@dataclass(frozen=True, kw_only=True)
class ReleaseRetired(ActivityEvent):
    tag: ClassVar[str] = "release:retired"


@dataclass(frozen=True, kw_only=True)
class CriterionSettled(ActivityEvent):
    """``outcome`` is ``met``, ``unconfirmed`` or ``waived``; the grounds are the evidence or the reason.

    ``alone``: a requester's evidence counted, because nobody else could confirm it. While it is unconfirmed the
    people and groups ``asked`` are to confirm it, in one message with what waits since the criterion ``batch``.
    """

    tag: ClassVar[str] = "release:criterion"

    title: str
    gate: str
    outcome: str
    alone: bool = False
    batch: int = 0
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CriterionConfirmed(ActivityEvent):
    """Evidence that ``entered_by``, a requester, gave counts from now on."""

    tag: ClassVar[str] = "release:criterion:confirmed"

    title: str
    gate: str
    entered_by: str


@dataclass(frozen=True, kw_only=True)
class DeploymentStarted(ReleaseEvent):
    tag: ClassVar[str] = "release:deployment:started"

    person: str
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReleaseDeployed(ReleaseEvent):
    tag: ClassVar[str] = "release:deployed"

    person: str
    known_errors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseBackedOut(ReleaseEvent):
    """``restored`` is what runs again."""

    tag: ClassVar[str] = "release:backed_out"

    restored: str
    person: str
    requester: str


@dataclass(frozen=True, kw_only=True)
class UnrecordedDeploymentReported(Event):
    tag: ClassVar[str] = "deployment:unrecorded"
    kind: ClassVar[str] = "deployment"

    service: str
    what: str
