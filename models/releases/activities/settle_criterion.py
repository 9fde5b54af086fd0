"""Settling a criterion of a release: met with evidence, or waived with a reason (docs/process.md#criteria).

Evidence that a requester enters counts once another entitled person has confirmed it.
"""

from dataclasses import dataclass

from sqlmodel import col, select

from models.catalog.document import Service
from models.catalog.roles import role_choice
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.lifecycle.access import roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import SETTLED, State
from models.lifecycle.requesters import part_in, requesters_of
from models.lifecycle.tables.activities import Criterion
from models.lifecycle.tables.release import Release
from models.limits import TEXT_LIMIT
from models.outbox import want_again
from models.people.directory import name_of, people_in, roles_of, unread_groups
from models.people.holder_names import holder_names
from models.releases.activities.adoption import adopt_late
from models.releases.activities.criteria.criterion_rules import outcome_of_evidence, too_early
from models.releases.activities.criteria.release_criteria import DELIVERED
from models.releases.activities.events import CriterionConfirmed, CriterionSettled
from models.releases.activities.gate_facts import gate_facts_of_release
from models.releases.activities.gates import (
    CRITERIA_WORDS,
    MET,
    SETTLED_OUTCOMES,
    UNCONFIRMED,
    WAIVED,
    roles_that_settle,
)
from models.releases.activities.notices import confirmation_key
from models.text import too_long
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class CriterionToSettle:
    """``confirmed_by`` are the names of those who have to confirm the person's evidence, empty if nobody has to."""

    id: int
    identifier: str
    text: str
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True)
class _Case:
    """A criterion that the actor may settle, its release, and the roles that answer for its gate.

    ``requesters`` neither waive nor confirm.
    """

    criterion: Criterion
    release: Release
    service: Service
    roles: tuple[str, ...]
    requesters: frozenset[str]
    """They neither waive nor confirm."""


async def check_may_settle_criterion(
    work: UnitOfWork, actor: Actor, criterion_id: int, outcome: str
) -> CriterionToSettle:
    """The criterion. Raises Refused and NotFound as :func:`settle_criterion`."""
    async with work.reading(actor) as snapshot:
        case = await _load_case(snapshot, criterion_id)
        await _check_may(snapshot, case, outcome)
        waits = outcome == MET and await _counts_as(snapshot, case) == UNCONFIRMED
        confirmed_by = await _names_of_others(snapshot, case) if waits else ""
        return CriterionToSettle(criterion_id, case.release.identifier, case.criterion.text, confirmed_by)


async def settle_criterion(work: UnitOfWork, actor: Actor, criterion_id: int, outcome: str, grounds: str) -> int:
    """Meet a criterion (``outcome`` ``met``, ``grounds`` the evidence) or waive it (``waived``, the reason).

    Evidence of a requester waits for confirmation; it counts at once where nobody else could confirm it. Doing the
    same again changes nothing. Returns the release's id. Raises :class:`~models.errors.Invalid` without grounds,
    :class:`~models.errors.Refused` for people who may not, for a requester who waives, for what can't be met yet,
    and when somebody else settled it before.
    """
    given = _checked_grounds(outcome, grounds)
    async with work(actor) as tx:
        known = await tx.session.get(Criterion, criterion_id)
        if known and _is_done(known, actor.person, outcome, given):
            return known.release_id
        case = await _load_case(tx, criterion_id)
        await _check_may(tx, case, outcome)
        counts_as = await _counts_as(tx, case) if outcome == MET else outcome
        criterion, release = case.criterion, case.release
        criterion.outcome, criterion.grounds = counts_as, given
        criterion.settled_by, criterion.settled_at = actor.person, tx.now
        criterion.alone = counts_as == MET and actor.person in case.requesters
        await tx.session.flush()
        await adopt_late(tx, release)
        waits = counts_as == UNCONFIRMED
        tx.record(
            CriterionSettled(
                subject=release.id,
                release_id=release.id,
                identifier=release.identifier,
                person=actor.person,
                grounds=given,
                title=criterion.text,
                gate=criterion.gate,
                outcome=counts_as,
                alone=criterion.alone,
                batch=await _first_unconfirmed(tx, criterion) if waits else 0,
                asked=await _who_confirms(tx, case) if waits else (),
            )
        )
        await _refresh_requests(tx, criterion)
        return criterion.release_id


async def confirm_criterion(work: UnitOfWork, actor: Actor, criterion_id: int) -> int:
    """Confirm the evidence that a requester entered: with that the criterion is met. Returns the release's id.

    Confirming twice changes nothing. Raises :class:`~models.errors.Refused` for requesters, for people who may not,
    for what waits for no confirmation, and for what can't be met yet.
    """
    async with work(actor) as tx:
        known = await tx.session.get(Criterion, criterion_id)
        if known and (known.outcome, known.confirmed_by) == (MET, actor.person):
            return known.release_id
        case = await _load_case(tx, criterion_id)
        criterion, release = case.criterion, case.release
        if criterion.outcome != UNCONFIRMED:
            raise Refused(f"\u201c{criterion.text}\u201d waits for no confirmation.")
        if actor.person in case.requesters:
            people = await _names_of_others(tx, case)
            part = part_in(actor.person, release.requester, release.identifier)
            raise Refused(f"{part}, so somebody else has to confirm this: {people}.")
        await _check_time(tx, case)
        criterion.outcome, criterion.confirmed_by, criterion.confirmed_at = MET, actor.person, tx.now
        await tx.session.flush()
        await adopt_late(tx, release)
        tx.record(
            CriterionConfirmed(
                subject=release.id,
                release_id=release.id,
                identifier=release.identifier,
                person=actor.person,
                grounds=criterion.grounds,
                title=criterion.text,
                gate=criterion.gate,
                entered_by=criterion.settled_by or "",
            )
        )
        await _refresh_requests(tx, criterion)
        return criterion.release_id


def _is_done(criterion: Criterion, person: str, outcome: str, given: str) -> bool:
    """Whether the person did just this before: they clicked twice."""
    done = MET if criterion.outcome == UNCONFIRMED else criterion.outcome
    return (criterion.settled_by, done, criterion.grounds) == (person, outcome, given)


async def _load_case(snapshot: Snapshot, criterion_id: int) -> _Case:
    """The criterion, if it is open and the actor's role settles it, and its release, locked in a transaction."""
    criterion = await snapshot.session.get(Criterion, criterion_id)
    if criterion is None:
        raise NotFound("This criterion is not in the database any more.")
    release = await load_release(snapshot.session, criterion.release_id, lock=snapshot.locks)
    await snapshot.session.refresh(criterion)
    if release.state in SETTLED:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so its criteria are closed.")
    service = (await snapshot.catalog()).by_key.get(release.service)
    if service is None:
        raise Refused(f"{release.identifier} belongs to a service that is no longer in the catalog.")
    roles = roles_that_answer(service, roles_that_settle(criterion.gate))
    if (await roles_of(snapshot.session, service, snapshot.actor.person)).isdisjoint(roles):
        people = await holder_names(snapshot.session, service, roles)
        words = CRITERIA_WORDS[criterion.gate]
        raise Refused(f"The {words} criteria of {release.identifier} are for its {role_choice(roles)}: {people}.")
    if criterion.outcome in SETTLED_OUTCOMES:
        name = await name_of(snapshot.session, criterion.confirmed_by or criterion.settled_by or "")
        done = "confirmed" if criterion.confirmed_by else criterion.outcome
        raise Refused(f"{name} has {done} \u201c{criterion.text}\u201d already.")
    return _Case(criterion, release, service, roles, await requesters_of(snapshot.session, release))


async def _check_may(snapshot: Snapshot, case: _Case, outcome: str) -> None:
    """Raise Refused for requesters who waive, and for what can't be met yet."""
    if outcome != WAIVED:
        await _check_time(snapshot, case)
    elif snapshot.actor.person in case.requesters:
        people = await _names_of_others(snapshot, case)
        part = part_in(snapshot.actor.person, case.release.requester, case.release.identifier)
        raise Refused(f"{part}, so somebody else has to waive its criteria: {people}.")


async def _check_time(snapshot: Snapshot, case: _Case) -> None:
    release, criterion = case.release, case.criterion
    facts = await gate_facts_of_release(snapshot.session, release, None)
    document = criterion.text.startswith(DELIVERED)
    why = too_early(criterion.gate, release.state, facts.failures, document=document)
    if why:
        raise Refused(f"\u201c{criterion.text}\u201d can't be met yet for {release.identifier}: {why}.")


async def _counts_as(snapshot: Snapshot, case: _Case) -> str:
    """The outcome of evidence that the actor enters."""
    person = snapshot.actor.person
    if person not in case.requesters:
        return MET
    others = bool(await _other_people(snapshot, case))
    return outcome_of_evidence(person, case.requesters, others)


async def _other_people(snapshot: Snapshot, case: _Case) -> set[str]:
    """Those who can confirm. A user group that hasn't been read from Slack may hold somebody, so it counts."""
    people = set(await unread_groups(snapshot.session, case.service, case.roles))
    for role in case.roles:
        people |= await people_in(snapshot.session, case.service, role)
    return people - case.requesters


async def _names_of_others(snapshot: Snapshot, case: _Case) -> str:
    return await holder_names(snapshot.session, case.service, case.roles, without=case.requesters)


async def _who_confirms(tx: Transaction, case: _Case) -> tuple[str, ...]:
    """The people and user groups to mention."""
    held = (holder for role in case.roles for holder in case.service.holders(role))
    return tuple(dict.fromkeys(holder for holder in held if holder not in case.requesters))


async def _first_unconfirmed(tx: Transaction, criterion: Criterion) -> int:
    """The criterion of the same gate that has waited longest: all that wait beside it are one message."""
    waiting = select(Criterion.id).where(
        col(Criterion.release_id) == criterion.release_id,
        col(Criterion.gate) == criterion.gate,
        col(Criterion.outcome) == UNCONFIRMED,
    )
    query = waiting.order_by(col(Criterion.settled_at), col(Criterion.id)).limit(1)
    return int((await tx.session.exec(query)).one())


async def _refresh_requests(tx: Transaction, criterion: Criterion) -> None:
    """Bring the messages that ask for confirmation at this gate up to date."""
    query = select(Criterion.id).where(
        col(Criterion.release_id) == criterion.release_id, col(Criterion.gate) == criterion.gate
    )
    keys = [confirmation_key(criterion.release_id, one) for one in (await tx.session.exec(query)).all()]
    await want_again(tx.session, keys, tx.now)


def _checked_grounds(outcome: str, grounds: str) -> str:
    given = grounds.strip()
    name = "evidence" if outcome == MET else "reason"
    if not given:
        sentence = "Say or link to what shows it." if outcome == MET else "Say why it may be left out this time."
        raise Invalid({name: sentence})
    if len(given) > TEXT_LIMIT:
        raise Invalid({name: too_long(given, TEXT_LIMIT)})
    return given
