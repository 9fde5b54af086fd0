"""Ticks: every job runs, one that fails does not hold up the others, and a stop waits for what is running."""

import asyncio
from datetime import timedelta

import pytest
import structlog

from models.deduplication import SeenPayload
from models.kpi.tables import DigestRun
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.plan import PlanTask
from models.outbox import Outgoing
from models.people.directory import Person
from scheduler.delivery import Delivery
from scheduler.ticks import Ticks
from tests.conftest import MORNING
from tests.environments.steps import book
from tests.factories import insert, make_release, make_task
from tests.releases.steps import rows


@pytest.fixture
def ticks(work, catalogs, client) -> Ticks:
    return Ticks(work, catalogs, Delivery(work, catalogs, client))


async def ran(ticks: Ticks) -> None:
    """Wait until every job has been run by its tick."""
    ran_once = {job.name: asyncio.Event() for job in ticks.jobs}
    for job in ticks.jobs:
        job.work = _noting(job.work, ran_once[job.name])
    ticks.start()
    await asyncio.wait_for(asyncio.gather(*(event.wait() for event in ran_once.values())), 20)


def _noting(work, event: asyncio.Event):
    async def run():
        try:
            await work()
        finally:
            event.set()

    return run


async def test_every_job_runs_as_soon_as_ticking_begins(ticks, work, catalog):
    await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING)
    stopped = await make_task(work, await make_release(work, State.CANCELLED), due_at=MORNING)
    await insert(work, SeenPayload(key="old", at=MORNING - timedelta(days=3)))
    await ran(ticks)
    await ticks.stop()
    assert "task_reminder" in [row.message for row in await rows(work, Outgoing)]
    assert len(await rows(work, DigestRun)) == 1
    assert "U0RITA" in [person.id for person in await rows(work, Person)]
    assert await rows(work, SeenPayload) == []
    assert [task.chase_at for task in await rows(work, PlanTask) if task.id == stopped.id] == [None]


async def test_running_all_after_a_leap_of_the_clock_does_what_became_due_once(ticks, work, clock, catalog):
    await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING + timedelta(days=2))
    await ticks.run_all()
    clock.move(timedelta(days=5))
    await ticks.run_all()
    await ticks.run_all()
    assert [row.key for row in await rows(work, Outgoing) if row.message == "task_reminder"] == ["task:1:1"]


async def test_a_failing_job_is_logged_by_name_and_the_others_go_on(ticks, work, catalog):
    await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING)

    async def broken():
        raise ZeroDivisionError

    next(job for job in ticks.jobs if job.name == "directory").work = broken
    with structlog.testing.capture_logs() as logged:
        await ticks.run_all()
    assert [(entry["event"], entry["job"]) for entry in logged if entry["log_level"] == "error"] == [
        ("tick_failed", "directory")
    ]
    assert "task_reminder" in [row.message for row in await rows(work, Outgoing)]


async def test_a_stop_waits_for_the_job_that_is_running_and_none_begins_after_it(ticks):
    begun, may_end = asyncio.Event(), asyncio.Event()
    finished = []

    async def slow():
        begun.set()
        await may_end.wait()
        finished.append("slow")

    async def quick():
        pass

    for job in ticks.jobs:
        job.work = quick
    ticks.jobs[0].work = slow
    ticks.start()
    await asyncio.wait_for(begun.wait(), 20)
    stopping = asyncio.create_task(ticks.stop())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not stopping.done()
    may_end.set()
    await asyncio.wait_for(stopping, 20)
    assert finished == ["slow"]


async def test_a_stop_without_a_start_is_no_mistake(ticks):
    await ticks.stop()


async def test_one_job_runs_once_at_a_time_whoever_asks(ticks):
    running = most = 0

    async def counting():
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    for job in ticks.jobs:
        job.work = counting
    job = ticks.jobs[0]
    await asyncio.gather(job.run(), job.run(), job.run())
    assert most == 1


async def test_the_next_thing_due_is_the_next_reminder_or_digest(ticks, work, clock, catalog):
    digest = MORNING.replace(hour=8) + timedelta(days=1)  # 09:00 in Amsterdam
    assert await ticks.next_due() == digest
    await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING + timedelta(hours=3))
    assert await ticks.next_due() == MORNING + timedelta(hours=3)
    clock.move(timedelta(hours=3))
    await ticks.run_all()
    assert await ticks.next_due() == digest


async def test_a_reminder_of_a_bookings_end_is_a_next_thing_due(ticks, work, catalogs, clock, catalog):
    await book(work, catalogs, "U0TOM", 0, 10)
    assert await ticks.next_due() == MORNING + timedelta(hours=9)
    clock.move(timedelta(hours=9))
    await ticks.run_all()
    assert "booking_reminder" in [row.message for row in await rows(work, Outgoing)]
    assert await ticks.next_due() == MORNING + timedelta(hours=10)


async def test_a_request_that_waits_is_the_next_thing_due_and_is_chased(ticks, work, clock, catalog):
    await make_release(work, State.REQUESTED)
    await ticks.run_all()
    assert await ticks.next_due() == MORNING + timedelta(hours=4)
    clock.move(timedelta(hours=4))
    await ticks.run_all()
    assert "approval_notice" in [row.message for row in await rows(work, Outgoing)]


async def test_without_a_catalog_and_releases_nothing_is_due(ticks):
    assert await ticks.next_due() is None
