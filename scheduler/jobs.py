"""What happens by itself, and how often to look whether it is due.

What is due is in the database, never in a timer. A job does everything that is due by the clock it was handed, so a
run that is late, lost or doubled changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from models.kpi.digest_schedule import next_digest_at
from models.kpi.digests import queue_due_digests
from models.pipelines.watch import watch_waiting
from models.time.clock import SystemClock
from models.unit_of_work import UnitOfWork
from scheduler.approvals import chase_approvals, next_approval_chase_at
from scheduler.bookings import next_booking_change_at, process_due_bookings
from scheduler.callbacks import Callbacks
from scheduler.delivery import Delivery
from scheduler.housekeeping import clean_up
from scheduler.pipelines import next_pipeline_change_at
from scheduler.reminders import next_reminder_at, remind_of_milestones
from scheduler.windows import next_window_change_at, tell_of_windows

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger()

OFTEN = timedelta(seconds=30)
SELDOM = timedelta(hours=1)


@dataclass
class Job:
    """Something that happens by itself, one run at a time; ``next_due`` reads when it has something to do."""

    name: str
    every: timedelta
    work: Callable[[], Awaitable[object]]
    next_due: Callable[[], Awaitable[datetime | None]] | None = None
    running: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        """Do what is due. A failure is logged; the next run tries again."""
        async with self.running:
            try:
                await self.work()
            except Exception:  # the edge: nobody waits for a job, and the others must go on
                log.exception("tick_failed", job=self.name)


class JobRunner:
    """Runs the jobs of one process. Several processes may do so on one database."""

    def __init__(self, work: UnitOfWork, delivery: Delivery, callbacks: Callbacks | None = None) -> None:
        self._work = work
        self._soon: set[asyncio.Task[None]] = set()
        self._delivery = delivery
        self.directory = delivery.directory
        self._scheduler: AsyncIOScheduler | None = None
        self.jobs = (
            Job("directory", OFTEN, self.directory.refresh),
            Job("chase", OFTEN, lambda: remind_of_milestones(work), lambda: next_reminder_at(work)),
            Job("bookings", OFTEN, lambda: process_due_bookings(work), lambda: next_booking_change_at(work)),
            Job("approvals", OFTEN, lambda: chase_approvals(work), lambda: next_approval_chase_at(work)),
            Job("windows", OFTEN, lambda: tell_of_windows(work), lambda: next_window_change_at(work)),
            Job("pipelines", OFTEN, lambda: watch_waiting(work), lambda: next_pipeline_change_at(work)),
            *([Job("callbacks", OFTEN, callbacks.send_due)] if callbacks else ()),
            Job("digests", OFTEN, lambda: queue_due_digests(work), self._next_digest_at),
            Job("housekeeping", SELDOM, lambda: clean_up(work)),
        )

    def start(self) -> None:
        """Run every job now and then at its interval. Needs a running loop."""
        # Loaded as late as this because people wait for the first answer, and nobody for a job.
        from apscheduler.schedulers.asyncio import AsyncIOScheduler
        from apscheduler.triggers.interval import IntervalTrigger

        scheduler = AsyncIOScheduler(timezone=UTC)
        for job in self.jobs:
            scheduler.add_job(
                job.run,
                IntervalTrigger(seconds=int(job.every.total_seconds()), timezone=UTC),
                id=job.name,
                next_run_time=SystemClock().now(),  # the machine's time: when to look, not what is due
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        scheduler.start()
        self._scheduler = scheduler

    async def stop(self) -> None:
        """Start no more jobs, and finish those that are running."""
        if self._scheduler is None:
            return
        self._scheduler.pause()
        self.directory.stop()
        await asyncio.sleep(0)  # lets a job begin that the loop has already
        await asyncio.gather(*self._soon)
        for job in self.jobs:
            async with job.running:
                pass
        self._scheduler.shutdown(wait=False)
        self._scheduler = None
        await asyncio.sleep(0)

    def run_soon(self, name: str) -> None:
        """Run a job as soon as may be, beside its interval."""
        if self._scheduler is None or not self._scheduler.running:
            return
        for job in self.jobs:
            if job.name == name:
                task = asyncio.create_task(job.run())
                self._soon.add(task)
                task.add_done_callback(self._soon.discard)

    async def run_all(self) -> None:
        """Run every job now, for a clock that was moved."""
        for job in self.jobs:
            await job.run()
        self._delivery.wake()

    async def next_due(self) -> datetime | None:
        """When the next job has something to do; None if none has. Retries of failed calls do not count."""
        moments = [await job.next_due() for job in self.jobs if job.next_due]
        return min((moment for moment in moments if moment), default=None)

    async def _next_digest_at(self) -> datetime | None:
        async with self._work.reading() as snapshot:
            return next_digest_at(await snapshot.catalog(), snapshot.now)
