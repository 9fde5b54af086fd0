"""What an environment's manager decides, and what becomes of the bookings concerned."""

import asyncio
from datetime import timedelta

import pytest

from models.environments.arbitration import grant_if_free, grant_request, refuse_request
from models.environments.bookings import extend_booking
from models.environments.offers import offer_time
from models.errors import Invalid, Refused
from tests.conftest import MORNING
from tests.environments.steps import book, one, tags, told
from tests.releases.steps import by

pytestmark = pytest.mark.usefixtures("people", "catalog")

EVA = by("U0EVA")


def hours(count: float):
    return MORNING + timedelta(hours=count)


async def test_granting_over_a_booking_shortens_it_and_tells_its_holder(work):
    tom = await book(work, "U0TOM", 0, 24)
    ben = await book(work, "U0BEN", 6, 12)
    may = await grant_if_free(work, EVA, ben.id)
    assert ([found.id for found in may.in_the_way], may.must_go) == ([tom.id], (tom.id,))
    with pytest.raises(Invalid, match="still no place"):
        await grant_request(work, EVA, ben.id)
    await grant_request(work, EVA, ben.id, [tom.id])
    assert ((await one(work, tom.id)).end_at, (await one(work, ben.id)).status) == (hours(6), "booked")
    assert [person for person, _ in await told(work, "booking_news")] == ["U0TOM", "U0BEN"]
    assert (await tags(work))[-2:] == ["environment:booking:shortened", "environment:booking:granted"]


async def test_a_booking_that_begins_later_is_cancelled_and_what_it_leaves_goes_to_the_next(work):
    tom = await book(work, "U0TOM", 6, 24)
    ben = await book(work, "U0BEN", 5, 12)
    ann = await book(work, "U0ANN", 12, 20)
    await grant_request(work, EVA, ben.id, [tom.id])
    assert [(await one(work, made.id)).status for made in (tom, ben, ann)] == ["cancelled", "booked", "booked"]


async def test_a_running_booking_that_gives_way_at_once_is_over(work, clock):
    tom = await book(work, "U0TOM", 0, 24)
    ben = await book(work, "U0BEN", 1, 12)
    clock.move(timedelta(hours=2))
    await grant_request(work, EVA, ben.id, [tom.id])
    assert ((await one(work, tom.id)).status, (await one(work, ben.id)).start_at) == ("ended", clock.now())


async def test_a_request_is_refused_with_a_reason(work):
    await book(work, "U0TOM")
    ben = await book(work, "U0BEN", 6, 12)
    with pytest.raises(Invalid, match="Say why"):
        await refuse_request(work, EVA, ben.id, " ")
    await refuse_request(work, EVA, ben.id, "The audit needs it.")
    assert ((await one(work, ben.id)).status, (await one(work, ben.id)).reason) == (
        "refused",
        "The audit needs it.",
    )
    with pytest.raises(Refused, match="does not wait any more: it is refused"):
        await grant_request(work, EVA, ben.id)


async def test_a_form_that_comes_twice_decides_once(work):
    tom = await book(work, "U0TOM", 0, 24)
    ben = await book(work, "U0BEN", 6, 12)
    ann = await book(work, "U0ANN", 7, 8)
    for _ in range(2):
        await offer_time(work, EVA, ben.id, hours(24), hours(30))
    for _ in range(2):
        await grant_request(work, EVA, ben.id, [tom.id])
        await refuse_request(work, EVA, ann.id, "Later")
    for _ in range(2):
        await extend_booking(work, by("U0BEN"), ben.id, hours(14))
    found = (await tags(work))[3:]
    assert found == [
        "environment:booking:offered",
        "environment:booking:shortened",
        "environment:booking:granted",
        "environment:booking:refused",
        "environment:booking:extended",
    ]


async def test_only_the_manager_decides(work):
    await book(work, "U0TOM")
    ben = await book(work, "U0BEN")
    for attempt in (
        grant_request(work, by("U0BEN"), ben.id, [1]),
        refuse_request(work, by("U0RITA"), ben.id, "No"),
        offer_time(work, by("U0TOM"), ben.id, hours(24), hours(48)),
        grant_if_free(work, by("U0ANN"), ben.id),
    ):
        with pytest.raises(Refused, match="This is for the manager of Test: Eva"):
            await attempt


async def test_two_managers_at_once_decide_once(work):
    tom = await book(work, "U0TOM", 0, 24)
    ben = await book(work, "U0BEN", 6, 12)
    results = await asyncio.gather(
        grant_request(work, EVA, ben.id, [tom.id]),
        refuse_request(work, EVA, ben.id, "No"),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Refused"]
