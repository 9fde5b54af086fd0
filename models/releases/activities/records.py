"""What is shown of a release's activities: plain read-only records."""

from dataclasses import dataclass
from datetime import datetime

from models.lifecycle.lifecycle import Verb
from models.releases.activities.test_verdict import ComponentState


@dataclass(frozen=True, slots=True)
class ActivityProgress:
    """Where a release stands in its activities: the next verb, whom it waits for, what its gate lacks.

    ``waits_for`` holds Slack ids (people or user groups), because these are asked to act.
    """

    next: Verb | None = None
    waits_for: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    open_criteria: int = 0
    """Criteria of the gate ahead that are open."""
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
    """A criterion; ``outcome`` is empty while it is open, else ``met`` or ``waived``."""

    id: int
    gate: str
    text: str
    outcome: str
    grounds: str
    person: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class CriteriaList:
    """The criteria of a release, by gate; ``settlers`` says in words who settles those of each gate."""

    release_id: int
    identifier: str
    closed: bool
    """The release has stopped or is handed over: nothing is settled any more."""
    lines: tuple[CriterionLine, ...]
    settlers: dict[str, str]


@dataclass(frozen=True, slots=True)
class ComponentLine:
    """The latest result of a component."""

    id: int
    component: str
    standing: ComponentState
    known_error: str
    note: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReleaseTests:
    """Everything about the tests of a release."""

    release_id: int
    round: int
    identifier: str
    state: str
    strategy: str
    plan: str
    components: tuple[ComponentLine, ...]
    affected: tuple[tuple[str, str], ...]
    """Key and name of each service that the release may touch."""
    build: str
    purpose: str
    use: str
    looked_at: tuple[str, ...]
    accepted_by: str


@dataclass(frozen=True, slots=True)
class FailedTest:
    """A failed component that may become a known error, and the release it failed in."""

    component: str
    note: str
    release_id: int
    identifier: str
    title: str
    service: str


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """A turning point told in the thread, with the facts it was recorded with."""

    kind: str
    identifier: str
    person: str
    mentions: tuple[str, ...]
    reason: str
