"""Reminders of milestones: when due, then once a day, from one process only, and none once settled or stopped."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from models.audit import AuditEntry
from models.events import SYSTEM
from models.lifecycle.lifecycle import CHASED, State
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.outbox import Outgoing
from models.releases.plan.reminders import (
    next_due_reminder,
    next_reminder_at,
    remind_of_due_milestones,
    stop_reminders_of_settled,
)
from models.releases.plan.settle_task import complete_task, hand_task_over, snooze_task
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from models.storage.database import Database
from models.subscriptions import posts_for
from models.unit_of_work import UnitOfWork
from scheduler.reminders import remind_of_milestones
from tests.conftest import MORNING
from tests.factories import make_release, make_task
from tests.releases.steps import approved, by, form, rows

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("due", "now", "following"),
    [
        # At the hour it was due, the next day.
        ("2026-11-24T17:00+01:00", "2026-11-24T17:00:20+01:00", "2026-11-25T17:00+01:00"),
        # After days of downtime the days missed are not made up for.
        ("2026-11-24T17:00+01:00", "2026-11-28T09:00+01:00", "2026-11-29T17:00+01:00"),
        ("2026-11-24T17:00+01:00", "2026-11-28T17:00+01:00", "2026-11-29T17:00+01:00"),
        # The same hour by the clock on the wall, also over a change of the clocks.
        ("2026-10-24T17:00+02:00", "2026-10-24T17:00+02:00", "2026-10-25T17:00+01:00"),
        ("2026-03-28T17:00+01:00", "2026-03-28T17:00+01:00", "2026-03-29T17:00+02:00"),
        # An hour that does not exist on that day, and one that comes twice.
        ("2026-03-28T02:30+01:00", "2026-03-28T02:30+01:00", "2026-03-29T03:30+02:00"),
        ("2026-10-24T02:30+02:00", "2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00"),
        ("2026-10-24T02:30+02:00", "2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),
        # The day is the service's: it is Wednesday in Amsterdam, Tuesday in UTC.
        ("2026-11-24T09:00+01:00", "2026-11-25T00:30+01:00", "2026-11-26T09:00+01:00"),
        # Asked for before it is due.
        ("2026-11-24T09:00+01:00", "2026-11-20T12:00+01:00", "2026-11-24T09:00+01:00"),
    ],
)
def test_the_next_reminder_comes_at_the_hour_it_was_due_on_a_later_day(due, now, following):
    assert next_reminder_at(at(due), at(now), AMSTERDAM) == at(following)


@given(
    due=st.integers(0, 730 * 24 * 60).map(lambda minutes: MORNING + timedelta(minutes=minutes)),
    waited=st.timedeltas(timedelta(0), timedelta(days=400)),
    zone=st.sampled_from(("Europe/Amsterdam", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "UTC")),
)
def test_the_next_reminder_is_always_on_the_following_day_or_the_one_after_a_skipped_one(due, waited, zone):
    now = due + waited
    following = next_reminder_at(due, now, ZoneInfo(zone))
    assert following > now
    days = (following.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()).days
    assert days == 1


async def reminders(work, task_id: int | None = None) -> list[AuditEntry]:
    query = select(AuditEntry).where(col(AuditEntry.tag) == "release:milestone:chased").order_by(col(AuditEntry.id))
    if task_id is not None:
        query = query.where(col(AuditEntry.subject) == str(task_id))
    async with work.database.reading() as session:
        return list((await session.exec(query)).all())


async def get(work, task_id: int) -> PlanTask:
    async with work.database.reading() as session:
        found = await session.get(PlanTask, task_id)
        assert found is not None
        return found


async def test_a_milestone_is_chased_when_it_is_due_and_not_before(work, clock, catalog):
    release = await make_release(work, State.APPROVED)
    task = await make_task(work, release, due_at=MORNING + timedelta(hours=1))
    assert await remind_of_milestones(work) == 0
    clock.move(timedelta(hours=1))
    assert await remind_of_milestones(work) == 1
    assert await remind_of_milestones(work) == 0
    chased = await get(work, task.id)
    assert (chased.chased, chased.chase_at) == (1, MORNING + timedelta(days=1, hours=1))
    (row,) = await rows(work, Outgoing)
    assert (row.key, row.message, row.release_id, row.in_thread) == (
        f"task:{task.id}:1",
        "task_reminder",
        release.id,
        True,
    )


async def test_an_overdue_milestone_is_chased_again_every_day(work, clock, catalog):
    task = await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING)
    for _ in range(3):
        for _ in range(48):
            await remind_of_milestones(work)
            clock.move(timedelta(minutes=30))
    assert [entry.facts["count"] for entry in await reminders(work, task.id)] == [1, 2, 3]


async def test_days_of_downtime_cost_one_reminder(work, clock, catalog):
    task = await make_task(work, await make_release(work, State.DEPLOYED), due_at=MORNING)
    clock.move(timedelta(days=9, hours=3))
    assert await remind_of_milestones(work) == 1
    assert await remind_of_milestones(work) == 0
    assert (await get(work, task.id)).chase_at == MORNING + timedelta(days=10)


@pytest.mark.parametrize("state", list(State))
async def test_only_releases_that_are_decided_and_not_stopped_are_chased(work, catalog, state):
    await make_task(work, await make_release(work, state), due_at=MORNING)
    assert await remind_of_milestones(work) == (state in CHASED)


async def test_what_is_no_milestone_or_done_is_not_chased(work, catalog):
    release = await make_release(work, State.APPROVED)
    await make_task(work, release, due_at=MORNING, milestone=False)
    await make_task(work, release, due_at=MORNING, done_at=MORNING, done_by="U0RITA")
    assert await remind_of_milestones(work) == 0


async def test_a_release_that_is_decided_on_again_is_not_chased(work, clock, catalog, people):
    release = await approved(work)
    clock.move(timedelta(days=1))
    assert await remind_of_milestones(work) == 1
    await edit_release(work, by("U0ANN"), release, 1, form(method="blue-green"))
    clock.move(timedelta(days=1))
    assert await remind_of_milestones(work) == 0


async def test_a_newer_reminder_has_the_one_before_shown_anew(work, clock, catalog):
    task = await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING)
    await remind_of_milestones(work)
    clock.move(timedelta(days=1))
    await remind_of_milestones(work)
    wanted = {row.key: row.wanted for row in await rows(work, Outgoing)}
    assert wanted == {f"task:{task.id}:1": 2, f"task:{task.id}:2": 1}


async def test_three_processes_at_once_remind_once_each(work, clock, catalog, database_url):
    releases = [await make_release(work, State.APPROVED) for _ in range(10)]
    for number in range(230):
        await make_task(work, releases[number % 10], due_at=MORNING)
    databases = [Database(database_url) for _ in range(3)]
    try:
        await asyncio.gather(*(remind_of_milestones(UnitOfWork(one, clock, posts_for)) for one in databases))
        await remind_of_milestones(work)
    finally:
        for one in databases:
            await one.close()
    told = [entry.subject for entry in await reminders(work)]
    assert len(told) == len(set(told)) == 230
    assert {task.chased for task in await rows(work, PlanTask)} == {1}


async def test_what_another_process_has_in_hand_is_passed_over(work, catalog):
    if work.database.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING)
    async with work(SYSTEM) as tx:
        assert await remind_of_due_milestones(tx, catalog) == 1
        assert await remind_of_milestones(work) == 0
    assert len(await reminders(work)) == 1


async def test_a_release_that_is_being_stopped_is_not_chased(work, catalog, people):
    if work.database.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    release = await make_release(work, State.APPROVED)
    await make_task(work, release, due_at=MORNING)
    async with work(by("U0ANN")) as tx:
        await tx.session.get(Release, release.id, with_for_update=True)
        assert await remind_of_milestones(work) == 0
    await cancel_release(work, by("U0ANN"), release.id)
    assert await remind_of_milestones(work) == 0


async def test_the_next_thing_due_is_the_earliest_open_milestone_ahead(work, clock, catalog):
    live = await make_release(work, State.APPROVED)
    stopped = await make_release(work, State.CANCELLED)
    await make_task(work, stopped, due_at=MORNING + timedelta(hours=1))
    await make_task(work, live, due_at=MORNING + timedelta(hours=5))
    await make_task(work, live, due_at=MORNING + timedelta(hours=3))
    async with work.database.reading() as session:
        assert await next_due_reminder(session, clock.now()) == MORNING + timedelta(hours=3)
        assert await next_due_reminder(session, MORNING + timedelta(hours=4)) == MORNING + timedelta(hours=5)
        assert await next_due_reminder(session, MORNING + timedelta(hours=5)) is None


async def test_stopped_plans_are_taken_out_of_what_is_looked_through(work, catalog):
    live = await make_task(work, await make_release(work, State.REQUESTED), due_at=MORNING)
    stopped = await make_task(work, await make_release(work, State.BACKED_OUT), due_at=MORNING)
    async with work.database.writing() as writing:
        await stop_reminders_of_settled(writing.session)
    assert (await get(work, live.id)).chase_at == MORNING
    assert (await get(work, stopped.id)).chase_at is None


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 120)),
        st.tuples(st.just("snooze"), st.integers(1, 100)),
        st.tuples(st.sampled_from(("done", "stop", "hand")), st.just(0)),
    ),
    max_size=12,
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
async def test_nobody_is_chased_twice_a_day_or_after_an_end(work, clock, catalog, people, steps):
    release = await make_release(work, State.APPROVED, window_start=clock.now() + timedelta(days=400))
    task = await make_task(work, release, due_at=clock.now() + timedelta(hours=10))
    told_at_end: int | None = None
    snoozed_days: set[date] = set()
    for name, hours in steps:
        match name:
            case "wait":
                clock.move(timedelta(hours=hours))
            case "snooze" if told_at_end is None:
                until = clock.now() + timedelta(hours=hours)
                await snooze_task(work, by("U0RITA"), task.id, until)
                snoozed_days.add(clock.now().astimezone(AMSTERDAM).date())
            case "done" if told_at_end is None:
                await complete_task(work, by("U0RITA"), task.id)
                told_at_end = len(await reminders(work, task.id))
            case "stop" if told_at_end is None:
                await cancel_release(work, by("U0ANN"), release.id)
                told_at_end = len(await reminders(work, task.id))
            case "hand" if told_at_end is None:
                await hand_task_over(work, by("U0RITA"), task.id, "U0SAM")
        await remind_of_milestones(work)
        now = await get(work, task.id)
        assert told_at_end is not None or now.chase_at is None or now.chase_at > clock.now()
    told = [entry for entry in await reminders(work, task.id) if not entry.facts["handed_by"]]
    days = [entry.at.astimezone(AMSTERDAM).date() for entry in told]
    unasked = [day for day in days if day not in snoozed_days]
    assert len(unasked) == len(set(unasked)), "once a day, unless somebody asked to be reminded later that day"
    assert told_at_end in (None, len(await reminders(work, task.id)))
    assert all(entry.at >= task.due_at or snoozed_days for entry in told)
