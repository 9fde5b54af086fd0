"""What is shown of approvals."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RoleProgress:
    """How far one role is: who approved, how many are needed, and who could still approve.

    ``waiting`` holds Slack ids (people or user groups), because these are asked to act.
    """

    role: str
    needed: int
    approved_by: tuple[str, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Objection:
    """What somebody said against a round."""

    verdict: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class LateApprovals:
    """The approvals that an emergency owes until ``due_at``; ``late`` when that was missed."""

    progress: tuple[RoleProgress, ...]
    due_at: datetime
    completed_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Bypass:
    """Who approved a release without its quorum, and why; ``earlier`` when a change has voided that since."""

    person: str
    reason: str
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class FindingToWaive:
    """What policy has against a release and nobody has waived yet; ``key`` is what the rule found it about."""

    id: int
    rule: str
    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ApprovalNotice:
    """Something about approvals, told in a release's thread; ``asked`` are Slack ids of who has to act or know."""

    kind: str
    release_id: int
    round: int
    identifier: str
    title: str
    asked: tuple[str, ...]
    roles: tuple[str, ...]
    since: datetime | None
    due_at: datetime | None
    late: bool
    person_name: str
    requester: str
    reason: str
    state: str
