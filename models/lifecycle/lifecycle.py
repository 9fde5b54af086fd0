"""The life of a release as one table: docs/process.md#verbs. Nothing else assigns a state."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, update
from sqlmodel import col

from models.catalog.document import OWNER
from models.catalog.roles import (
    APPROVERS,
    AUTHORITY,
    BUILDERS,
    DEPLOYERS,
    NEWER_REQUESTER,
    RELEASE_MANAGER,
    REQUESTER,
    TESTERS,
)
from models.errors import Refused
from models.lifecycle.tables.release import Release
from models.storage.prepared_statements import Prepared
from models.unit_of_work import Transaction


class State(StrEnum):
    """The value is what the database holds: docs/process.md#states."""

    REQUESTED = "requested"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    BUILDING = "building"
    TESTING = "testing"
    READY = "ready"
    DEPLOYING = "deploying"
    DEPLOYED = "deployed"
    BACKED_OUT = "backed_out"
    EARLY_LIFE_SUPPORT = "early_life_support"
    HANDED_OVER = "handed_over"
    RETIRED = "retired"

    @property
    def words(self) -> str:
        """How people read it."""
        return _STATE_WORDS[self]


class Verb(StrEnum):
    """The value is the audit word."""

    RESUBMIT = "resubmit"
    VOID = "void"
    APPROVE = "approve"
    WITHDRAW = "withdraw"
    BREAK_GLASS = "break_glass"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"
    EXPIRE = "expire"
    CANCEL = "cancel"
    SUPERSEDE = "supersede"
    START_BUILD = "start_build"
    RECORD_BUILD = "record_build"
    START_TEST = "start_test"
    RECORD_TEST_RESULT = "record_test_result"
    ACCEPT_TESTS = "accept_tests"
    GO = "go"
    NO_GO = "no_go"
    START_DEPLOYMENT = "start_deployment"
    MARK_DEPLOYED = "mark_deployed"
    VERIFY = "verify"
    BACK_OUT = "back_out"
    START_EARLY_LIFE_SUPPORT = "start_early_life_support"
    HAND_OVER = "hand_over"
    ACCEPT_HANDOVER = "accept_handover"
    SEND_BACK = "send_back"
    REVIEW = "review"
    RETIRE = "retire"


class Gate(StrEnum):
    """docs/process.md#gates; :mod:`models.releases.activities.gates` says what is missing."""

    TEST_ENTRY = "test_entry"
    TEST_EXIT = "test_exit"
    DECIDED_ONCE = "decided_once"
    GO_GIVEN = "go_given"
    EMERGENCY = "emergency"
    VERIFIED_ONCE = "verified_once"
    VERIFIED = "verified"
    SUPPORT_EXIT = "support_exit"
    OFFERED = "offered"
    REVIEWED_ONCE = "reviewed_once"
    REVIEWED = "reviewed"


SYSTEM_ROLE = "system"
"""Takes the verbs that nobody takes: they happen by themselves when their time comes."""

_STATE_WORDS = {
    State.REQUESTED: "waiting for approval",
    State.CHANGES_REQUESTED: "changes requested",
    State.APPROVED: "approved",
    State.REJECTED: "rejected",
    State.EXPIRED: "expired",
    State.CANCELLED: "cancelled",
    State.BUILDING: "being built",
    State.TESTING: "in test",
    State.READY: "tested",
    State.DEPLOYING: "deploying",
    State.DEPLOYED: "deployed",
    State.BACKED_OUT: "backed out",
    State.EARLY_LIFE_SUPPORT: "in early life support",
    State.HANDED_OVER: "handed over",
    State.RETIRED: "retired",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the lifecycle. ``who`` names roles, ``requester``, ``newer_requester``, ``approvers`` or
    ``system``.

    Without a ``target`` the release keeps its state: something is recorded that a later gate asks for. A row that
    is ``apart`` is never for the requesters of the round, whatever roles they hold.
    """

    verb: Verb
    sources: tuple[State, ...]
    target: State | None
    who: tuple[str, ...]
    gate: Gate | None = None
    apart: bool = False


PREPARING = (State.APPROVED, State.BUILDING, State.TESTING, State.READY)
"""Between approval and deployment: a material change voids the approval."""

SENT_BACK = (State.CHANGES_REQUESTED, State.EXPIRED)
"""The requester alone edits the release, and resubmits it with that."""

STARTABLE = (State.APPROVED, State.READY)
"""A deployment starts from these."""

GLASS_BREAKERS = (RELEASE_MANAGER, OWNER, "deployment_staff")

LIFECYCLE: tuple[Transition, ...] = (
    Transition(Verb.RESUBMIT, SENT_BACK, State.REQUESTED, (REQUESTER,)),
    Transition(Verb.VOID, PREPARING, State.REQUESTED, (REQUESTER, RELEASE_MANAGER, "build_manager")),
    Transition(Verb.APPROVE, (State.REQUESTED,), State.APPROVED, (APPROVERS,)),
    Transition(Verb.WITHDRAW, (State.REQUESTED,), None, (APPROVERS,)),
    Transition(Verb.BREAK_GLASS, (State.REQUESTED,), State.APPROVED, GLASS_BREAKERS, apart=True),
    Transition(Verb.BREAK_GLASS, STARTABLE, None, GLASS_BREAKERS, apart=True),
    Transition(Verb.REJECT, (State.REQUESTED,), State.REJECTED, (APPROVERS,)),
    Transition(Verb.REQUEST_CHANGES, (State.REQUESTED,), State.CHANGES_REQUESTED, (APPROVERS,)),
    Transition(Verb.EXPIRE, (State.REQUESTED,), State.EXPIRED, (SYSTEM_ROLE,)),
    Transition(
        Verb.CANCEL,
        (State.REQUESTED, *SENT_BACK, *PREPARING),
        State.CANCELLED,
        (REQUESTER, RELEASE_MANAGER, OWNER),
    ),
    Transition(
        Verb.SUPERSEDE,
        (State.REQUESTED, *SENT_BACK, *PREPARING),
        State.CANCELLED,
        (NEWER_REQUESTER, RELEASE_MANAGER),
    ),
    Transition(Verb.START_BUILD, (State.APPROVED,), State.BUILDING, BUILDERS),
    Transition(Verb.RECORD_BUILD, (State.BUILDING, State.TESTING), None, BUILDERS),
    Transition(
        Verb.START_TEST, (State.BUILDING,), State.TESTING, (*BUILDERS, "test_manager"), gate=Gate.TEST_ENTRY
    ),
    Transition(Verb.RECORD_TEST_RESULT, (State.TESTING,), None, TESTERS),
    Transition(Verb.ACCEPT_TESTS, (State.TESTING,), State.READY, ("test_manager",), gate=Gate.TEST_EXIT),
    Transition(Verb.GO, (State.READY,), None, AUTHORITY, gate=Gate.DECIDED_ONCE, apart=True),
    Transition(Verb.NO_GO, (State.READY,), State.TESTING, AUTHORITY),
    Transition(Verb.START_DEPLOYMENT, (State.READY,), State.DEPLOYING, DEPLOYERS, gate=Gate.GO_GIVEN),
    Transition(Verb.START_DEPLOYMENT, (State.APPROVED,), State.DEPLOYING, DEPLOYERS, gate=Gate.EMERGENCY),
    Transition(Verb.MARK_DEPLOYED, (State.DEPLOYING,), State.DEPLOYED, DEPLOYERS),
    Transition(Verb.VERIFY, (State.DEPLOYED,), None, (*DEPLOYERS, "test_manager"), gate=Gate.VERIFIED_ONCE),
    Transition(
        Verb.BACK_OUT,
        (State.DEPLOYING, State.DEPLOYED, State.EARLY_LIFE_SUPPORT),
        State.BACKED_OUT,
        DEPLOYERS,
    ),
    Transition(
        Verb.START_EARLY_LIFE_SUPPORT,
        (State.DEPLOYED,),
        State.EARLY_LIFE_SUPPORT,
        ("els_lead", RELEASE_MANAGER),
        gate=Gate.VERIFIED,
    ),
    Transition(
        Verb.HAND_OVER, (State.EARLY_LIFE_SUPPORT,), None, ("els_lead", RELEASE_MANAGER), gate=Gate.SUPPORT_EXIT
    ),
    Transition(
        Verb.ACCEPT_HANDOVER,
        (State.EARLY_LIFE_SUPPORT,),
        State.HANDED_OVER,
        ("operations_lead",),
        gate=Gate.OFFERED,
    ),
    Transition(Verb.SEND_BACK, (State.EARLY_LIFE_SUPPORT,), None, ("operations_lead",), gate=Gate.OFFERED),
    Transition(Verb.REVIEW, (State.HANDED_OVER,), None, AUTHORITY, gate=Gate.REVIEWED_ONCE),
    Transition(Verb.RETIRE, (State.HANDED_OVER,), State.RETIRED, AUTHORITY, gate=Gate.REVIEWED),
)

_ROWS = {(row.verb, source): row for row in LIFECYCLE for source in row.sources}

OPEN = (State.REQUESTED, *SENT_BACK, *PREPARING, State.DEPLOYING)
"""Somebody still has something to do before or during the deployment."""

IN_PRODUCTION = (State.DEPLOYED, State.EARLY_LIFE_SUPPORT, State.HANDED_OVER)
"""The release is what production runs, or was before the next one."""

CHASED = (*PREPARING, State.DEPLOYING, State.DEPLOYED, State.EARLY_LIFE_SUPPORT)
"""Milestones are chased: not while undecided, never after a stop or the handover."""

STOPPED = (State.REJECTED, State.CANCELLED, State.BACKED_OUT, State.RETIRED)
"""Nothing leads out of these, and nothing is left to do."""

SETTLED = (*STOPPED, State.HANDED_OVER)
"""Criteria are closed, and tasks need nothing more."""

NEEDS_NO_LATER_APPROVALS = (State.REQUESTED, *SENT_BACK, State.REJECTED, State.CANCELLED)
"""An emergency isn't approved now, or was stopped before its deployment."""

_VERB_WORDS = {
    Verb.RESUBMIT: "resubmitted",
    Verb.VOID: "changed",
    Verb.APPROVE: "approved",
    Verb.BREAK_GLASS: "approved without its approvals",
    Verb.REJECT: "rejected",
    Verb.REQUEST_CHANGES: "sent back for changes",
    Verb.EXPIRE: "expired",
    Verb.CANCEL: "cancelled",
    Verb.SUPERSEDE: "superseded",
    Verb.START_BUILD: "built",
    Verb.RECORD_BUILD: "given another build",
    Verb.START_TEST: "put to the test",
    Verb.RECORD_TEST_RESULT: "given a test result",
    Verb.ACCEPT_TESTS: "accepted as tested",
    Verb.GO: "given the go",
    Verb.NO_GO: "sent back to test",
    Verb.START_DEPLOYMENT: "deployed",
    Verb.MARK_DEPLOYED: "marked deployed",
    Verb.VERIFY: "verified",
    Verb.BACK_OUT: "backed out",
    Verb.START_EARLY_LIFE_SUPPORT: "taken into early life support",
    Verb.HAND_OVER: "handed over",
    Verb.ACCEPT_HANDOVER: "accepted by operations",
    Verb.SEND_BACK: "sent back to early life support",
    Verb.REVIEW: "reviewed",
    Verb.RETIRE: "retired",
}


def state_words(state: str, superseded_by: str = "") -> str:
    """``cancelled, superseded by PAY-2026.015``; ``superseded_by`` is the identifier of that release, or empty."""
    words = State(state).words
    return f"{words}, superseded by {superseded_by}" if superseded_by else words


def transition(verb: Verb, state: str) -> Transition | None:
    return _ROWS.get((verb, State(state)))


def verbs_from(state: str) -> tuple[Verb, ...]:
    return tuple(row.verb for row in LIFECYCLE if state in row.sources)


def check_state(verb: Verb, identifier: str, state: str) -> Transition:
    """The row for ``verb``; raises :class:`~models.errors.Refused` when the state does not allow it."""
    row = transition(verb, state)
    if row is None:
        if any(one.verb is verb and one.target == state for one in LIFECYCLE):
            raise Refused(f"{identifier} is {State(state).words} already.")
        if verb is Verb.WITHDRAW:
            raise Refused(f"{identifier} is {State(state).words}, so its approvals can't be withdrawn now.")
        raise Refused(f"{identifier} is {State(state).words}, so it cannot be {_VERB_WORDS[verb]} now.")
    return row


def may(
    row: Transition,
    *,
    person: str,
    requester: str,
    authors: Collection[str] = (),
    roles: Collection[str],
    entitled: Collection[str] | None = None,
) -> bool:
    """Whether ``person``, who holds ``roles`` in the service, may take this row.

    ``authors`` changed what it says; a row that is apart isn't for them either. ``entitled`` are the roles that
    answer for the row's own where nobody in the service holds those.
    """
    if row.apart and (person == requester or person in authors):
        return False
    names = row.who if entitled is None else entitled
    return (REQUESTER in row.who and person == requester) or not set(names).isdisjoint(roles)


def begin(release: Release) -> Release:
    release.state = State.REQUESTED
    return release


_ADVANCE = Prepared(
    update(Release)
    .where(col(Release.id) == bindparam("release_id"))
    .values(state=bindparam("to"), state_since=bindparam("now"), approved_at=bindparam("approved_at"))
)


async def approve(tx: Transaction, release_id: int, identifier: str, state: str) -> None:
    """:func:`move` for APPROVE without loading the release, because many are approved at once."""
    to = check_state(Verb.APPROVE, identifier, state).target or State(state)
    values = {"release_id": release_id, "to": to.value, "now": tx.now, "approved_at": tx.now}
    await tx.run(_ADVANCE, values)


def move(release: Release, verb: Verb, now: datetime) -> State:
    """Take ``release`` along the row for ``verb``, and return the new state. Raises Refused when there is no row.

    Rows with a gate go through :func:`models.releases.activities.step.begin_step`, which asks what is missing.
    """
    row = check_state(verb, release.identifier, release.state)
    if row.target is not None:
        release.state = row.target
        release.state_since = now
    if row.target is State.APPROVED:
        release.approved_at = now
    elif verb is Verb.VOID:
        release.approved_at = None
    return State(release.state)


def diagram() -> str:
    """The lifecycle as a Mermaid state diagram; ``docs/architecture.md`` shows it."""
    lines = ["stateDiagram-v2", "    [*] --> requested"]
    for row in LIFECYCLE:
        words = row.verb.replace("_", " ")
        gate = f" [{row.gate.replace('_', ' ')}]" if row.gate else ""
        lines += [f"    {source} --> {row.target or source}: {words}{gate}" for source in row.sources]
    ends = [state for state in State if not verbs_from(state)]
    return "\n".join([*lines, *(f"    {state} --> [*]" for state in ends)])
