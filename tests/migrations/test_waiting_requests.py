"""Requests that were waiting before chasing was introduced."""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlmodel import select

from models.lifecycle.tables.approvals import ApprovalChase
from models.migrations.upgrade import migrate, upgrade
from models.storage.database import Database
from models.time.clock import SystemClock

REQUEST = """
INSERT INTO "release" (identifier, name, service, type, title, description, changes, window_start, window_end,
    method, back_out_plan, requester, state, round, form, requested_at, state_since)
VALUES (:name, :name, 'PAY', 'minor', 'A', 'B', '[]', :at, :at, 'rolling', 'C', 'U0ANN', :state, 1, :name, :at, :at)
"""


async def test_a_request_that_waits_already_is_chased_as_if_it_were_new(empty_url):
    database = Database(empty_url)
    async with database.writing() as writing:
        await writing.connection.run_sync(migrate, "0001")
        for state in ("requested", "approved"):
            at = datetime(2026, 1, 1, tzinfo=UTC)
            moment = "2026-01-01 00:00:00.000000" if database.is_sqlite else at
            await writing.connection.execute(text(REQUEST), {"name": state, "state": state, "at": moment})
    before = SystemClock().now()
    await upgrade(database)
    async with database.reading() as session:
        (row,) = (await session.exec(select(ApprovalChase))).all()
    assert (row.release_id, row.round, row.revision, row.next_at) == (1, 1, 0, None)
    assert abs((row.since - before).total_seconds()) < 60
    await database.close()
