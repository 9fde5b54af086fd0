"""Takes what is due from the outbox and sends it: each message once, and always its latest state.

A row is claimed before it is sent, so that a kill at any moment leaves it to be claimed again.
"""

import asyncio
import contextlib
from datetime import timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from models import outbox
from models.outbox import Exclusions, Outgoing
from models.unit_of_work import UnitOfWork
from scheduler.destinations import UPDATE
from scheduler.directory import Directory
from scheduler.rate_limits import RateLimits
from scheduler.sending import Sender

log = structlog.get_logger()

BATCH = 20
LEASE = timedelta(seconds=45)
"""How long a claim holds: longer than a call may take, short enough that a crash delays little."""

SWEEP = 5.0
"""Seconds after which to look without being woken, in case a wake-up was lost."""

GATHER = 0.05
"""Seconds between waking and looking, in which the changes of a burst come together."""

CROWDED = 0.25
"""The same while more is due than Slack's rate limits let go."""


class Delivery:
    """Delivers the outbox of one workspace; several may run beside each other on one database."""

    def __init__(self, work: UnitOfWork, client: AsyncWebClient) -> None:
        self._work = work
        self.directory = Directory(work, client)
        self._limits = RateLimits()
        self._sender = Sender(work, client, self.directory, self._limits)
        self._crowded = False
        self._woken = asyncio.Event()
        self._stopping = False
        self._in_hand: set[int] = set()
        self.idle = asyncio.Event()
        work.when_committed(self.wake)

    def wake(self) -> None:
        """Look at the outbox now."""
        self.idle.clear()
        self._woken.set()

    async def run(self) -> None:
        """Deliver until :meth:`stop`, also after the database was away."""
        while not self._stopping:
            self._woken.clear()
            try:
                while await self.deliver_due() and not self._stopping:
                    pass
            except Exception:  # the edge: delivery outlives a database or network that is away
                log.exception("delivery_failed")
            if not self._woken.is_set():
                self.idle.set()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), await self._nap())
            if not self._stopping:
                await asyncio.sleep(CROWDED if self._crowded else GATHER)

    async def take_over(self) -> None:
        """End the claims of a process that was killed, unless another process uses the database."""
        if await self._work.database.is_alone():
            async with self._work.database.writing() as writing:
                await outbox.end_claims(writing)

    def stop(self) -> None:
        """Finish the calls in flight and end :meth:`run`; what is not sent stays in the outbox."""
        self._stopping = True
        self._woken.set()

    async def deliver_due(self) -> int:
        """Claim one batch of what is due and send it; returns how many rows that were."""
        rows = await self._claim()
        lanes: dict[str, list[Outgoing]] = {}
        for row in rows:
            lanes.setdefault(str(row.release_id or row.recipient), []).append(row)
        self._in_hand.update(row.id for row in rows)
        try:
            await asyncio.gather(*(self._one_after_another(lane) for lane in lanes.values()))
        finally:
            self._in_hand.difference_update(row.id for row in rows)
        return len(rows)

    async def _claim(self) -> list[Outgoing]:
        now = self._work.clock.now()
        without = Exclusions(
            rows=frozenset(self._in_hand),
            updates=self._limits.is_full(UPDATE, "", now),
            channels=tuple(self._limits.full_channels(now)),
        )
        self._crowded = without.updates or bool(without.channels)
        async with self._work.database.writing() as writing:
            return await outbox.claim(writing.session, now, LEASE, BATCH, without)

    async def _one_after_another(self, rows: list[Outgoing]) -> None:
        for row in rows:
            await self._sender.send(row)

    async def _nap(self) -> float:
        """Seconds until something is due."""
        if self._crowded:
            return CROWDED
        try:
            async with self._work.reading() as snapshot:
                due = await outbox.next_due(snapshot.session)
        except Exception:  # the edge: see run
            return SWEEP
        wait = (due - self._work.clock.now()).total_seconds() if due else SWEEP
        return min(max(wait, 0.05), SWEEP)
