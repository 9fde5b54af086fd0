"""Reading the facts that gates look at; many releases take as many statements as one."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import literal, union_all
from sqlalchemy import select as select_columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.lifecycle import State
from models.lifecycle.tables.activities import Activities, Build, ComponentTest, Criterion
from models.lifecycle.tables.approvals import LaterApprovals
from models.lifecycle.tables.clearance import EMERGENCY, GLASS, Override
from models.lifecycle.tables.release import Release
from models.releases.activities.gates import CRITERIA, SETTLED_OUTCOMES, UNCONFIRMED, GateFacts
from models.releases.activities.test_verdict import ComponentResult, open_failures
from models.support.tables import KnownError

LatestResults = list[tuple[ComponentTest, ComponentResult]]


async def gate_facts_of_release(
    session: AsyncSession, release: Release, activities: Activities | None
) -> GateFacts:
    """The facts of one release whose ``activities`` are read already.

    An emergency is a release with later approvals for its present round, by the catalog as it was at the approval:
    a type that becomes lenient afterwards lets nothing go first.
    """
    known = {release.id: activities} if activities else {}
    return (await _read_facts(session, [release], known))[release.id]


async def gate_facts_by_release(session: AsyncSession, releases: Sequence[Release]) -> dict[int, GateFacts]:
    if not releases:
        return {}
    query = select(Activities).where(col(Activities.release_id).in_([release.id for release in releases]))
    known = {row.release_id: row for row in (await session.exec(query)).all()}
    return await _read_facts(session, releases, known)


async def latest_build(session: AsyncSession, release_id: int) -> Build | None:
    query = select(Build).where(col(Build.release_id) == release_id).order_by(col(Build.id).desc()).limit(1)
    return (await session.exec(query)).first()


async def latest_results(session: AsyncSession, release_id: int) -> LatestResults:
    """The latest result of each component, ordered by when the components were first tested."""
    return (await _latest_by_release(session, [release_id])).get(release_id, [])


async def _read_facts(
    session: AsyncSession, releases: Sequence[Release], activities: Mapping[int, Activities]
) -> dict[int, GateFacts]:
    ids = [release.id for release in releases]
    results = await _latest_by_release(session, ids)
    built = set((await session.exec(select(Build.release_id).where(col(Build.release_id).in_(ids)))).all())
    criteria = await _unsettled_criteria(session, ids)
    emergencies, broken = await _going_first(session, ids)
    facts: dict[int, GateFacts] = {}
    for release, release_id in zip(releases, ids, strict=True):
        done = activities.get(release_id) or Activities(release_id=release_id)
        latest = results.get(release_id, [])
        facts[release_id] = GateFacts(
            identifier=release.identifier,
            build=release_id in built,
            tested=bool(latest),
            failures=open_failures(result for _, result in latest),
            open_criteria=_texts(criteria.get(release_id, ()), unconfirmed=False),
            unconfirmed=_texts(criteria.get(release_id, ()), unconfirmed=True),
            go=done.go_at is not None and release.state == State.READY,
            emergency=(release_id, release.round) in emergencies,
            glass=(release_id, release.round) in broken,
            verified=done.verified_at is not None,
            offered=done.offered_at is not None,
            reviewed=done.reviewed_at is not None,
        )
    return facts


async def _going_first(
    session: AsyncSession, ids: Sequence[int]
) -> tuple[set[tuple[int, int]], set[tuple[int, int]]]:
    """The rounds approved with later approvals, and those whose glass is broken to deploy, in one statement."""
    later = select_columns(
        col(LaterApprovals.release_id), col(LaterApprovals.round), literal(EMERGENCY).label("kind")
    ).where(col(LaterApprovals.release_id).in_(ids))
    glass = select_columns(col(Override.release_id), col(Override.round), col(Override.kind)).where(
        col(Override.release_id).in_(ids), col(Override.kind) == GLASS, col(Override.ended_at).is_(None)
    )
    rows = (await (await session.connection()).execute(union_all(later, glass))).all()
    emergencies = {(release_id, round_) for release_id, round_, kind in rows if kind == EMERGENCY}
    return emergencies, {(release_id, round_) for release_id, round_, kind in rows if kind == GLASS}


async def _latest_by_release(session: AsyncSession, ids: Collection[int]) -> dict[int, LatestResults]:
    query = (
        select(ComponentTest, KnownError)
        .outerjoin(KnownError, col(KnownError.id) == col(ComponentTest.known_error_id))
        .where(col(ComponentTest.release_id).in_(ids))
        .order_by(col(ComponentTest.id))
    )
    latest: dict[int, dict[str, tuple[ComponentTest, ComponentResult]]] = {}
    for row, known_error in (await session.exec(query)).all():
        latest.setdefault(row.release_id, {})[row.component_name] = (row, _result(row, known_error))
    return {release_id: list(results.values()) for release_id, results in latest.items()}


def _result(row: ComponentTest, known_error: KnownError | None) -> ComponentResult:
    if known_error is None:
        return ComponentResult(row.component, row.passed)
    return ComponentResult(
        row.component,
        row.passed,
        known_error.number,
        known_error.status == "resolved",
        bool(known_error.workaround.strip()),
    )


async def _unsettled_criteria(session: AsyncSession, ids: Collection[int]) -> dict[int, list[Criterion]]:
    query = select(Criterion).where(
        col(Criterion.release_id).in_(ids), col(Criterion.outcome).not_in(SETTLED_OUTCOMES)
    )
    by_release: dict[int, list[Criterion]] = {}
    for row in (await session.exec(query.order_by(col(Criterion.position)))).all():
        by_release.setdefault(row.release_id, []).append(row)
    return by_release


def _texts(rows: Sequence[Criterion], *, unconfirmed: bool) -> dict[str, tuple[str, ...]]:
    """By gate, those that are met but unconfirmed, or those that are not met."""
    chosen = [row for row in rows if (row.outcome == UNCONFIRMED) == unconfirmed]
    return {gate: tuple(row.text for row in chosen if row.gate == gate) for gate in CRITERIA} if chosen else {}
