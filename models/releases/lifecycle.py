"""The life of a release as one table: verb, states it may start from, state it leads to, who may.

Nothing else assigns a state. A further activity is a further row (DOMAIN.md, *The life of a release*).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, update
from sqlmodel import col

from models.catalog.document import OWNER
from models.errors import Refused
from models.prepared import Prepared
from models.releases.tables import Release
from models.unit_of_work import Transaction


class State(StrEnum):
    """The states of a release; the value is what the database holds."""

    REQUESTED = "requested"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DEPLOYING = "deploying"
    DEPLOYED = "deployed"
    BACKED_OUT = "backed_out"

    @property
    def words(self) -> str:
        """The state as people read it."""
        return _WORDS[self]


class Verb(StrEnum):
    """What moves a release on; the value is the audit word."""

    RESUBMIT = "resubmit"
    VOID = "void"
    APPROVE = "approve"
    BREAK_GLASS = "break_glass"
    REJECT = "reject"
    REQUEST_CHANGES = "request_changes"
    EXPIRE = "expire"
    CANCEL = "cancel"
    START_DEPLOYMENT = "start_deployment"
    MARK_DEPLOYED = "mark_deployed"
    BACK_OUT = "back_out"


REQUESTER = "requester"
APPROVERS = "approvers"
"""Whoever the release type asks for; :mod:`models.releases.approvals` decides who that is."""

TIME = "system"
"""What nobody does: it happens by itself."""

DEPLOYERS = ("deployment_staff", "release_manager")

_WORDS = {
    State.REQUESTED: "waiting for approval",
    State.CHANGES_REQUESTED: "changes requested",
    State.APPROVED: "approved",
    State.REJECTED: "rejected",
    State.EXPIRED: "expired",
    State.CANCELLED: "cancelled",
    State.DEPLOYING: "deploying",
    State.DEPLOYED: "deployed",
    State.BACKED_OUT: "backed out",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the lifecycle. ``who`` names roles, or ``requester``, or ``approvers``."""

    verb: Verb
    sources: tuple[State, ...]
    target: State
    who: tuple[str, ...]


LIFECYCLE: tuple[Transition, ...] = (
    Transition(Verb.RESUBMIT, (State.CHANGES_REQUESTED, State.EXPIRED), State.REQUESTED, (REQUESTER,)),
    Transition(Verb.VOID, (State.APPROVED,), State.REQUESTED, (REQUESTER, "release_manager", "build_manager")),
    Transition(Verb.APPROVE, (State.REQUESTED,), State.APPROVED, (APPROVERS,)),
    Transition(
        Verb.BREAK_GLASS, (State.REQUESTED,), State.APPROVED, ("release_manager", OWNER, "deployment_staff")
    ),
    Transition(Verb.REJECT, (State.REQUESTED,), State.REJECTED, (APPROVERS,)),
    Transition(Verb.REQUEST_CHANGES, (State.REQUESTED,), State.CHANGES_REQUESTED, (APPROVERS,)),
    Transition(Verb.EXPIRE, (State.REQUESTED,), State.EXPIRED, (TIME,)),
    Transition(
        Verb.CANCEL,
        (State.REQUESTED, State.CHANGES_REQUESTED, State.EXPIRED, State.APPROVED),
        State.CANCELLED,
        (REQUESTER, "release_manager", OWNER),
    ),
    Transition(Verb.START_DEPLOYMENT, (State.APPROVED,), State.DEPLOYING, DEPLOYERS),
    Transition(Verb.MARK_DEPLOYED, (State.DEPLOYING,), State.DEPLOYED, DEPLOYERS),
    Transition(Verb.BACK_OUT, (State.DEPLOYING, State.DEPLOYED), State.BACKED_OUT, DEPLOYERS),
)

_ROWS = {(row.verb, source): row for row in LIFECYCLE for source in row.sources}

OPEN = tuple(
    state for state in State if state not in (State.REJECTED, State.CANCELLED, State.BACKED_OUT, State.DEPLOYED)
)
"""The states in which somebody still has something to do before or during the deployment."""

CHASED = (State.APPROVED, State.DEPLOYING, State.DEPLOYED)
"""The states in which milestones are chased: not while undecided, never after a stop."""

STOPPED = (State.REJECTED, State.CANCELLED, State.BACKED_OUT)
"""The states that nothing leads out of and in which nothing is left to do."""

_VERB_WORDS = {
    Verb.RESUBMIT: "resubmitted",
    Verb.VOID: "changed",
    Verb.APPROVE: "approved",
    Verb.BREAK_GLASS: "approved without its approvals",
    Verb.REJECT: "rejected",
    Verb.REQUEST_CHANGES: "sent back for changes",
    Verb.EXPIRE: "expired",
    Verb.CANCEL: "cancelled",
    Verb.START_DEPLOYMENT: "deployed",
    Verb.MARK_DEPLOYED: "marked deployed",
    Verb.BACK_OUT: "backed out",
}


def transition(verb: Verb, state: str) -> Transition | None:
    """The row for ``verb`` from ``state``, or nothing."""
    return _ROWS.get((verb, State(state)))


def verbs(state: str) -> tuple[Verb, ...]:
    """What can be done from ``state``, in the lifecycle's order."""
    return tuple(row.verb for row in LIFECYCLE if state in row.sources)


def check(verb: Verb, identifier: str, state: str) -> Transition:
    """The row for ``verb``; raises :class:`~models.errors.Refused` when the state does not allow it."""
    row = transition(verb, state)
    if row is None:
        raise Refused(f"{identifier} is {State(state).words}, so it cannot be {_VERB_WORDS[verb]} now.")
    return row


def may(row: Transition, *, person: str, requester: str, roles: Collection[str]) -> bool:
    """Whether ``person``, who holds ``roles`` in the service, may take this row."""
    return (REQUESTER in row.who and person == requester) or not set(row.who).isdisjoint(roles)


def begin(release: Release) -> Release:
    """Put a new release at the start of its life."""
    release.state = State.REQUESTED
    return release


_ADVANCE = Prepared(
    update(Release)
    .where(col(Release.id) == bindparam("release_id"))
    .values(state=bindparam("to"), state_since=bindparam("now"), approved_at=bindparam("approved_at"))
)


async def approve(tx: Transaction, release_id: int, identifier: str, state: str, verb: Verb = Verb.APPROVE) -> None:
    """Take a release along the row for APPROVE, or BREAK_GLASS, without loading it: the hot path's :func:`move`."""
    row = check(verb, identifier, state)
    values = {"release_id": release_id, "to": row.target.value, "now": tx.now, "approved_at": tx.now}
    await tx.run(_ADVANCE, values)


def move(release: Release, verb: Verb, now: datetime) -> State:
    """Take ``release`` along the row for ``verb``; raises Refused when there is none. Gives the new state."""
    row = check(verb, release.identifier, release.state)
    release.state = row.target
    release.state_since = now
    return row.target
