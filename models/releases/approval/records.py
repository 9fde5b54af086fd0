from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class RoleProgress:
    """How far one role is; ``approved_by`` are names.

    ``waiting`` are Slack ids of people and user groups, because these are mentioned to act.
    """

    role: str
    needed: int
    approved_by: tuple[str, ...]
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GivenApproval:
    """An approval of the present round; ``person`` is a name, ``Sam for Rita`` for a stand-in.

    ``entitled`` says why they may; ``later`` when it is one of those that an emergency collects afterwards.
    """

    person: str
    roles: tuple[str, ...]
    at: datetime
    entitled: str
    comment: str
    later: bool = False


@dataclass(frozen=True, slots=True)
class Objection:
    verdict: str
    person: str
    reason: str


@dataclass(frozen=True, slots=True)
class LateApprovals:
    """The later approvals of an emergency; ``late`` when ``due_at`` was missed."""

    progress: tuple[RoleProgress, ...]
    due_at: datetime
    completed_at: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Bypass:
    """Who broke the glass, and why; ``earlier`` when a change has begun another round since."""

    person: str
    reason: str
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class FindingToWaive:
    id: int
    rule: str
    key: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ApprovalNotice:
    """A message about approvals in a release's thread; ``mentioned`` are Slack ids of people and groups.

    ``added`` is what the rules ask for in addition.
    """

    kind: str
    release_id: int
    round: int
    identifier: str
    title: str
    mentioned: tuple[str, ...]
    roles: tuple[str, ...]
    since: datetime | None
    due_at: datetime | None
    late: bool
    person_name: str
    requester: str
    reason: str
    state: str
    added: tuple[str, ...] = ()
