"""A finding names another release: one person decides on it while another moves or stops that release."""

import asyncio

import pytest
from sqlalchemy import text

from models.lifecycle.tables.findings import ReleaseFinding
from models.releases.approval.waivers import waive
from models.releases.policy.stored_findings import lock_findings
from models.releases.request.cancel import cancel_release
from models.storage.database import Database
from tests.releases.steps import by, requested, rows

pytestmark = pytest.mark.usefixtures("people", "catalog")

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def until_somebody_waits(database: Database, *tasks: "asyncio.Task[object]") -> None:
    """Wait until one of ``tasks`` waits for a lock, or all are done."""
    while not all(task.done() for task in tasks):
        await asyncio.sleep(0)
        async with database.reading() as session:
            if (await session.exec(WAITING)).scalar_one():
                return


async def test_a_waiver_stays_when_the_release_it_is_about_is_cancelled_at_that_moment(work):
    named = await requested(work, nonce="pay")
    other = await requested(work, nonce="web", service="WEB")
    if work.database.is_sqlite:
        pytest.skip("SQLite has one writer")
    async with work(by("U0RITA")) as tx:
        (finding,) = await lock_findings(tx, other)
        cancelling = asyncio.create_task(cancel_release(work, by("U0ANN"), named))
        await until_somebody_waits(work.database, cancelling)
        finding.waived_by, finding.waived_at, finding.reason = "U0RITA", tx.now, "Known"
    await cancelling
    assert [(one.release_id, one.reason) for one in await rows(work, ReleaseFinding)] == [(other, "Known")]


async def test_a_collision_that_goes_while_it_is_waived_is_gone(work):
    named = await requested(work, nonce="pay")
    other = await requested(work, nonce="web", service="WEB")
    if work.database.is_sqlite:
        pytest.skip("SQLite has one writer")
    async with work(by("U0RITA")) as tx:
        (finding,) = await lock_findings(tx, other)
        await tx.session.delete(finding)
        await tx.session.flush()
        waiving = asyncio.create_task(waive(work, by("U0SAM"), other, 1, "Known"))
        await until_somebody_waits(work.database, waiving)
    with pytest.raises(Exception, match="Nothing is left to waive"):
        await waiving
    assert named
    assert await rows(work, ReleaseFinding) == []
