"""Transactions that wish for the same messages, each for its own first, do not wait for each other in a circle."""

import asyncio

import pytest
from sqlalchemy import text

from models import outbox
from models.events import SYSTEM
from models.outbox import Outgoing, Post
from tests.releases.steps import rows

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def cards(*keys: str) -> list[Post]:
    return [Post(key=key, message="release_card") for key in keys]


async def wish(work, *keys: str) -> None:
    async with work(SYSTEM) as tx:
        tx.wish(cards(*keys))


async def until_waiting(work, number: int) -> None:
    """Wait until so many transactions wait for a lock."""
    async with work.database.reading() as session:
        while (await session.exec(WAITING)).scalar_one() < number:
            await session.rollback()


@pytest.mark.parametrize("again", [False, True], ids=["wished", "wanted again"])
async def test_two_that_wish_for_each_others_cards_both_come_through(work, again):
    await wish(work, "card:1", "card:2")
    if work.database.is_sqlite:
        pytest.skip("SQLite has one writer")

    async def other_way_round() -> None:
        if again:
            async with work(SYSTEM) as tx:
                await outbox.want_again(tx.session, ["card:2", "card:1"], tx.now)
        else:
            await wish(work, "card:2", "card:1")

    async with work.database.writing() as holding:
        await holding.connection.execute(text("SELECT id FROM outbox WHERE key = 'card:2' FOR UPDATE"))
        second = asyncio.create_task(other_way_round())
        await until_waiting(work, 1)
        first = asyncio.create_task(wish(work, "card:1", "card:2"))
        await until_waiting(work, 2)
    await asyncio.gather(first, second)
    assert [one.wanted for one in await rows(work, Outgoing)] == [3, 3]


async def test_many_that_wish_for_a_message_that_stands_and_for_one_that_does_not_yet_all_come_through(work):
    await wish(work, "checklist")
    for number in range(6):
        await asyncio.gather(*(wish(work, "checklist", f"card:{number}") for _ in range(12)))
    wanted = {one.key: one.wanted for one in await rows(work, Outgoing)}
    assert wanted == {"checklist": 73, **{f"card:{number}": 12 for number in range(6)}}


async def test_however_many_messages_are_wished_for_the_locks_are_few(work):
    if work.database.is_sqlite:
        pytest.skip("SQLite has one writer")
    async with work.database.writing() as writing:
        await outbox.want(writing, cards(*(f"card:{number}" for number in range(1_000))), work.clock.now())
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        assert 200 < (await writing.connection.execute(text(query))).scalar_one() <= 256


async def test_wishes_keep_the_order_in_which_they_came(work):
    await wish(work, "b", "a")
    assert [one.key for one in await rows(work, Outgoing)] == ["b", "a"]
