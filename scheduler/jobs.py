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

from models.releases.plan.reminders import next_chase_at
from models.time.clock import SystemClock
from models.unit_of_work import UnitOfWork
from scheduler.approvals import chase_approvals, next_approval_chase_at
from scheduler.bookings import mind_bookings, next_booking_at
from scheduler.delivery import Delivery
from scheduler.digests import next_digest_at, post_digests
from scheduler.housekeeping import tidy
from scheduler.reminders import chase

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = structlog.get_logger()

OFTEN = timedelta(seconds=30)
SELDOM = timedelta(hours=1)


@dataclass
class Job:
    """Something that happens by itself, one run at a time."""

    name: str
    every: timedelta
    work: Callable[[], Awaitable[object]]
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

    def __init__(self, work: UnitOfWork, delivery: Delivery) -> None:
        self._work = work
        self._delivery = delivery
        self.directory = delivery.directory
        self._scheduler: AsyncIOScheduler | None = None
        self.jobs = (
            Job("directory", OFTEN, self.directory.refresh),
            Job("chase", OFTEN, lambda: chase(work)),
            Job("bookings", OFTEN, lambda: mind_bookings(work)),
            Job("approvals", OFTEN, lambda: chase_approvals(work)),
            Job("digests", OFTEN, lambda: post_digests(work)),
            Job("housekeeping", SELDOM, lambda: tidy(work)),
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
        for job in self.jobs:
            async with job.running:
                pass
        self._scheduler.shutdown(wait=False)
        self._scheduler = None
        await asyncio.sleep(0)

    async def run_all(self) -> None:
        """Run every job now, for a clock that was moved."""
        for job in self.jobs:
            await job.run()
        self._delivery.wake()

    async def next_due(self) -> datetime | None:
        """When the next job has something to do; None if none has. Retries of failed calls do not count."""
        async with self._work.reading() as snapshot:
            chased = await next_chase_at(snapshot.session, snapshot.now)
        moments = (
            chased,
            await next_approval_chase_at(self._work),
            await next_booking_at(self._work),
            await next_digest_at(self._work),
        )
        return min((moment for moment in moments if moment), default=None)
