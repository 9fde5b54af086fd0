"""What can happen around approvals: delegation, chasing, approvals afterwards, break-glass."""

from dataclasses import dataclass
from typing import ClassVar

from models.events import Event
from models.lifecycle.events import ReleaseEvent


@dataclass(frozen=True, kw_only=True)
class DelegationEvent(Event):
    """Something about one person standing in for another; the moments are ISO 8601 in UTC, empty where open."""

    kind: ClassVar[str] = "delegation"

    delegator: str
    delegate: str


@dataclass(frozen=True, kw_only=True)
class ApprovalsDelegated(DelegationEvent):
    tag: ClassVar[str] = "delegation:made"

    starts_at: str
    ends_at: str
    services: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DelegationStopped(DelegationEvent):
    tag: ClassVar[str] = "delegation:stopped"


@dataclass(frozen=True, kw_only=True)
class ApprovalChased(ReleaseEvent):
    """Those in ``asked`` (people and groups) were reminded; ``count`` is the how-manieth time in this round."""

    tag: ClassVar[str] = "release:approval:chased"

    round: int
    count: int
    asked: tuple[str, ...]
    roles: tuple[str, ...]
    since: str


@dataclass(frozen=True, kw_only=True)
class ApprovalEscalated(ReleaseEvent):
    """Nobody had decided in time, so the holders of ``role`` were told."""

    tag: ClassVar[str] = "release:approval:escalated"

    round: int
    asked: tuple[str, ...]
    role: str
    roles: tuple[str, ...]
    since: str


@dataclass(frozen=True, kw_only=True)
class ReleaseExpired(ReleaseEvent):
    tag: ClassVar[str] = "release:expired"

    round: int
    requester: str


@dataclass(frozen=True, kw_only=True)
class LaterApprovalGranted(ReleaseEvent):
    """One person gave an approval that an emergency owed.

    ``complete`` when it was the last one, ``late`` when that was after the grace period.
    """

    tag: ClassVar[str] = "release:approval:granted_afterwards"

    round: int
    roles: tuple[str, ...]
    complete: bool
    late: bool
    standing_in_for: str = ""


@dataclass(frozen=True, kw_only=True)
class LaterApprovalsChased(ReleaseEvent):
    """Those in ``asked`` were reminded of what the emergency owes by ``due_at``, an ISO 8601 moment in UTC."""

    tag: ClassVar[str] = "release:approval:chased_afterwards"

    round: int
    count: int
    asked: tuple[str, ...]
    roles: tuple[str, ...]
    due_at: str


@dataclass(frozen=True, kw_only=True)
class LaterApprovalsLate(ReleaseEvent):
    """The grace period ran out, so the owner was told."""

    tag: ClassVar[str] = "release:approval:late"

    round: int
    asked: tuple[str, ...]
    roles: tuple[str, ...]
    due_at: str


@dataclass(frozen=True, kw_only=True)
class ApprovalBypassed(ReleaseEvent):
    """Somebody approved without the quorum.

    ``passed_over`` could still have approved; ``unwaived`` is what policy finds that nobody waived either.
    """

    tag: ClassVar[str] = "release:approval:bypassed"

    round: int
    person: str
    passed_over: tuple[str, ...]
    unwaived: tuple[str, ...]
    requester: str


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
