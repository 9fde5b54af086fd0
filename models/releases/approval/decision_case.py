"""A requested release that somebody decides on: read before, and their decision written after.

Approving is what happens most, often many at once, so the release, the rules of its round, the decisions so far and
the catalog's revision are read in one statement, and a first decision is a plain insert.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, insert, select, update
from sqlmodel import col, func

from models.catalog.document import Catalog, Service
from models.catalog.revisions import CatalogRevision
from models.errors import NotFound, Refused
from models.lifecycle import lifecycle
from models.lifecycle.access import check_round
from models.lifecycle.lifecycle import Verb
from models.lifecycle.requesters import requesters
from models.lifecycle.tables.approvals import Decision, Round
from models.lifecycle.tables.release import Release
from models.membership.barred import CHANGES
from models.membership.tables import Person
from models.releases.approval.decisions import APPROVED, Decided
from models.releases.approval.progress import ApprovalProgress, quorum_progress
from models.releases.approval.rights import DecisionRight
from models.releases.approval.rounds.rules import RoundRules, rules_in_force, stored_rules
from models.releases.policy.rules.facts import EMERGENCY
from models.storage.prepared_statements import Prepared
from models.unit_of_work import Snapshot, Transaction


class _Row(NamedTuple):
    """A release with one decision of its round; a release without decisions is one row without a person."""

    identifier: str
    service: str
    type: str
    state: str
    round: int
    requester: str
    window_start: datetime
    window_end: datetime
    person: str | None
    verdict: str
    roles: list[str]
    standing_in_for: str | None
    required: dict[str, int] | None
    later: dict[str, Any] | None
    material: dict[str, str]
    one_rejection_stops: bool
    authors: list[str] | None
    revision: int | None
    membership_changes: int | None
    actor_read_at: datetime | None


class PersonsDecision(NamedTuple):
    """What one person decided in the round."""

    person: str
    verdict: str
    roles: tuple[str, ...]
    standing_in_for: str


@dataclass(frozen=True, slots=True)
class DecisionCase:
    """A release that somebody decides on, with the rules, the authors and the decisions of its round."""

    id: int
    identifier: str
    service: Service
    catalog: Catalog
    rules: RoundRules
    type_name: str
    state: str
    round: int
    requester: str
    authors: tuple[str, ...]
    window_start: datetime
    window_end: datetime
    decisions: tuple[PersonsDecision, ...]
    actor_read_at: datetime | None = None
    """When the actor was last read from Slack; None when never."""

    @property
    def requesters(self) -> frozenset[str]:
        """They don't decide on it: the requester and the authors."""
        return requesters(self.requester, self.authors)

    @property
    def emergency(self) -> bool:
        """By the rules of the round: it may still be approved for a day after its window."""
        return self.type_name == EMERGENCY or self.rules.later is not None

    @property
    def progress(self) -> ApprovalProgress:
        return quorum_progress(self.rules.required, self.decisions, self.requesters)

    def has_decided(self, person: str, verdict: str) -> bool:
        return any(one.person == person and one.verdict == verdict for one in self.decisions)


_LATEST = select(func.max(CatalogRevision.id)).scalar_subquery()

_READ = Prepared(
    select(
        col(Release.identifier),
        col(Release.service),
        col(Release.type),
        col(Release.state),
        col(Release.round),
        col(Release.requester),
        col(Release.window_start),
        col(Release.window_end),
        col(Decision.person),
        col(Decision.verdict),
        col(Decision.roles),
        col(Decision.standing_in_for),
        col(Round.required),
        col(Round.later),
        col(Round.material),
        col(Round.one_rejection_stops),
        col(Round.authors),
        _LATEST.label("revision"),
        CHANGES.label("membership_changes"),
        col(Person.read_at).label("actor_read_at"),
    )
    .outerjoin(Round, and_(col(Round.release_id) == Release.id, col(Round.round) == Release.round))
    .outerjoin(Decision, and_(col(Decision.release_id) == Release.id, col(Decision.round) == Release.round))
    .outerjoin(Person, col(Person.id) == bindparam("actor"))
    .where(col(Release.id) == bindparam("release_id"))
)


_DECIDE = Prepared(
    insert(Decision), ("release_id", "round", "person", "verdict", "standing_in_for", "roles", "reason", "at")
)

IN_NO_ROLE = DecisionRight(())


async def read_case(
    snapshot: Snapshot, verb: Verb, release_id: int, round_: int, *, allow_repeat: bool = False
) -> DecisionCase:
    """Lock the release, in a transaction, and read what deciding needs.

    With ``allow_repeat`` the release may be approved already if the actor approved this round: they clicked twice.
    Raises :class:`~models.errors.Refused` when its state does not allow ``verb`` or the catalog no longer says who
    decides, :class:`~models.errors.Stale` when ``round_`` is over, :class:`~models.errors.NotFound`.
    """
    await snapshot.lock(Release, release_id)
    keys = {"release_id": release_id, "actor": snapshot.actor.person}
    rows = [_Row(*row) for row in await snapshot.run(_READ, keys)]
    if not rows:
        raise NotFound("This release is not in the database any more.")
    first = rows[0]
    if not (allow_repeat and _is_approved_with(rows, snapshot.actor.person)):
        lifecycle.check_state(verb, first.identifier, first.state)
    check_round(first.identifier, first.round, round_)
    catalog = await snapshot.catalog_at(first.revision or 0, first.membership_changes or 0)
    service, rules = _terms(catalog, first)
    return DecisionCase(
        id=release_id,
        identifier=first.identifier,
        service=service,
        catalog=catalog,
        rules=rules,
        type_name=first.type,
        state=first.state,
        round=first.round,
        requester=first.requester,
        authors=tuple(first.authors or ()),
        window_start=first.window_start,
        window_end=first.window_end,
        decisions=tuple(
            PersonsDecision(row.person, row.verdict, tuple(row.roles), row.standing_in_for or "")
            for row in rows
            if row.person is not None
        ),
        actor_read_at=first.actor_read_at,
    )


async def write_decision(
    tx: Transaction,
    release_id: int,
    round_: int,
    decisions: Iterable[Decided],
    verdict: str,
    right: DecisionRight = IN_NO_ROLE,
    reason: str = "",
) -> None:
    """Write down what the actor decides, in place of an earlier decision of theirs among the round's ``decisions``.

    Nothing of the earlier one is left.
    """
    values = {
        "verdict": verdict,
        "standing_in_for": right.standing_in_for or None,
        "roles": list(right.roles),
        "reason": reason,
        "at": tx.now,
    }
    if all(one.person != tx.actor.person for one in decisions):
        row = {"release_id": release_id, "round": round_, "person": tx.actor.person, **values}
        await tx.run(_DECIDE, row)
        return
    await tx.session.exec(
        update(Decision)
        .where(
            col(Decision.release_id) == release_id,
            col(Decision.round) == round_,
            col(Decision.person) == tx.actor.person,
        )
        .values(**values)
    )


def _is_approved_with(rows: list[_Row], person: str) -> bool:
    return rows[0].state == lifecycle.State.APPROVED and any(
        row.person == person and row.verdict == APPROVED for row in rows
    )


def _terms(catalog: Catalog, row: _Row) -> tuple[Service, RoundRules]:
    """The service as it is now, and the rules of the round."""
    service = catalog.by_key.get(row.service)
    today = rules_in_force(service, row.type)
    if service is None or today is None:
        raise Refused(
            f"The catalog no longer has {row.type} releases of {row.service}, so nobody can decide on "
            f"{row.identifier}. Ask the process owner to put the type back, or cancel the release."
        )
    if row.required is None:
        return service, today
    return service, stored_rules(row.required, row.later, row.material, row.one_rejection_stops)
