"""Reading notices about windows for people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.catalog.roles import DEPLOYERS
from models.lifecycle.access import roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import State, Verb, transition
from models.lifecycle.tables.activities import Activities
from models.lifecycle.tables.clearance import WindowWatch
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.lifecycle.window_state import WATCHED, WindowState, deployment_end, window_state
from models.people.directory import names
from models.people.holder_names import holder_names
from models.releases.activities.gate_facts import gate_facts_of_release
from models.releases.activities.gates import missing_at
from models.releases.activities.next_step import next_verb
from models.releases.plan.owners import owner_words
from models.releases.windows.records import DayTask, PastWindow, PastWindows, WindowNotice
from models.releases.windows.watch import DAY_PHASES


async def window_notice(
    session: AsyncSession, catalog: Catalog, release_id: int, facts: Mapping[str, Any], now: datetime
) -> WindowNotice:
    release = await load_release(session, release_id)
    service = catalog.by_key.get(release.service)
    kind, person = str(facts["notice"]), str(facts.get("person") or "")
    called = await names(session, {person} if person else ())
    until = str(facts.get("until") or facts.get("ends") or "")
    ahead = kind == "ahead"
    return WindowNotice(
        kind=kind,
        release_id=release_id,
        round=release.round,
        identifier=release.identifier,
        title=release.title,
        mentions=tuple(facts.get("mentions") or ()),
        person=called.get(person, person),
        reason=str(facts.get("grounds") or ""),
        obstacles=tuple(facts.get("obstacles") or ()),
        window_start=release.window_start,
        window_end=release.window_end,
        until=datetime.fromisoformat(until) if until else None,
        asks=await _asks(session, release, facts, now),
        open=await _open(session, release) if ahead else (),
        tasks=await _tasks(session, service, release) if ahead else (),
        deployers=await _deployers(session, service) if ahead else "",
    )


async def past_windows(session: AsyncSession, facts: Mapping[str, Any]) -> PastWindows:
    query = select(Release).where(col(Release.id).in_([int(one) for one in facts["releases"]]))
    rows = (await session.exec(query.order_by(col(Release.window_end), col(Release.id)))).all()
    return PastWindows(
        tuple(
            PastWindow(row.identifier, row.title, deployment_end(row), row.state == State.DEPLOYING)
            for row in rows
            if row.state in WATCHED
        )
    )


async def _asks(session: AsyncSession, release: Release, facts: Mapping[str, Any], now: datetime) -> bool:
    """Whether it is the newest notice, and the window is still as it says."""
    wanted = {"missed": WindowState.MISSED, "overrun": WindowState.OVERRUNNING}.get(str(facts["notice"]))
    if wanted is None or window_state(release, now) != wanted:
        return False
    row = await session.get(WindowWatch, release.id)
    return row is not None and row.told == facts.get("count")


async def _open(session: AsyncSession, release: Release) -> tuple[str, ...]:
    """What the next gate of the release lacks; and that it is not tested yet, if it isn't."""
    activities = await session.get(Activities, release.id)
    facts = await gate_facts_of_release(session, release, activities)
    verb = next_verb(release.state, facts)
    row = transition(verb, release.state) if verb else None
    lacking = [one.what for one in missing_at(row.gate, facts)] if row else []
    if verb is Verb.GO:
        lacking.append("nobody has said go")
    elif verb is not Verb.START_DEPLOYMENT:
        lacking.insert(0, f"it is {State(release.state).words}")
    return tuple(lacking)


async def _tasks(session: AsyncSession, service: Service | None, release: Release) -> tuple[DayTask, ...]:
    query = select(PlanTask).where(
        col(PlanTask.release_id) == release.id, col(PlanTask.done_at).is_(None), col(PlanTask.phase).in_(DAY_PHASES)
    )
    rows = (await session.exec(query.order_by(col(PlanTask.due_at), col(PlanTask.position)))).all()
    called = await names(session, {task.owner for task in rows if task.owner})
    return tuple(
        DayTask(task.title, called.get(task.owner, task.owner) if task.owner else owner_words(service, task))
        for task in rows
    )


async def _deployers(session: AsyncSession, service: Service | None) -> str:
    return await holder_names(session, service, roles_that_answer(service, DEPLOYERS[:1])) if service else ""
