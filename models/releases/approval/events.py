from dataclasses import dataclass
from typing import ClassVar

from models.events import Event
from models.lifecycle.events import ReleaseEvent


@dataclass(frozen=True, kw_only=True)
class DelegationEvent(Event):
    kind: ClassVar[str] = "delegation"

    delegator: str
    delegate: str


@dataclass(frozen=True, kw_only=True)
class ApprovalsDelegated(DelegationEvent):
    """The moments are ISO 8601 in UTC, empty where open."""

    tag: ClassVar[str] = "delegation:made"

    starts_at: str
    ends_at: str
    services: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DelegationStopped(DelegationEvent):
    tag: ClassVar[str] = "delegation:stopped"


@dataclass(frozen=True, kw_only=True)
class ApprovalChased(ReleaseEvent):
    """The people and groups ``asked`` were reminded; ``count`` counts the reminders of this round."""

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
class RulesKept(ReleaseEvent):
    """The catalog was loosened, but the round keeps its rules: ``kept`` is what it still asks for."""

    tag: ClassVar[str] = "release:rules:kept"

    round: int
    kept: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RulesTightened(ReleaseEvent):
    """The catalog's ``revision`` asks for more, so the round does; ``asked`` are those who can give what was added.

    ``added`` are phrases.
    """

    tag: ClassVar[str] = "release:rules:tightened"

    round: int
    revision: int
    added: tuple[str, ...]
    asked: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LaterApprovalGranted(ReleaseEvent):
    """``complete`` with the last one; ``late`` after the grace period."""

    tag: ClassVar[str] = "release:approval:granted_afterwards"

    round: int
    roles: tuple[str, ...]
    complete: bool
    late: bool
    standing_in_for: str = ""


@dataclass(frozen=True, kw_only=True)
class LaterApprovalsChased(ReleaseEvent):
    """``due_at`` is an ISO 8601 moment in UTC."""

    tag: ClassVar[str] = "release:approval:chased_afterwards"

    round: int
    count: int
    asked: tuple[str, ...]
    roles: tuple[str, ...]
    due_at: str


@dataclass(frozen=True, kw_only=True)
class LaterApprovalsLate(ReleaseEvent):
    """The grace period is over, so the owner was told."""

    tag: ClassVar[str] = "release:approval:late"

    round: int
    asked: tuple[str, ...]
    roles: tuple[str, ...]
    due_at: str


@dataclass(frozen=True, kw_only=True)
class ApprovalBypassed(ReleaseEvent):
    """Somebody broke the glass.

    ``passed_over`` could still have approved; ``unwaived`` are the findings that nobody waived either.
    """

    tag: ClassVar[str] = "release:approval:bypassed"

    round: int
    person: str
    passed_over: tuple[str, ...]
    unwaived: tuple[str, ...]
    requester: str


@dataclass(frozen=True, kw_only=True)
class ApprovalGranted(ReleaseEvent):
    """``complete`` when it reaches the quorum; ``standing_in_for``, here and below, is empty for own roles.

    ``comment`` is what the person said with it; ``passed_over`` are the rules about time that it overrides as an
    emergency's approval, in words.
    """

    tag: ClassVar[str] = "release:approval:granted"

    round: int
    roles: tuple[str, ...]
    complete: bool
    requester: str
    standing_in_for: str = ""
    comment: str = ""
    passed_over: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ApprovalWithdrawn(ReleaseEvent):
    """An approval was taken back before the quorum; the grounds say why the person could give it.

    ``given_at`` is when it was given, as an ISO 8601 moment in UTC. The release waits for ``roles`` now; the people
    and groups ``asked`` can fill the place that is empty again.
    """

    tag: ClassVar[str] = "release:approval:withdrawn"

    round: int
    roles: tuple[str, ...]
    person: str
    given_at: str
    asked: tuple[str, ...]
    standing_in_for: str = ""


@dataclass(frozen=True, kw_only=True)
class FindingWaived(ReleaseEvent):
    """``findings`` are their sentences."""

    tag: ClassVar[str] = "release:finding:waived"

    round: int
    findings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReleaseRejected(ReleaseEvent):
    """``stopped`` when the release ends with it, which is the usual policy."""

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
