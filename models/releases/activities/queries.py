"""Reading a release's activities for people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.catalog.numbering import fold_identifier
from models.catalog.roles import role_words
from models.errors import NotFound
from models.lifecycle.access import holders_that_answer, roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import SETTLED, STOPPED, State, transition
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.activities import Activities, Build, ComponentTest, Criterion
from models.lifecycle.tables.release import Release
from models.people.directory import name_of, names
from models.people.holder_names import holder_names
from models.releases.activities.criteria.criterion_rules import too_early
from models.releases.activities.criteria.release_criteria import DELIVERED
from models.releases.activities.gate_facts import gate_facts_of_release, latest_build, latest_results
from models.releases.activities.gates import (
    CRITERIA,
    ENTRY,
    EXIT,
    SUPPORT,
    UNCONFIRMED,
    GateFacts,
    missing_at,
    roles_that_settle,
)
from models.releases.activities.next_step import next_verb
from models.releases.activities.records import (
    ActivityProgress,
    ComponentLine,
    CriteriaList,
    CriteriaToConfirm,
    CriterionLine,
    FailedTest,
    ReleaseTests,
    TurningPoint,
)
from models.releases.activities.test import affected_services, components_of

GATE_AHEAD = {
    State.APPROVED: ENTRY,
    State.BUILDING: ENTRY,
    State.TESTING: EXIT,
    State.EARLY_LIFE_SUPPORT: SUPPORT,
}
"""The gate whose criteria a release in this state reaches next."""

UNDECIDED = (State.REQUESTED, State.CHANGES_REQUESTED)


async def activity_progress(session: AsyncSession, catalog: Catalog, release: Release) -> ActivityProgress | None:
    """How far a release is after its approval; None before it and after a stop."""
    if release.state in UNDECIDED or release.state in STOPPED:
        return None
    activities = await session.get(Activities, release.id)
    facts = await gate_facts_of_release(session, release, activities)
    build = await latest_build(session, release.id) if facts.build else None
    called = await names(session, [activities.go_by] if activities and activities.go_by else [])
    verb = next_verb(release.state, facts)
    row = transition(verb, release.state) if verb else None
    service = catalog.by_key.get(release.service)
    return ActivityProgress(
        next=verb,
        waits_for=holders_that_answer(service, row.who) if row else (),
        lacking=tuple(missing.what for missing in missing_at(row.gate, facts)) if row else (),
        open_criteria=_open_ahead(release.state, facts),
        built=facts.build,
        build=_build_words(build),
        go=facts.go,
        go_by=called.get((activities and activities.go_by) or "", "") if facts.go else "",
        emergency=facts.emergency,
        verified=facts.verified,
        offered=facts.offered,
        reviewed=facts.reviewed,
    )


async def criteria_list(session: AsyncSession, catalog: Catalog, release_id: int) -> CriteriaList:
    """The criteria of a release. Raises :class:`~models.errors.NotFound`."""
    release = await load_release(session, release_id)
    service = catalog.by_key.get(release.service)
    query = select(Criterion).where(col(Criterion.release_id) == release_id)
    rows = (await session.exec(query.order_by(col(Criterion.position)))).all()
    facts = await gate_facts_of_release(session, release, None)
    known = await _criterion_lines(session, rows, release.state, facts)
    lines = tuple(line for gate in CRITERIA for line in known if line.gate == gate)
    confirmers = {
        gate: await holder_names(
            session,
            service,
            roles_that_answer(service, roles_that_settle(gate)),
            without=await requesters_of(session, release),
        )
        for gate in {line.gate for line in lines if line.outcome == UNCONFIRMED}
        if service
    }
    settlers = {gate: role_words(roles_that_answer(service, roles_that_settle(gate))) for gate in CRITERIA}
    return CriteriaList(release_id, release.identifier, release.state in SETTLED, lines, settlers, confirmers)


async def criteria_to_confirm(
    session: AsyncSession, criterion_facts: Mapping[str, Any], release_id: int, *, posted: bool
) -> CriteriaToConfirm | None:
    """What waits for confirmation at the gate of the event; None when nothing does before it was ``posted``."""
    release = await load_release(session, release_id)
    query = select(Criterion).where(
        col(Criterion.release_id) == release_id,
        col(Criterion.gate) == str(criterion_facts["gate"]),
        col(Criterion.outcome) == UNCONFIRMED,
    )
    rows = (await session.exec(query.order_by(col(Criterion.position)))).all()
    if release.state in SETTLED:
        rows = []
    if not rows and not posted:
        return None
    facts = await gate_facts_of_release(session, release, None)
    return CriteriaToConfirm(
        release_id=release_id,
        round=release.round,
        identifier=release.identifier,
        title=release.title,
        mentions=tuple(criterion_facts.get("asked") or ()),
        lines=tuple(await _criterion_lines(session, rows, release.state, facts)),
    )


async def _criterion_lines(
    session: AsyncSession, rows: Sequence[Criterion], state: str, facts: GateFacts
) -> list[CriterionLine]:
    people = {person for row in rows for person in (row.settled_by, row.confirmed_by) if person}
    called = await names(session, people)
    return [
        CriterionLine(
            row.id,
            row.gate,
            row.text,
            row.outcome,
            row.grounds,
            called.get(row.settled_by or "", row.settled_by or ""),
            row.settled_at,
            called.get(row.confirmed_by or "", row.confirmed_by or ""),
            row.alone,
            too_early(row.gate, state, facts.failures, document=row.text.startswith(DELIVERED)),
        )
        for row in rows
    ]


async def release_tests(session: AsyncSession, catalog: Catalog, release_id: int) -> ReleaseTests:
    """The tests of a release. Raises :class:`~models.errors.NotFound`."""
    release = await load_release(session, release_id)
    activities = await session.get(Activities, release_id) or Activities(release_id=release_id)
    latest = await latest_results(session, release_id)
    people = {row.recorded_by for row, _ in latest} | (
        {activities.accepted_by} if activities.accepted_by else set()
    )
    called = await names(session, people)
    packaged = {fold_identifier(key) for key in await components_of(session, release_id)}
    components = tuple(
        ComponentLine(
            row.id,
            row.component,
            result.standing,
            result.known_error,
            row.note,
            called.get(row.recorded_by, row.recorded_by),
            row.recorded_at,
            outside=bool(packaged) and row.component_name not in packaged,
        )
        for row, result in latest
    )
    return ReleaseTests(
        release_id=release_id,
        round=release.round,
        identifier=release.identifier,
        state=release.state,
        strategy=activities.test_strategy,
        plan=activities.test_plan,
        components=components,
        affected=tuple(_named(catalog, affected_services(catalog, release.service))),
        build=_build_words(await latest_build(session, release_id)),
        purpose=activities.fit_for_purpose,
        use=activities.fit_for_use,
        looked_at=tuple(name for _, name in _named(catalog, activities.services)),
        accepted_by=called.get(activities.accepted_by or "", activities.accepted_by or ""),
    )


async def failed_test(session: AsyncSession, test_id: int) -> FailedTest:
    """A failed test. Raises :class:`~models.errors.NotFound`."""
    test = await session.get(ComponentTest, test_id)
    if test is None:
        raise NotFound("This test result is not in the database any more.")
    release = await load_release(session, test.release_id)
    return FailedTest(
        test.component, test.note, test.release_id, release.identifier, release.title, release.service
    )


async def turning_point(session: AsyncSession, release_id: int, event_facts: Mapping[str, Any]) -> TurningPoint:
    release = await load_release(session, release_id)
    person = str(event_facts.get("person") or "")
    return TurningPoint(
        kind=str(event_facts["turning"]),
        identifier=release.identifier,
        person=await name_of(session, person),
        mentions=tuple(event_facts.get("mentions", ())),
        reason=str(event_facts.get("grounds") or ""),
    )


def _open_ahead(state: str, facts: GateFacts) -> int:
    gate = GATE_AHEAD.get(State(state), "")
    return len(facts.open_criteria.get(gate, ())) + len(facts.unconfirmed.get(gate, ()))


def _build_words(build: Build | None) -> str:
    return f"{build.what} from {build.source} at {build.revision}" if build else ""


def _named(catalog: Catalog, keys: Iterable[str]) -> Iterable[tuple[str, str]]:
    return ((key, catalog.by_key[key].name if key in catalog.by_key else key) for key in keys)
