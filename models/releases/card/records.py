"""What is shown of a release: plain read-only records, with names instead of ids where nobody has to act."""

from dataclasses import dataclass
from datetime import datetime

from models.packages.records import NO_SUMMARY, PackageSummary
from models.releases.activities.records import ActivityProgress
from models.releases.approval.records import Bypass, LateApprovals, Objection, RoleProgress


@dataclass(frozen=True, slots=True)
class NextTask:
    """The next open task of the plan."""

    title: str
    due_at: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far the plan is."""

    done: int
    total: int
    next: NextTask | None


@dataclass(frozen=True, slots=True)
class KnownErrorLine:
    """A known error of the service, as the card shows it."""

    number: str
    title: str
    workaround: bool


@dataclass(frozen=True, slots=True)
class PolicyFinding:
    """What policy has against a release; ``waived_by`` and ``reason`` are empty while it waits for a waiver."""

    id: int
    sentence: str
    waived_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """Everything that is needed to decide on a release or to move it on."""

    id: int
    identifier: str
    round: int
    service_name: str
    type: str
    title: str
    description: str
    changes: tuple[str, ...]
    window_start: datetime
    window_end: datetime
    zone: str
    method: str
    back_out_plan: str
    requester: str
    requester_name: str
    state: str
    state_since: datetime
    requested_at: datetime
    progress: tuple[RoleProgress, ...]
    objections: tuple[Objection, ...]
    plan: PlanProgress | None
    known_errors: tuple[KnownErrorLine, ...]
    known_error_count: int
    previous: str
    package: PackageSummary = NO_SUMMARY
    findings: tuple[PolicyFinding, ...] = ()
    owed: LateApprovals | None = None
    bypass: Bypass | None = None
    activities: ActivityProgress | None = None


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """A release in a list."""

    id: int
    identifier: str
    type: str
    title: str
    state: str
    window_start: datetime
    requester_name: str


@dataclass(frozen=True, slots=True)
class ReleaseOutcome:
    """A turning point of a release, told in its thread. ``mention`` is who has to learn of it; nobody is told
    what they did.

    ``restored`` is what runs again after it was backed out; ``goes_first`` when it may be deployed before all
    its approvals are given.
    """

    kind: str
    release_id: int
    round: int
    identifier: str
    title: str
    person_name: str
    mention: str
    reason: str
    state: str
    details: tuple[str, ...]
    live_known_errors: tuple[str, ...]
    restored: str = ""
    goes_first: bool = False


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One entry of the audit trail, with the name of who acted."""

    id: int
    at: datetime
    person_name: str
    surface: str
    tag: str
    grounds: str
    facts: dict[str, object]
