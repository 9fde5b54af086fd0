"""Releases of every state get the rules of their round at the upgrade."""

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from models.lifecycle.lifecycle import State
from models.lifecycle.tables.approvals import Round
from models.migrations.upgrade import migrate, upgrade
from models.storage.database import Database

RELEASE = """
INSERT INTO "release" (identifier, name, service, type, title, description, changes, window_start, window_end,
    method, back_out_plan, requester, state, round, form, requested_at, state_since, approved_at)
VALUES (:name, :name, 'PAY', :type, 'A', 'B', '[]', :at, :at, 'rolling', 'C', 'U0ANN', :state, 3, :name, :at, :at,
    :approved)
"""

REVISION = "INSERT INTO catalog_revision (applied_at, applied_by, document) VALUES (:at, 'system', :document)"

UNDECIDED = {State.REQUESTED, State.CHANGES_REQUESTED, State.EXPIRED}
STOPPED = {State.REJECTED, State.CANCELLED}


def catalog(count, *types, **policy):
    kinds = {name: {"approvals": {"test_manager": count, "owner": 1}, "afterwards": None} for name in types}
    return json.dumps({"services": [{"key": "PAY", "policy": {"types": kinds, **policy}}]})


@pytest.fixture
async def old(empty_url):
    """A database from before rounds had rules, with a catalog of January and one of March."""
    database = Database(empty_url)

    def day(month):
        return (
            f"2026-{month:02d}-01 00:00:00.000000" if database.is_sqlite else datetime(2026, month, 1, tzinfo=UTC)
        )

    async with database.writing() as writing:
        await writing.connection.run_sync(migrate, "0012")
        for month, document in (
            (1, catalog(1, "minor", "gone", approval={"one_rejection_stops": False})),
            (3, catalog(2, "minor")),
        ):
            await writing.connection.execute(text(REVISION), {"at": day(month), "document": document})
        for state in State:
            approved = None if state in UNDECIDED | STOPPED else day(2)
            facts = {"name": state, "type": "minor", "state": state, "at": day(2), "approved": approved}
            await writing.connection.execute(text(RELEASE), facts)
        for kind in ("gone", "unknown"):
            facts = {"name": kind, "type": kind, "state": "requested", "at": day(2), "approved": None}
            await writing.connection.execute(text(RELEASE), facts)
    yield database
    await database.close()


async def test_undecided_releases_get_the_rules_in_force_and_all_others_those_of_their_day(old):
    await upgrade(old)
    async with old.reading() as session:
        rows = (await session.exec(select(Round).order_by(col(Round.release_id)))).all()
    states = [*State]
    assert [row.release_id for row in rows] == list(range(1, len(states) + 2))
    assert {row.round for row in rows} == {3}
    for row, state in zip(rows, states, strict=False):
        assert row.required == {"test_manager": 2 if state in UNDECIDED else 1, "owner": 1}, state
        assert list(row.required) == ["test_manager", "owner"]
        assert row.one_rejection_stops is (state in UNDECIDED)
        assert (row.later, row.authors, row.risk) == (None, [], "")
        assert row.material["title"] == "unless_spelling"
    assert rows[-1].required == {"test_manager": 1, "owner": 1}
