"""What can happen to a release and its plan."""

from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class ReleaseEvent(Event):
    """Something that happened to a release.

    ``identifier`` is how people call it, ``channel`` where its card and its thread stand, as far as it is known.
    """

    kind: ClassVar[str] = "release"

    identifier: str
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class ReleaseRequested(ReleaseEvent):
    tag: ClassVar[str] = "release:requested"


@dataclass(frozen=True, kw_only=True)
class ReleaseEdited(ReleaseEvent):
    """``fields`` are those that changed, ``material`` the ones an approval is bound to.

    ``voided`` tells that approvals given so far, by ``voided_people``, no longer hold.
    """

    tag: ClassVar[str] = "release:edited"

    fields: tuple[str, ...]
    material: tuple[str, ...]
    round: int
    voided: bool
    voided_people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseResubmitted(ReleaseEvent):
    tag: ClassVar[str] = "release:resubmitted"

    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ApprovalGranted(ReleaseEvent):
    """One person approved; ``complete`` when the quorum is reached with it.

    ``standing_in_for`` is on whose behalf, here and below; empty for their own.
    """

    tag: ClassVar[str] = "release:approval:granted"

    round: int
    roles: tuple[str, ...]
    complete: bool
    requester: str
    standing_in_for: str = ""


@dataclass(frozen=True, kw_only=True)
class FindingWaived(ReleaseEvent):
    """An approver waived what policy has against the release; ``findings`` are its sentences."""

    tag: ClassVar[str] = "release:finding:waived"

    round: int
    findings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseRejected(ReleaseEvent):
    """One person rejected; ``stopped`` when the release ends with it, which is the usual policy."""

    tag: ClassVar[str] = "release:rejected"

    round: int
    stopped: bool
    person: str
    requester: str
    standing_in_for: str = ""


@dataclass(frozen=True, kw_only=True)
class ChangesRequested(ReleaseEvent):
    tag: ClassVar[str] = "release:changes_requested"

    round: int
    person: str
    requester: str
    standing_in_for: str = ""


@dataclass(frozen=True, kw_only=True)
class ReleaseCancelled(ReleaseEvent):
    tag: ClassVar[str] = "release:cancelled"

    person: str
    requester: str


@dataclass(frozen=True, kw_only=True)
class DeploymentStarted(ReleaseEvent):
    tag: ClassVar[str] = "release:deployment:started"

    person: str


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
class TaskEvent(Event):
    """Something that happened to a task of a plan; the subject is the task's id."""

    kind: ClassVar[str] = "task"

    title: str


@dataclass(frozen=True, kw_only=True)
class TaskChased(TaskEvent):
    """A milestone's owners were reminded; ``count`` is the how-manieth time.

    ``handed_by`` handed the task over with it: the new owner has to be told at once, not at the next date.
    """

    tag: ClassVar[str] = "release:milestone:chased"

    count: int
    handed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskDone(TaskEvent):
    tag: ClassVar[str] = "release:task:done"

    chased: int


@dataclass(frozen=True, kw_only=True)
class TaskSnoozed(TaskEvent):
    """``until`` is an ISO 8601 moment in UTC; ``person`` asked for it."""

    tag: ClassVar[str] = "release:task:snoozed"

    until: str
    chased: int
    person: str


@dataclass(frozen=True, kw_only=True)
class TaskHandedOver(TaskEvent):
    """``person`` handed the task to ``to``; ``chased`` reminders stand for it so far."""

    tag: ClassVar[str] = "release:task:handed_over"

    to: str
    chased: int
    person: str


@dataclass(frozen=True, kw_only=True)
class UnrecordedDeploymentReported(Event):
    """A deployment that nobody had recorded was noticed; it counts against adoption."""

    tag: ClassVar[str] = "deployment:unrecorded"
    kind: ClassVar[str] = "deployment"

    service: str
    what: str
