"""How long a clearance takes beside an approval: both as use cases, on a database with other releases in it."""

import statistics
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from sqlmodel import col, select, update

from bench.clicks import APPROVERS, seed
from models.events import SYSTEM, Actor
from models.lifecycle.access import LoadedRelease
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Release
from models.releases.activities.start_clearance import clearance_to_start
from models.releases.approval.approve import approve_release
from models.storage.database import Database
from models.subscriptions import posts_for
from models.time.clock import SystemClock
from models.unit_of_work import UnitOfWork

RELEASES = 500

ASKED = 400


async def compare(folder: Path, database_url: str) -> tuple[float, float]:
    """Milliseconds of a clearance and of an approval, medians."""
    url = database_url or f"sqlite:///{folder / 'clearance.db'}"
    await seed(url, RELEASES)
    database = Database(url)
    work = UnitOfWork(database, SystemClock(), posts_for)
    approvals = [await _timed(lambda n=n: _approve(work, n)) for n in range(ASKED)]
    async with work(SYSTEM) as tx:
        now = tx.now
        ready = {"state": State.READY, "window_start": now, "window_end": now + timedelta(hours=2)}
        await tx.session.exec(update(Release).where(col(Release.approved_at).is_not(None)).values(**ready))
        ids = (await tx.session.exec(select(Release.id).where(col(Release.state) == State.READY))).all()
    clearances = [await _timed(lambda n=n: _ask(work, ids[n % len(ids)])) for n in range(ASKED)]
    await database.close()
    return statistics.median(clearances), statistics.median(approvals)


async def _approve(work: UnitOfWork, number: int) -> None:
    await approve_release(work, Actor(person=APPROVERS[number % 2], surface="button"), number // 2 + 1, 1)


async def _ask(work: UnitOfWork, release_id: int) -> None:
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        release = await snapshot.session.get_one(Release, release_id)
        service = catalog.by_key[release.service]
        await clearance_to_start(snapshot, LoadedRelease(release, service, catalog), service)


async def _timed(act: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await act()
    return (time.perf_counter() - began) * 1000
