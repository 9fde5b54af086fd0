"""Booking, waiting in turn, extending and giving back, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from models.environments.bookings import extend_booking, give_back_booking
from models.environments.tables import Booking
from models.errors import Invalid, Refused
from models.storage.database import Database
from models.subscriptions import posts_for
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING, example_document, put_catalog
from tests.environments.steps import book, one, tags, told
from tests.factories import make_release
from tests.releases.steps import by, rows

pytestmark = pytest.mark.usefixtures("people", "catalog")


async def test_a_free_environment_is_booked_at_once_and_nobody_is_disturbed(work):
    release = await make_release(work, identifier="PAY-2026.014")
    made = await book(work, "U0TOM", release=" pay-2026.014. ", versions="pay-api 9.2", test_data="June")
    found = await one(work, made.id)
    assert (made.status, found.holder, found.release_id) == ("booked", "U0TOM", release.id)
    assert found.remind_at == MORNING + timedelta(hours=23)
    assert await tags(work) == ["environment:booking:booked"]
    assert await told(work, "booking_request") == []


async def test_where_no_place_is_free_it_waits_and_the_manager_is_asked(work):
    await book(work, "U0TOM")
    waiting = await book(work, "U0BEN", 3, 6)
    assert waiting.status == "waiting"
    assert await told(work, "booking_request") == [("U0EVA", "booking:2:asked:U0EVA")]


async def test_the_same_form_books_once(work):
    first = await book(work, "U0TOM", nonce="n")
    assert await book(work, "U0TOM", nonce="n") == first
    assert len(await rows(work, Booking)) == 1


@pytest.mark.parametrize("capacity", [1, 2])
async def test_of_many_at_the_same_instant_exactly_as_many_as_fit_get_a_place(work, capacity):
    document = example_document()
    document["environments"][0]["capacity"] = capacity
    await put_catalog(work, document)
    people = ("U0TOM", "U0BEN", "U0ANN", "U0DANA", "U0RITA", "U0SAM")
    made = await asyncio.gather(*(book(work, person) for person in people))
    assert sorted(one.status for one in made) == ["booked"] * capacity + ["waiting"] * (6 - capacity)


async def test_two_processes_want_the_last_place_and_one_gets_it(work, database_url, clock):
    other = Database(database_url)
    try:
        elsewhere = UnitOfWork(other, clock, posts_for)
        for hour in range(0, 40, 2):
            made = await asyncio.gather(
                book(work, "U0TOM", hour, hour + 2),
                book(elsewhere, "U0BEN", hour, hour + 2),
            )
            assert sorted(one.status for one in made) == ["booked", "waiting"]
    finally:
        await other.close()


async def test_the_same_form_sent_twice_at_once_books_once(work):
    made = await asyncio.gather(*(book(work, "U0TOM", nonce="n") for _ in range(6)))
    assert {one.id for one in made} == {1}
    assert len(await rows(work, Booking)) == 1


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"start": -2}, "start", "This has passed"),
        ({"start": 5, "end": 4}, "end", "ends before it starts"),
        ({"start": -9, "end": -8}, "end", "This has passed"),
        ({"environment": "staging", "end": 24 * 6}, "end", "booked for 5 days at most"),
        ({"environment": "prod"}, "environment", "services run there for the business"),
        ({"environment": "nowhere"}, "environment", "'nowhere' is not an environment"),
        ({"purpose": " "}, "purpose", "Say what you need it for"),
        ({"release": "PAY-2026.999"}, "release", "There is no release 'PAY-2026.999'"),
    ],
)
async def test_what_is_wrong_is_said_under_its_field(work, changes, field, said):
    with pytest.raises(Invalid) as refused:
        await book(work, "U0TOM", **changes)
    assert said in refused.value.problems[field]
    assert await rows(work, Booking) == []


async def test_giving_back_serves_the_oldest_request_that_fits_and_tells_them(work, clock):
    tom = await book(work, "U0TOM", 0, 24)
    await book(work, "U0DANA", 24, 30)
    too_long = await book(work, "U0BEN", 3, 26)
    ann = await book(work, "U0ANN", 4, 8)
    late = await book(work, "U0RITA", 6, 9)
    clock.move(timedelta(hours=5))
    assert (await give_back_booking(work, by("U0TOM", "command"), tom.id)).status == "ended"
    assert [(await one(work, made.id)).status for made in (too_long, ann, late)] == [
        "waiting", "booked", "waiting",
    ]  # fmt: skip
    assert (await one(work, ann.id)).start_at == clock.now()
    assert await told(work, "booking_news") == [("U0ANN", f"booking:{ann.id}:granted")]


async def test_giving_back_twice_changes_nothing_and_a_request_is_withdrawn(work):
    tom = await book(work, "U0TOM", 2, 4)
    ben = await book(work, "U0BEN", 2, 4)
    assert (await give_back_booking(work, by("U0BEN"), ben.id)).status == "withdrawn"
    assert (await give_back_booking(work, by("U0TOM"), tom.id)).status == "cancelled"
    assert (await give_back_booking(work, by("U0TOM"), tom.id)).again


async def test_the_manager_may_give_back_anybodys_and_the_holder_is_told(work):
    tom = await book(work, "U0TOM")
    with pytest.raises(Refused, match="This is for the manager of Test: Eva"):
        await give_back_booking(work, by("U0BEN"), tom.id)
    await give_back_booking(work, by("U0EVA"), tom.id)
    assert [person for person, _ in await told(work, "booking_news")] == ["U0TOM"]


async def test_the_members_of_a_group_manage_what_the_group_manages(work):
    document = example_document()
    document["environments"][0]["manager"] = "S0MANAGERS"
    await put_catalog(work, document)
    tom = await book(work, "U0TOM")
    await book(work, "U0BEN")
    assert [person for person, _ in await told(work, "booking_request")] == ["U0RITA"]
    assert (await give_back_booking(work, by("U0RITA"), tom.id)).status == "ended"


async def test_a_booking_is_extended_into_free_time(work):
    tom = await book(work, "U0TOM", 0, 4)
    await extend_booking(work, by("U0TOM", "modal"), tom.id, MORNING + timedelta(hours=6))
    found = await one(work, tom.id)
    assert (found.end_at, found.remind_at) == (MORNING + timedelta(hours=6), MORNING + timedelta(hours=5.4))


@pytest.mark.parametrize(
    ("until", "said"),
    [
        (3, "Choose a later end"),
        (6, "Ben has Staging after you"),
        (24 * 5 + 1, "booked for 5 days at most"),
    ],
)
async def test_an_extension_is_refused_with_the_reason(work, until, said):
    tom = await book(work, "U0TOM", 0, 4, environment="staging")
    await book(work, "U0BEN", 5, 8, environment="staging")
    with pytest.raises(Invalid, match=said):
        await extend_booking(work, by("U0TOM"), tom.id, MORNING + timedelta(hours=until))


async def test_nobody_extends_past_somebody_who_waits(work):
    tom = await book(work, "U0TOM", 0, 4)
    await book(work, "U0BEN", 3, 8)
    with pytest.raises(Invalid, match="Ben waits for Test after you"):
        await extend_booking(work, by("U0TOM"), tom.id, MORNING + timedelta(hours=5))
