"""Releases that were requested before releases had activities and criteria."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, text
from sqlmodel import select

from models.catalog.document import Catalog
from models.catalog.revisions import CatalogRevision
from models.lifecycle.tables.activities import Activities, Criterion
from models.migrations.upgrade import migrate, upgrade
from models.storage.database import Database
from tests.conftest import example_document
from tests.migrations.test_waiting_requests import REQUEST

AT = datetime(2026, 1, 1, tzinfo=UTC)

BEGIN = """
INSERT INTO release_activities (release_id, turns, test_strategy, test_plan, fit_for_purpose, fit_for_use, services,
    restored, worked, review)
SELECT id, 4, 'Test it', '', '', '', '[]', '', '', '' FROM "release" WHERE name = 'building'
"""


@pytest.fixture
async def older(empty_url):
    """A database with a release in each of four states; only the one that is being built has activities."""
    database = Database(empty_url)
    async with database.writing() as writing:
        await writing.connection.run_sync(migrate, "0001")
        for state in ("requested", "approved", "building", "cancelled"):
            moment = "2026-01-01 00:00:00.000000" if database.is_sqlite else AT
            await writing.connection.execute(text(REQUEST), {"name": state, "state": state, "at": moment})
        await writing.connection.run_sync(migrate, "0011")
        await writing.connection.execute(text(BEGIN))
    yield database
    await database.close()


async def read(database) -> tuple[dict[int, Activities], list[tuple[int, str, int, str]]]:
    async with database.reading() as session:
        activities = {row.release_id: row for row in (await session.exec(select(Activities))).all()}
        criteria = (await session.exec(select(Criterion).order_by(Criterion.id))).all()
    assert {(row.outcome, row.grounds, row.settled_by) for row in criteria} <= {("", "", None)}
    return activities, [(row.release_id, row.gate, row.position, row.text) for row in criteria]


async def test_older_releases_get_the_criteria_that_the_catalog_has_now(older):
    document = Catalog.model_validate(example_document()).model_dump(mode="json", by_alias=True)
    async with older.writing() as writing:
        for applied in ({}, document):
            row = {"applied_at": AT, "applied_by": "U0PETRA", "document": applied}
            await writing.connection.execute(insert(CatalogRevision).values(**row))
    await upgrade(older)
    activities, criteria = await read(older)
    assert [(one, row.turns, row.test_strategy, row.services) for one, row in sorted(activities.items())] == [
        (1, 0, "", []),
        (2, 0, "", []),
        (3, 4, "Test it", []),
        (4, 0, "", []),
    ]
    pay = example_document()["services"][0]["criteria"]
    gates = {**pay, "exit": [*pay["exit"], "Document delivered: release notes"]}
    expected = [
        (gate, position, said)
        for gate in ("entry", "exit", "early_life_support")
        for position, said in enumerate(gates[gate])
    ]
    assert criteria == [(release, *one) for release in (1, 2) for one in expected]


async def test_without_a_catalog_older_releases_get_no_criteria(older):
    await upgrade(older)
    activities, criteria = await read(older)
    assert sorted(activities) == [1, 2, 3, 4]
    assert criteria == []
