"""What is shown of a release. People are names, but Slack ids where they are mentioned because they have to act."""

from dataclasses import dataclass
from datetime import datetime

from models.lifecycle.window_state import WindowState
from models.packages.records import NO_SUMMARY, PackageSummary
from models.releases.activities.records import ActivityProgress
from models.releases.approval.records import Bypass, GivenApproval, LateApprovals, Objection, RoleProgress
from models.releases.clearance.records import OverrideLine
from models.releases.policy.records import PolicyFinding


@dataclass(frozen=True, slots=True)
class NextTask:
    title: str
    due_at: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class PlanProgress:
    done: int
    total: int
    next: NextTask | None


@dataclass(frozen=True, slots=True)
class KnownErrorLine:
    number: str
    title: str
    workaround: bool


@dataclass(frozen=True, slots=True)
class OtherRelease:
    id: int
    identifier: str


@dataclass(frozen=True, slots=True)
class ReleaseCard:
    """``superseded_by`` is the release in whose favour it was cancelled, ``supersedes`` are those it replaced."""

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
    later_approvals: LateApprovals | None = None
    bypass: Bypass | None = None
    overrides: tuple[OverrideLine, ...] = ()
    window: WindowState = WindowState.IN_TIME
    extended_to: datetime | None = None
    passes_over: tuple[str, ...] = ()
    """What the approval of an emergency would override, in words."""
    activities: ActivityProgress | None = None
    approvals: tuple[GivenApproval, ...] = ()
    superseded_by: OtherRelease | None = None
    supersedes: tuple[OtherRelease, ...] = ()
    risk: str = ""
    """As it was reckoned when the round began; empty if that isn't known."""
    risk_factors: tuple[str, ...] = ()
    """What it was reckoned from; the first one decided."""
    authors: tuple[str, ...] = ()
    """The names of those who have changed what it says, and so don't decide on it."""


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """``superseded_by`` is the identifier of the release that took its place, or empty."""

    id: int
    identifier: str
    type: str
    title: str
    state: str
    window_start: datetime
    requester_name: str
    superseded_by: str = ""
    window: WindowState = WindowState.IN_TIME


@dataclass(frozen=True, slots=True)
class ReleaseOutcome:
    """An outcome told in the thread. ``mention`` is the requester, unless they did it themselves.

    ``restored`` is what runs again after a back-out; ``goes_first`` allows to deploy before the later approvals.
    ``asked`` are the people and groups whose turn it is again. ``other`` is the release that took its place, or
    whose place it took, with ``bookings`` of environments.
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
    asked: tuple[str, ...] = ()
    other: OtherRelease | None = None
    bookings: int = 0


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An entry of the audit trail."""

    id: int
    at: datetime
    person_name: str
    surface: str
    tag: str
    grounds: str
    facts: dict[str, object]
