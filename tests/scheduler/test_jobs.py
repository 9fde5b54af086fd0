"""Every job runs, one that fails does not hold up the others, and a stop waits for what is running."""

import asyncio
from datetime import timedelta

import pytest
import structlog

from models.deduplication import CarriedOut
from models.kpi.tables import DigestRun
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.plan import PlanTask
from models.membership.tables import Person
from models.outbox import Outgoing
from scheduler.delivery import Delivery
from scheduler.jobs import JobRunner
from tests.conftest import MORNING
from tests.environments.steps import book
from tests.factories import insert, make_release, make_task
from tests.releases.steps import rows


@pytest.fixture
def jobs(work, client) -> JobRunner:
    return JobRunner(work, Delivery(work, client))


async def ran(jobs: JobRunner) -> None:
    """Wait until every job has run."""
    ran_once = {job.name: asyncio.Event() for job in jobs.jobs}
    for job in jobs.jobs:
        job.work = _noting(job.work, ran_once[job.name])
    jobs.start()
    await asyncio.wait_for(asyncio.gather(*(event.wait() for event in ran_once.values())), 20)


def _noting(work, event: asyncio.Event):
    async def run():
        try:
            await work()
        finally:
            event.set()

    return run


async def test_every_job_runs_as_soon_as_ticking_begins(jobs, work, catalog):
    await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING)
    stopped = await make_task(work, await make_release(work, State.CANCELLED), due_at=MORNING)
    await insert(work, CarriedOut(key="old", at=MORNING - timedelta(days=3)))
    await ran(jobs)
    await jobs.stop()
    assert "task_reminder" in [row.message for row in await rows(work, Outgoing)]
    assert len(await rows(work, DigestRun)) == 1
    assert "U0RITA" in [person.id for person in await rows(work, Person)]
    assert await rows(work, CarriedOut) == []
    assert [task.chase_at for task in await rows(work, PlanTask) if task.id == stopped.id] == [None]


async def test_running_all_after_a_leap_of_the_clock_does_what_became_due_once(jobs, work, clock, catalog):
    await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING + timedelta(days=2))
    await jobs.run_all()
    clock.move(timedelta(days=5))
    await jobs.run_all()
    await jobs.run_all()
    assert [row.key for row in await rows(work, Outgoing) if row.message == "task_reminder"] == ["task:1:1"]


async def test_a_failing_job_is_logged_by_name_and_the_others_go_on(jobs, work, catalog):
    await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING)

    async def broken():
        raise ZeroDivisionError

    next(job for job in jobs.jobs if job.name == "directory").work = broken
    with structlog.testing.capture_logs() as logged:
        await jobs.run_all()
    assert [(entry["event"], entry["job"]) for entry in logged if entry["log_level"] == "error"] == [
        ("tick_failed", "directory")
    ]
    assert "task_reminder" in [row.message for row in await rows(work, Outgoing)]


async def test_a_stop_waits_for_the_job_that_is_running_and_none_begins_after_it(jobs):
    begun, may_end = asyncio.Event(), asyncio.Event()
    finished = []

    async def slow():
        begun.set()
        await may_end.wait()
        finished.append("slow")

    async def quick():
        pass

    for job in jobs.jobs:
        job.work = quick
    jobs.jobs[0].work = slow
    jobs.start()
    await asyncio.wait_for(begun.wait(), 20)
    stopping = asyncio.create_task(jobs.stop())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not stopping.done()
    may_end.set()
    await asyncio.wait_for(stopping, 20)
    assert finished == ["slow"]


async def test_a_stop_without_a_start_is_no_mistake(jobs):
    await jobs.stop()


async def test_one_job_runs_once_at_a_time_whoever_asks(jobs):
    running = most = 0

    async def counting():
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    for job in jobs.jobs:
        job.work = counting
    job = jobs.jobs[0]
    await asyncio.gather(job.run(), job.run(), job.run())
    assert most == 1


async def test_the_next_thing_due_is_the_next_reminder_or_digest(jobs, work, clock, catalog):
    digest = MORNING.replace(hour=8) + timedelta(days=1)  # 09:00 in Amsterdam
    assert await jobs.next_due() == digest
    await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING + timedelta(hours=3))
    assert await jobs.next_due() == MORNING + timedelta(hours=3)
    clock.move(timedelta(hours=3))
    await jobs.run_all()
    assert await jobs.next_due() == digest


async def test_a_reminder_of_a_bookings_end_is_a_next_thing_due(jobs, work, clock, catalog):
    await book(work, "U0TOM", 0, 10)
    assert await jobs.next_due() == MORNING + timedelta(hours=9)
    clock.move(timedelta(hours=9))
    await jobs.run_all()
    assert "booking_reminder" in [row.message for row in await rows(work, Outgoing)]
    assert await jobs.next_due() == MORNING + timedelta(hours=10)


async def test_a_request_that_waits_is_the_next_thing_due_and_is_chased(jobs, work, clock, catalog):
    await make_release(work, State.REQUESTED)
    await jobs.run_all()
    assert await jobs.next_due() == MORNING + timedelta(hours=4)
    clock.move(timedelta(hours=4))
    await jobs.run_all()
    assert "approval_notice" in [row.message for row in await rows(work, Outgoing)]


async def test_without_a_catalog_and_releases_nothing_is_due(jobs):
    assert await jobs.next_due() is None
