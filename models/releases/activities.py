"""Taking a release along a row that has a gate: the row of its activities, the facts, and the refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service
from models.catalog.store import CatalogCache
from models.errors import Invalid, Refused
from models.events import Actor
from models.releases import lifecycle, verdict
from models.releases.access import Loaded, load_to
from models.releases.access import entitled as answering
from models.releases.activity_tables import Activities, Build, ComponentTest, Criterion
from models.releases.approval_tables import Afterwards
from models.releases.asked_criteria import add_criteria
from models.releases.forms import TEXT_LIMIT
from models.releases.gates import CRITERIA, Facts, Missing, missing
from models.releases.lifecycle import State, Verb
from models.releases.tables import Release
from models.releases.who import who_could
from models.support.tables import KnownError
from models.unit_of_work import Transaction, UnitOfWork
from models.wording import text_problem


@dataclass(frozen=True, slots=True)
class Step:
    """A release on its way along a row whose gate is open."""

    found: Loaded
    activities: Activities
    facts: Facts

    @property
    def release(self) -> Release:
        """The locked release."""
        return self.found.release


async def enter(tx: Transaction, catalogs: CatalogCache, verb: Verb, release_id: int) -> Step:
    """Lock the release and ask everything that ``verb`` needs: the state, the person, the gate.

    Raises :class:`~models.errors.Refused` with who may, or with what is missing and who can settle it.
    """
    found = await load_to(tx, catalogs, verb, release_id)
    activities = await activities_of(tx, found.release, found.service)
    known = await facts(tx.session, found.release, activities)
    row = lifecycle.check(verb, found.release.identifier, found.release.state)
    lacking = missing(row.gate, known)
    if lacking:
        raise Refused(await _not_yet(tx, found, lacking))
    return Step(found, activities, known)


def go_on(tx: Transaction, step: Step, verb: Verb) -> State:
    """Take the release along ``verb`` and count the turning point; gives the new state."""
    step.activities.turns += 1
    return lifecycle.move(step.release, verb, tx.now)


def about(step: Step, actor: Actor) -> dict[str, Any]:
    """What every event of a release's activities says."""
    release_id = step.found.id
    identifier = step.release.identifier
    return {"subject": release_id, "release_id": release_id, "identifier": identifier, "person": actor.person}


async def check_may(work: UnitOfWork, catalogs: CatalogCache, actor: Actor, verb: Verb, release_id: int) -> Step:
    """Whether the actor could take ``verb`` now. Raises what the use case would raise."""
    async with work(actor) as tx:
        return await enter(tx, catalogs, verb, release_id)


async def begin(tx: Transaction, release: Release, service: Service | None) -> Activities:
    """Begin the activities of a release: the criteria it is asked for are copied to it as they are now."""
    activities = Activities(release_id=release.id or 0)
    tx.session.add(activities)
    add_criteria(tx, release, service)
    await tx.session.flush()
    return activities


async def activities_of(tx: Transaction, release: Release, service: Service | None) -> Activities:
    """The activities of a locked release; they begin now for one that was requested before there were any."""
    found = await tx.session.get(Activities, release.id)
    return found or await begin(tx, release, service)


async def facts(session: AsyncSession, release: Release, activities: Activities | None) -> Facts:
    """What the gates look at, read for one release.

    An emergency is one that owes approvals for its present round: by the catalog as it was when it was approved, so
    that a type which becomes lenient later lets nothing go first that owes nothing.
    """
    latest = await latest_results(session, release.id or 0)
    known = activities or Activities(release_id=release.id or 0)
    return Facts(
        identifier=release.identifier,
        build=await latest_build(session, release.id or 0) is not None,
        tested=bool(latest),
        failures=verdict.failures(result for _, result in latest),
        open_criteria=await _open_criteria(session, release.id or 0),
        go=known.go_at is not None and release.state == State.READY,
        afterwards=await session.get(Afterwards, (release.id, release.round)) is not None,
        verified=known.verified_at is not None,
        offered=known.offered_at is not None,
        reviewed=known.reviewed_at is not None,
    )


async def latest_build(session: AsyncSession, release_id: int) -> Build | None:
    """The build that was recorded last."""
    query = select(Build).where(col(Build.release_id) == release_id).order_by(col(Build.id).desc()).limit(1)
    return (await session.exec(query)).first()


async def latest_results(session: AsyncSession, release_id: int) -> list[tuple[ComponentTest, verdict.Result]]:
    """The latest result of each component, in the order in which the components were first tested."""
    query = (
        select(ComponentTest, KnownError)
        .outerjoin(KnownError, col(KnownError.id) == col(ComponentTest.known_error_id))
        .where(col(ComponentTest.release_id) == release_id)
        .order_by(col(ComponentTest.id))
    )
    latest: dict[str, tuple[ComponentTest, verdict.Result]] = {}
    for row, known_error in (await session.exec(query)).all():
        latest[row.component_name] = (row, _result(row, known_error))
    return list(latest.values())


def written(fields: dict[str, str], asked: dict[str, str], limit: int = TEXT_LIMIT) -> dict[str, str]:
    """The trimmed texts of a form; ``asked`` says of each needed one what to write.

    Raises :class:`~models.errors.Invalid` with every field that is empty or endless.
    """
    given = {name: text.strip() for name, text in fields.items()}
    problems = {name: sentence for name, sentence in asked.items() if not given.get(name)}
    for name, text in given.items():
        if too_long := text_problem(text, limit):
            problems[name] = too_long
    if problems:
        raise Invalid(problems)
    return given


def _result(row: ComponentTest, known_error: KnownError | None) -> verdict.Result:
    if known_error is None:
        return verdict.Result(row.component, row.passed)
    return verdict.Result(
        row.component,
        row.passed,
        known_error.number,
        known_error.status == "resolved",
        bool(known_error.workaround.strip()),
    )


async def _open_criteria(session: AsyncSession, release_id: int) -> dict[str, tuple[str, ...]]:
    query = select(Criterion).where(col(Criterion.release_id) == release_id, col(Criterion.outcome) == "")
    rows = (await session.exec(query.order_by(col(Criterion.position)))).all()
    return {gate: tuple(row.text for row in rows if row.gate == gate) for gate in CRITERIA}


async def _not_yet(tx: Transaction, found: Loaded, lacking: Sequence[Missing]) -> str:
    said = []
    for one in lacking:
        people = ""
        if one.who and found.service:
            people = await who_could(tx.session, found.service, answering(found.service, one.who))
        said.append(f"{one.what} ({people})" if people else one.what)
    return f"{found.release.identifier} cannot go on yet: {'; '.join(said)}."
