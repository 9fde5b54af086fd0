"""What time does to bookings: reminders, ends and the waiting list, each once, however late."""

import asyncio
from datetime import timedelta

import pytest

from models.environments.bookings import extend_booking
from models.environments.expiry import next_due_moment
from scheduler.bookings import process_due_bookings
from tests.conftest import MORNING, example_document, put_catalog
from tests.environments.steps import book, one, tags, told
from tests.releases.steps import by

pytestmark = pytest.mark.usefixtures("people", "catalog")


async def due(work):
    async with work.database.reading() as session:
        return await next_due_moment(session, work.clock.now())


async def test_the_holder_is_reminded_once_then_it_ends_by_itself_and_who_waits_is_served(work, clock):
    tom = await book(work, "U0TOM", 0, 20)
    ben = await book(work, "U0BEN", 10, 30)
    assert await due(work) == MORNING + timedelta(hours=19)
    clock.move(timedelta(hours=19))
    await process_due_bookings(work)
    assert await process_due_bookings(work) == 0
    assert await told(work, "booking_reminder") == [("U0TOM", "booking:1:reminder:1")]
    assert await due(work) == MORNING + timedelta(hours=20)
    clock.move(timedelta(hours=1))
    await process_due_bookings(work)
    assert ((await one(work, tom.id)).status, (await one(work, ben.id)).status) == ("ended", "booked")
    assert (await tags(work))[-2:] == ["environment:booking:expired", "environment:booking:granted"]


async def test_after_days_away_everything_happens_once_and_nothing_is_reminded_of_that_is_over(work, clock):
    await book(work, "U0TOM", 0, 20)
    lapsed = await book(work, "U0BEN", 10, 30)
    served = await book(work, "U0ANN", 12, 200)
    clock.move(timedelta(days=5))
    await asyncio.gather(*(process_due_bookings(work) for _ in range(4)))
    assert ((await one(work, lapsed.id)).status, (await one(work, served.id)).status) == ("lapsed", "booked")
    assert sorted((await tags(work))[3:]) == [
        "environment:booking:expired",
        "environment:booking:granted",
        "environment:booking:lapsed",
    ]
    assert await told(work, "booking_reminder") == []
    assert {person for person, _ in await told(work, "booking_news")} == {"U0BEN", "U0ANN"}


async def test_an_extended_booking_is_reminded_of_its_new_end(work, clock):
    tom = await book(work, "U0TOM", 0, 20)
    clock.move(timedelta(hours=19))
    await process_due_bookings(work)
    await extend_booking(work, by("U0TOM", "modal"), tom.id, MORNING + timedelta(hours=40))
    assert await due(work) == MORNING + timedelta(hours=39)
    clock.move(timedelta(hours=20))
    await process_due_bookings(work)
    assert [key for _, key in await told(work, "booking_reminder")] == [
        "booking:1:reminder:1", "booking:1:reminder:2",
    ]  # fmt: skip


async def test_a_catalog_that_makes_room_serves_who_waits(work):
    await book(work, "U0TOM")
    ben = await book(work, "U0BEN")
    assert await process_due_bookings(work) == 0
    document = example_document()
    document["environments"][0]["capacity"] = 2
    await put_catalog(work, document)
    assert await process_due_bookings(work) == 1
    assert (await one(work, ben.id)).status == "booked"


async def test_an_environment_that_left_the_catalog_still_ends_its_bookings_but_serves_nobody(work, clock):
    tom = await book(work, "U0TOM", 0, 4)
    ben = await book(work, "U0BEN", 0, 9)
    document = example_document()
    del document["environments"][0]
    await put_catalog(work, document)
    clock.move(timedelta(hours=5))
    await process_due_bookings(work)
    assert ((await one(work, tom.id)).status, (await one(work, ben.id)).status) == ("ended", "waiting")
