"""Settling a criterion of a release: met with evidence, or waived with a reason (docs/process.md#criteria)."""

from dataclasses import dataclass

from models.catalog.document import Service
from models.catalog.roles import role_choice
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.lifecycle.access import roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import SETTLED, State
from models.lifecycle.requesters import part_in, requesters_of
from models.lifecycle.tables.activities import Activities, Criterion
from models.lifecycle.tables.release import Release
from models.limits import TEXT_LIMIT
from models.people.directory import name_of, roles_of
from models.people.holder_names import holder_names
from models.releases.activities.adoption import adopt_late
from models.releases.activities.events import CriterionSettled
from models.releases.activities.gates import CRITERIA_WORDS, roles_that_settle
from models.releases.activities.step import activities_of
from models.text import too_long
from models.unit_of_work import Snapshot, UnitOfWork

MET = "met"

WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class CriterionToSettle:
    id: int
    identifier: str
    text: str


async def ensure_criteria(work: UnitOfWork, actor: Actor, release_id: int) -> None:
    """Copy the service's criteria to a release that has none because it is older than they are."""
    async with work.reading() as snapshot:
        if await snapshot.session.get(Activities, release_id):
            return
    async with work(actor) as tx:
        release = await load_release(tx.session, release_id, lock=True)
        catalog = await tx.catalog()
        await activities_of(tx, release, catalog.by_key.get(release.service))


async def check_may_settle_criterion(
    work: UnitOfWork, actor: Actor, criterion_id: int, outcome: str
) -> CriterionToSettle:
    """The criterion. Raises Refused and NotFound as :func:`settle_criterion`."""
    async with work.reading(actor) as snapshot:
        criterion, release = await _load_open_criterion(snapshot, criterion_id, outcome)
        return CriterionToSettle(criterion_id, release.identifier, criterion.text)


async def settle_criterion(work: UnitOfWork, actor: Actor, criterion_id: int, outcome: str, grounds: str) -> int:
    """Meet a criterion (``outcome`` ``met``, ``grounds`` the evidence) or waive it (``waived``, the reason).

    Doing the same again changes nothing. Returns the release's id. Raises :class:`~models.errors.Invalid` without
    grounds, :class:`~models.errors.Refused` for people who may not, for requesters who waive, and when somebody
    else settled it before.
    """
    given = _checked_grounds(outcome, grounds)
    async with work(actor) as tx:
        known = await tx.session.get(Criterion, criterion_id)
        if known and (known.settled_by, known.outcome, known.grounds) == (actor.person, outcome, given):
            return known.release_id
        criterion, release = await _load_open_criterion(tx, criterion_id, outcome)
        criterion.outcome, criterion.grounds = outcome, given
        criterion.settled_by, criterion.settled_at = actor.person, tx.now
        await tx.session.flush()
        await adopt_late(tx, release)
        tx.record(
            CriterionSettled(
                subject=release.id,
                release_id=release.id,
                identifier=release.identifier,
                person=actor.person,
                grounds=given,
                title=criterion.text,
                gate=criterion.gate,
                outcome=outcome,
            )
        )
        return criterion.release_id


async def _load_open_criterion(snapshot: Snapshot, criterion_id: int, outcome: str) -> tuple[Criterion, Release]:
    """The criterion, if it is open and the actor may settle it, and its release, locked in a transaction."""
    criterion = await snapshot.session.get(Criterion, criterion_id)
    if criterion is None:
        raise NotFound("This criterion is not in the database any more.")
    release = await load_release(snapshot.session, criterion.release_id, lock=snapshot.locks)
    await snapshot.session.refresh(criterion)
    if release.state in SETTLED:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so its criteria are closed.")
    catalog = await snapshot.catalog()
    await _check_person(snapshot, catalog.by_key.get(release.service), criterion, release, outcome)
    if criterion.outcome:
        by = criterion.settled_by or ""
        name = await name_of(snapshot.session, by)
        raise Refused(f"{name} has {criterion.outcome} \u201c{criterion.text}\u201d already.")
    return criterion, release


async def _check_person(
    snapshot: Snapshot, service: Service | None, criterion: Criterion, release: Release, outcome: str
) -> None:
    """Raise Refused for people without a role that settles it, and for requesters who waive their own."""
    if service is None:
        raise Refused(f"{release.identifier} belongs to a service that is no longer in the catalog.")
    roles = roles_that_answer(service, roles_that_settle(criterion.gate))
    if (await roles_of(snapshot.session, service, snapshot.actor.person)).isdisjoint(roles):
        people = await holder_names(snapshot.session, service, roles)
        words = CRITERIA_WORDS[criterion.gate]
        raise Refused(f"The {words} criteria of {release.identifier} are for its {role_choice(roles)}: {people}.")
    requesters, person = await requesters_of(snapshot.session, release), snapshot.actor.person
    if outcome == WAIVED and person in requesters:
        people = await holder_names(snapshot.session, service, roles, without=requesters)
        part = part_in(person, release.requester, release.identifier)
        raise Refused(f"{part}, so somebody else has to waive its criteria: {people}.")


def _checked_grounds(outcome: str, grounds: str) -> str:
    given = grounds.strip()
    name = "evidence" if outcome == MET else "reason"
    if not given:
        sentence = "Say or link to what shows it." if outcome == MET else "Say why it may be left out this time."
        raise Invalid({name: sentence})
    if len(given) > TEXT_LIMIT:
        raise Invalid({name: too_long(given, TEXT_LIMIT)})
    return given
