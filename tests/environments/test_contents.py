"""Deployments and people record what is in an environment."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import event

from models.environments import queries
from models.environments.contents import contents, record_contents
from models.environments.stated_contents import state_contents
from models.errors import Invalid, Refused
from models.events import SYSTEM
from models.releases.activities.deploy import back_out
from tests.conftest import MORNING
from tests.environments.steps import book, tags
from tests.releases.steps import by, deployed

pytestmark = pytest.mark.usefixtures("people", "catalog")

EVA = by("U0EVA", "modal")


async def found(work, key: str) -> dict[str, tuple[str, str]]:
    async with work.reading() as snapshot:
        lines = await contents(snapshot.session, await snapshot.catalog(), key)
    return {line.ci: (line.version, line.release) for line in lines}


async def test_production_begins_with_what_the_catalog_says(work):
    assert (await found(work, "prod"))["pay-db"] == ("15.4", "")
    assert await found(work, "test") == {}


async def test_a_deployed_release_is_in_production_until_it_is_backed_out(work):
    first = await deployed(work, nonce="1")
    later = MORNING + timedelta(days=15)
    window = {"window_start": later, "window_end": later + timedelta(hours=2)}
    await deployed(work, nonce="2", title="Card payments 9.3", **window)
    assert (await found(work, "prod"))["PAY"] == ("PAY-2026.002", "PAY-2026.002")
    await back_out(work, by("U0DANA", "modal"), 2, "It fails", "Card payments 9.2")
    assert (await found(work, "prod"))["PAY"] == ("PAY-2026.001", "PAY-2026.001")
    assert first == 1
    assert await tags(work) == ["environment:content:recorded"] * 2 + ["environment:content:taken_back"]


async def test_the_newest_version_of_an_item_counts(work):
    for version in ("9.2.0", "9.3.0"):
        async with work(SYSTEM) as tx:
            record_contents(tx, "test", {"pay-api": version, "pay-db": "15.4"}, None)
    assert await found(work, "test") == {"pay-api": ("9.3.0", ""), "pay-db": ("15.4", "")}


async def test_what_was_there_before_is_not_read_through(work):
    """However many deployments there were, the index leads to the newest version of each item."""
    statements = []
    for number in range(30):
        async with work(SYSTEM) as tx:
            record_contents(tx, "test", {"pay-api": f"9.{number}", "pay-db": "15.4"}, None)

    def keep(_connection, _cursor, statement, parameters, *_):
        statements.append((statement, parameters))

    async with work.reading() as snapshot:
        engine = (await snapshot.session.connection()).sync_engine
        event.listen(engine, "before_cursor_execute", keep)
        try:
            lines = await contents(snapshot.session, await snapshot.catalog(), "test")
        finally:
            event.remove(engine, "before_cursor_execute", keep)
        assert [(line.ci, line.version) for line in lines] == [("pay-api", "9.29"), ("pay-db", "15.4")]
        statement, parameters = next(one for one in statements if "environment_content" in one[0])
        if work.database.is_sqlite:
            explained = await (await snapshot.session.connection()).exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
            assert not [step for *_, step in explained.all() if step.startswith("SCAN environment_content")]


async def test_what_somebody_says_stands_until_somebody_or_a_deployment_says_else(work):
    await state_contents(work, EVA, "test", "pay-api 9.2.0\nPayments database: 15.5,\nPAY main", "June")
    assert await found(work, "test") == {
        "pay-api": ("9.2.0", ""), "pay-db": ("15.5", ""), "PAY": ("main", ""),
    }  # fmt: skip
    await state_contents(work, EVA, "test", "pay-db -", "June")
    assert set(await found(work, "test")) == {"pay-api", "PAY"}
    before = await tags(work)
    await state_contents(work, EVA, "test", "pay-api 9.2.0", "June")
    assert await tags(work) == before


async def test_test_data_is_what_was_said_or_asked_for_last(work, clock):
    await book(work, "U0TOM", 0, 4, test_data="October")
    assert await data_now(work) == ("October", "Tom", True)
    clock.move(timedelta(hours=1))
    await state_contents(work, by("U0TOM", "modal"), "test", "", "November")
    assert await data_now(work) == ("November", "Tom", False)
    await book(work, "U0BEN", 5, 6, test_data="December")
    assert await data_now(work) == ("November", "Tom", False)
    clock.move(timedelta(hours=5))
    assert await data_now(work) == ("December", "Ben", True)
    await state_contents(work, EVA, "test", "", "")
    assert await data_now(work) is None


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        ("pay-api", "is only one word"),
        ("pay-apo 9.2", "no item or service 'pay-apo'. Did you mean pay-api?"),
        ("pay-api " + "9" * 61, "longer than 60 characters"),
        ("pay-api 9.2\n" * 200, "the most"),
    ],
)
async def test_versions_that_cannot_be_read_are_said_under_their_field(work, versions, said):
    with pytest.raises(Invalid) as wrong:
        await state_contents(work, EVA, "test", versions, "")
    assert said in wrong.value.problems["versions"]
    assert await found(work, "test") == {}


async def test_only_the_manager_and_who_has_it_now_say_what_is_in_it_and_nobody_in_production(work):
    await book(work, "U0TOM", 1, 4)
    for person in ("U0TOM", "U0BEN"):
        with pytest.raises(Refused, match="for who has Test now, and for its manager: Eva"):
            await state_contents(work, by(person), "test", "pay-api 9", "")
    with pytest.raises(Refused, match="recorded by the deployments"):
        await state_contents(work, EVA, "prod", "pay-api 9", "")


async def test_the_same_said_twice_at_once_is_recorded_once(work):
    await asyncio.gather(*(state_contents(work, EVA, "test", "pay-api 9.2", "June") for _ in range(4)))
    assert await tags(work) == ["environment:content:recorded"]


async def data_now(work):
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        data = await queries.current_test_data(snapshot.session, catalog, "test", work.clock.now())
    return (data.name, data.person_name, data.asked_for) if data else None
