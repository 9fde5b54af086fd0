"""Settling the criteria of a release: met with evidence, or waived with a reason by somebody entitled."""

from dataclasses import dataclass

from sqlmodel import col, select

from models.catalog.document import Service
from models.catalog.revisions import CatalogCache
from models.catalog.roles import role_choice
from models.errors import Invalid, NotFound, Refused
from models.events import Actor
from models.lifecycle.access import roles_that_answer as answering
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import SETTLED, State
from models.lifecycle.limits import TEXT_LIMIT
from models.lifecycle.tables.activities import Criterion
from models.lifecycle.tables.release import Deployment, Release
from models.people.directory import names, roles_of
from models.people.who_could import who_could
from models.releases.activities.events import CriterionSettled
from models.releases.activities.gates import CRITERIA_WORDS, ENTRY, EXIT, roles_that_settle
from models.releases.activities.step import activities_of
from models.text import too_long
from models.unit_of_work import Transaction, UnitOfWork

MET = "met"

WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Settling:
    """A criterion that somebody may settle."""

    id: int
    identifier: str
    text: str


async def ensure_criteria(work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int) -> None:
    """Have the criteria copied to a release that was requested before there were any; anybody may look."""
    async with work(actor) as tx:
        release = await load_release(tx.session, release_id, lock=True)
        catalog = await catalogs.current(tx.session)
        await activities_of(tx, release, catalog.by_key.get(release.service))


async def check_may_settle_criterion(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, criterion_id: int, outcome: str
) -> Settling:
    """The criterion as the actor may settle it so. Raises what :func:`settle_criterion` would raise."""
    async with work(actor) as tx:
        criterion, release = await _open(tx, catalogs, criterion_id, outcome)
        return Settling(criterion_id, release.identifier, criterion.text)


async def settle_criterion(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, criterion_id: int, outcome: str, grounds: str
) -> int:
    """Meet a criterion with evidence (``met``) or waive it with a reason (``waived``); gives the release's id.

    Repeating what one has settled so changes nothing. Raises :class:`~models.errors.Invalid` without grounds,
    :class:`~models.errors.Refused` for people who may not, for the requester who waives, and when somebody settled
    it before.
    """
    given = _check(outcome, grounds)
    async with work(actor) as tx:
        known = await tx.session.get(Criterion, criterion_id)
        if known and (known.settled_by, known.outcome, known.grounds) == (actor.person, outcome, given):
            return known.release_id
        criterion, release = await _open(tx, catalogs, criterion_id, outcome)
        criterion.outcome, criterion.grounds = outcome, given
        criterion.settled_by, criterion.settled_at = actor.person, tx.now
        await tx.session.flush()
        await _count_late_adoption(tx, release)
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


async def open_before_deployment(tx: Transaction, release_id: int) -> bool:
    """Whether an entry or exit criterion of the release is still open."""
    query = select(Criterion.id).where(
        col(Criterion.release_id) == release_id,
        col(Criterion.gate).in_((ENTRY, EXIT)),
        col(Criterion.outcome) == "",
    )
    return (await tx.session.exec(query.limit(1))).first() is not None


async def _count_late_adoption(tx: Transaction, release: Release) -> None:
    """An emergency that was deployed before its criteria were settled is adopted once they are (DOMAIN.md)."""
    if release.started_at is None or await open_before_deployment(tx, release.id):
        return
    query = select(Deployment).where(col(Deployment.release_id) == release.id, col(Deployment.adopted).is_(False))
    for deployment in (await tx.session.exec(query)).all():
        deployment.adopted = True


async def _open(
    tx: Transaction, catalogs: CatalogCache, criterion_id: int, outcome: str
) -> tuple[Criterion, Release]:
    """The criterion, open and for the actor to settle so, under its locked release."""
    criterion = await tx.session.get(Criterion, criterion_id)
    if criterion is None:
        raise NotFound("This criterion is not in the database any more.")
    release = await load_release(tx.session, criterion.release_id, lock=True)
    await tx.session.refresh(criterion)
    if release.state in SETTLED:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so its criteria are closed.")
    catalog = await catalogs.current(tx.session)
    await _check_person(tx, catalog.by_key.get(release.service), criterion, release, outcome)
    if criterion.outcome:
        by = criterion.settled_by or ""
        called = (await names(tx.session, [by])).get(by, by)
        raise Refused(f"{called} has {criterion.outcome} \u201c{criterion.text}\u201d already.")
    return criterion, release


async def _check_person(
    tx: Transaction, service: Service | None, criterion: Criterion, release: Release, outcome: str
) -> None:
    """Those entitled settle it; an approver waives it, which nobody is for their own release (DOMAIN.md)."""
    if service is None:
        raise Refused(f"{release.identifier} belongs to a service that is no longer in the catalog.")
    asked = answering(service, roles_that_settle(criterion.gate))
    if (await roles_of(tx.session, service, tx.actor.person)).isdisjoint(asked):
        people = await who_could(tx.session, service, asked)
        words = CRITERIA_WORDS[criterion.gate]
        raise Refused(f"The {words} criteria of {release.identifier} are for its {role_choice(asked)}: {people}.")
    if outcome == WAIVED and tx.actor.person == release.requester:
        people = await who_could(tx.session, service, asked, without=(release.requester,))
        raise Refused(f"You requested {release.identifier}, so somebody else has to waive its criteria: {people}.")


def _check(outcome: str, grounds: str) -> str:
    given = grounds.strip()
    name = "evidence" if outcome == MET else "reason"
    if not given:
        sentence = "Say or link to what shows it." if outcome == MET else "Say why it may be left out this time."
        raise Invalid({name: sentence})
    if len(given) > TEXT_LIMIT:
        raise Invalid({name: too_long(given, TEXT_LIMIT)})
    return given
