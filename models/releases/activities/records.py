"""What is shown of a release's activities."""

from dataclasses import dataclass, field
from datetime import datetime

from models.lifecycle.lifecycle import Verb
from models.releases.activities.gates import SETTLED_OUTCOMES
from models.releases.activities.test_verdict import ComponentState


@dataclass(frozen=True, slots=True)
class ActivityProgress:
    """How far a release is: its next verb, whom that waits for, and what its gate lacks.

    ``waits_for`` are Slack ids of people and user groups, to be mentioned.
    """

    next: Verb | None = None
    waits_for: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    open_criteria: int = 0
    """How many criteria of the next gate are open."""
    built: bool = False
    build: str = ""
    go: bool = False
    go_by: str = ""
    emergency: bool = False
    verified: bool = False
    offered: bool = False
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """``outcome`` is ``met``, ``waived``, ``unconfirmed`` or, while it is open, empty.

    ``person`` settled it, ``confirmed_by`` confirmed it; ``alone`` when nobody else could. ``too_early`` says why
    it can't be met yet.
    """

    id: int
    gate: str
    text: str
    outcome: str
    grounds: str
    person: str
    at: datetime | None
    confirmed_by: str = ""
    alone: bool = False
    too_early: str = ""

    @property
    def settled(self) -> bool:
        return self.outcome in SETTLED_OUTCOMES


@dataclass(frozen=True, slots=True)
class CriteriaList:
    """The criteria of a release by gate; ``settlers`` says for each gate, in words, who settles them.

    ``confirmers`` are, by gate, the names of those who can confirm, where something waits for that.
    """

    release_id: int
    identifier: str
    closed: bool
    """The release is stopped or handed over, so nothing is settled any more."""
    lines: tuple[CriterionLine, ...]
    settlers: dict[str, str]
    confirmers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CriteriaToConfirm:
    """Evidence of requesters in one gate that waits for confirmation; none when it is all confirmed or replaced.

    ``mentions`` are people and user groups.
    """

    release_id: int
    round: int
    identifier: str
    title: str
    mentions: tuple[str, ...]
    lines: tuple[CriterionLine, ...]


@dataclass(frozen=True, slots=True)
class ComponentLine:
    """The latest test of a component; ``outside``: it isn't in the release's package, which has items."""

    id: int
    component: str
    standing: ComponentState
    known_error: str
    note: str
    person: str
    at: datetime
    outside: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseTests:
    release_id: int
    round: int
    identifier: str
    state: str
    strategy: str
    plan: str
    components: tuple[ComponentLine, ...]
    affected: tuple[tuple[str, str], ...]
    """Key and name of each related service."""
    build: str
    purpose: str
    use: str
    looked_at: tuple[str, ...]
    accepted_by: str


@dataclass(frozen=True, slots=True)
class FailedTest:
    """A failed component, which may become a known error, and its release."""

    component: str
    note: str
    release_id: int
    identifier: str
    title: str
    service: str


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A turning point as the thread tells it: the facts of its event."""

    kind: str
    identifier: str
    person: str
    mentions: tuple[str, ...]
    reason: str
