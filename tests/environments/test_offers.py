"""Offers of another time: held, answered or not, on both databases."""

import asyncio
from datetime import timedelta

import pytest

from models.environments.arbitration import grant_if_free, grant_request, refuse_request
from models.environments.bookings import extend_booking, give_back_booking
from models.environments.expiry import environments_due, next_due_moment
from models.environments.offers import decline_offer, next_free_time, offer_time, take_offer
from models.errors import Invalid, Refused
from models.storage.database import Database
from models.subscriptions import posts_for
from models.unit_of_work import UnitOfWork
from scheduler.bookings import process_due_bookings
from tests.conftest import MORNING, example_document, put_catalog
from tests.environments.steps import book, one, tags, told
from tests.releases.steps import by

pytestmark = pytest.mark.usefixtures("people", "catalog")

EVA = by("U0EVA")

BEN = by("U0BEN")


def hours(count: float):
    return MORNING + timedelta(hours=count)


@pytest.fixture
async def ben(work) -> int:
    """Tom has a day, Ben waits for some of it, and Eva has offered him six hours of the day after."""
    await book(work, "U0TOM", 0, 24)
    number = (await book(work, "U0BEN", 6, 12)).id
    await offer_time(work, EVA, number, hours(24), hours(30))
    return number


async def test_the_next_free_time_is_proposed_and_held_for_a_day_at_most(work):
    await book(work, "U0TOM", 0, 24)
    waiting = await book(work, "U0BEN", 6, 12)
    _, free = await next_free_time(work, EVA, waiting.id)
    assert (free.start, free.end, free.held_until) == (hours(24), hours(30), hours(24))


async def test_an_offered_time_is_held_and_taken_by_whom_it_was_offered_to(work, ben):
    ann = await book(work, "U0ANN", 25, 26)
    assert ann.status == "waiting"
    with pytest.raises(Refused, match="somebody else"):
        await take_offer(work, by("U0TOM"), ben, 1)
    await take_offer(work, BEN, ben, 1)
    found = await one(work, ben)
    assert (found.status, found.start_at, found.end_at) == ("booked", hours(24), hours(30))
    assert (found.held_until, found.proposed_start, found.offer_outcome) == (None, None, "taken")
    assert (await one(work, ann.id)).status == "waiting"


async def test_what_is_taken_cannot_be_offered_nor_be_held_in_the_past_or_too_long(work):
    await book(work, "U0TOM", 0, 24)
    waiting = (await book(work, "U0BEN", 6, 12)).id
    for start, end, held, field, said in (
        (20, 26, None, "start", "taken then as well"),
        (24, 30, 0, "held", "This has passed"),
        (24, 30, 31, "held", "over then"),
    ):
        until = None if held is None else hours(held)
        with pytest.raises(Invalid, match=said) as wrong:
            await offer_time(work, EVA, waiting, hours(start), hours(end), until)
        assert set(wrong.value.problems) == {field}


async def test_a_held_time_is_nobody_elses_to_be_offered_granted_or_extended_into(work, ben):
    sam = (await book(work, "U0SAM", 25, 27)).id
    assert [found.id for found in (await grant_if_free(work, EVA, sam)).in_the_way] == [ben]
    with pytest.raises(Invalid, match="taken then as well"):
        await offer_time(work, EVA, sam, hours(26), hours(28))
    with pytest.raises(Invalid, match="still no place"):
        await grant_request(work, EVA, sam)
    with pytest.raises(Invalid, match="Ben has been offered Test after you"):
        await extend_booking(work, by("U0TOM"), 1, hours(25))


async def test_the_manager_may_give_a_held_time_to_somebody_else_and_both_are_told(work, ben):
    sam = (await book(work, "U0SAM", 25, 27)).id
    await grant_request(work, EVA, sam, [ben])
    found = await one(work, ben)
    assert (found.status, found.held_until, found.offer_outcome) == ("waiting", None, "withdrawn")
    assert [key for _, key in await told(work, "booking_news")] == [
        f"booking:{ben}:offer_withdrawn:1", f"booking:{sam}:granted",
    ]  # fmt: skip
    with pytest.raises(Refused, match="not held for you any more"):
        await take_offer(work, BEN, ben, 1)


async def test_declining_frees_the_time_for_who_waits_for_it(work, ben):
    ann = await book(work, "U0ANN", 25, 26)
    await decline_offer(work, BEN, ben, 1)
    assert [(await one(work, number)).status for number in (ben, ann.id)] == ["waiting", "booked"]


async def test_an_offer_lapses_by_itself_and_frees_the_time(work, clock, ben):
    await offer_time(work, EVA, ben, hours(24), hours(30), hours(4))
    ann = await book(work, "U0ANN", 25, 26)
    async with work.database.reading() as session:
        assert await next_due_moment(session, clock.now()) == hours(4)
    clock.move(timedelta(hours=4))
    with pytest.raises(Refused, match="not held for you any more"):
        await take_offer(work, BEN, ben, 2)
    await asyncio.gather(*(process_due_bookings(work) for _ in range(3)))
    found = await one(work, ben)
    assert (found.status, found.offer_outcome, found.proposed_start) == ("waiting", "lapsed", None)
    assert (await one(work, ann.id)).status == "booked"
    assert (await tags(work))[-2:] == ["environment:offer:lapsed", "environment:booking:granted"]
    async with work.reading() as snapshot:
        assert await environments_due(snapshot.session, await snapshot.catalog(), clock.now()) == []


async def test_a_request_outlives_its_time_while_another_is_held_for_it(work, clock, ben):
    ann = (await book(work, "U0ANN", 7, 8)).id
    clock.move(timedelta(hours=13))
    assert [await process_due_bookings(work) for _ in range(2)] == [1, 0]
    assert [(await one(work, number)).status for number in (ben, ann)] == ["waiting", "lapsed"]
    await offer_time(work, EVA, ben, hours(30), hours(36))
    await take_offer(work, BEN, ben, 2)
    assert (await one(work, ben)).start_at == hours(30)


async def test_a_request_whose_time_and_offer_have_both_passed_lapses(work, clock, ben):
    clock.move(timedelta(hours=24))
    await process_due_bookings(work)
    assert (await one(work, ben)).status == "lapsed"
    assert [key for _, key in await told(work, "booking_news")] == [f"booking:{ben}:lapsed:{hours(12).isoformat()}"]


async def test_what_is_held_for_a_request_is_not_in_the_way_of_its_own_time(work):
    tom = (await book(work, "U0TOM", 0, 24)).id
    ben = (await book(work, "U0BEN", 22, 28)).id
    await offer_time(work, EVA, ben, hours(24), hours(30))
    ann = (await book(work, "U0ANN", 28, 29)).id
    await give_back_booking(work, by("U0TOM"), tom)
    assert [(await one(work, number)).status for number in (ben, ann)] == ["booked", "booked"]
    assert (await one(work, ben)).start_at == hours(22)


async def test_a_newer_offer_takes_the_place_of_the_last_and_frees_its_time(work, ben):
    ann = (await book(work, "U0ANN", 24, 26)).id
    await offer_time(work, EVA, ben, hours(30), hours(36))
    assert (await one(work, ann)).status == "booked"
    with pytest.raises(Refused, match="A newer offer"):
        await take_offer(work, BEN, ben, 1)
    assert [key for _, key in await told(work, "booking_offer")] == ["booking:2:offer:1", "booking:2:offer:2"]


@pytest.mark.parametrize("attempt", ["refuse", "withdraw"])
async def test_a_request_that_is_settled_holds_nothing(work, ben, attempt):
    ann = (await book(work, "U0ANN", 25, 26)).id
    if attempt == "refuse":
        await refuse_request(work, EVA, ben, "The audit needs it")
    else:
        await give_back_booking(work, BEN, ben)
    assert (await one(work, ann)).status == "booked"
    with pytest.raises(Refused, match="does not stand any more"):
        await take_offer(work, BEN, ben, 1)


@pytest.mark.parametrize("answer", [take_offer, decline_offer])
async def test_a_second_click_on_an_answer_changes_nothing(work, ben, answer):
    for _ in range(2):
        await answer(work, BEN, ben, 1)
    kind = "taken" if answer is take_offer else "declined"
    assert [tag for tag in await tags(work) if tag.startswith("environment:offer")] == [f"environment:offer:{kind}"]


async def test_a_catalog_that_takes_places_away_is_stronger_than_an_offer(work, ben):
    document = example_document()
    document["environments"][0]["production"] = True
    await put_catalog(work, document)
    with pytest.raises(Refused, match="does not let Test be booked any more"):
        await take_offer(work, BEN, ben, 1)


async def test_of_an_answer_and_others_who_want_the_held_time_at_once_only_the_asked_gets_it(
    work, ben, database_url, clock
):
    other = Database(database_url)
    try:
        elsewhere = UnitOfWork(other, clock, posts_for)
        made = await asyncio.gather(
            book(elsewhere, "U0ANN", 24, 30),
            take_offer(work, BEN, ben, 1),
            book(work, "U0SAM", 29, 31),
            book(elsewhere, "U0DANA", 24, 25),
        )
    finally:
        await other.close()
    assert [made[place].status for place in (0, 2, 3)] == ["waiting"] * 3
    assert (await one(work, ben)).status == "booked"


async def test_of_accept_and_decline_and_lapse_and_refuse_at_once_one_wins(work, clock, database_url, ben):
    other = Database(database_url)
    try:
        elsewhere = UnitOfWork(other, clock, posts_for)
        results = await asyncio.gather(
            take_offer(work, BEN, ben, 1),
            decline_offer(elsewhere, BEN, ben, 1),
            take_offer(elsewhere, BEN, ben, 1),
            return_exceptions=True,
        )
    finally:
        await other.close()
    found = await one(work, ben)
    outcomes = [tag for tag in await tags(work) if tag.startswith("environment:offer")]
    assert len(outcomes) == 1
    assert (found.status, outcomes) in (
        ("booked", ["environment:offer:taken"]),
        ("waiting", ["environment:offer:declined"]),
    )
    assert all(result is None or isinstance(result, Refused) for result in results)


async def test_two_offers_of_the_same_hours_at_once_hold_them_once(work, database_url, clock):
    await book(work, "U0TOM", 0, 24)
    asked = [(await book(work, person, 6, 12)).id for person in ("U0BEN", "U0ANN", "U0SAM")]
    other = Database(database_url)
    try:
        elsewhere = UnitOfWork(other, clock, posts_for)
        results = await asyncio.gather(
            *(
                offer_time(place, EVA, number, hours(24), hours(30))
                for place, number in zip((work, elsewhere, work), asked, strict=True)
            ),
            return_exceptions=True,
        )
    finally:
        await other.close()
    assert sorted(type(result).__name__ for result in results) == ["Invalid", "Invalid", "NoneType"]
