"""From a command or click to the use case and back, and every message within Slack's limits."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.dispatch.answers import Choices, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.environments import arbitration, bookings, contents, offers, show
from messages.environments.arbitration import DECLINE, GRANT, OFFER, REFUSE, TAKE
from messages.environments.bookings import EXTEND, GIVE_BACK, span_words
from messages.environments.contents import MORE_CONTENTS, SAY
from messages.environments.show import MORE, MORE_BOOKINGS
from messages.home import render as render_home
from models.environments.arbitration import grant_request, refuse_request
from models.environments.bookings import give_back_booking
from models.environments.contents import record_contents
from models.environments.offers import offer_time
from models.environments.tables import Booking
from models.errors import Invalid, NotFound, Refused
from models.events import SYSTEM
from models.home.home import read_home
from models.outbox import Outgoing
from scheduler.bookings import process_due_bookings
from scheduler.renderers import RENDERERS, Reading
from tests.conftest import MORNING, example_document, put_catalog
from tests.environments.steps import book, one
from tests.factories import make_release
from tests.releases.steps import by, rows
from tests.slack_limits import HOSTILE, active_markup, assert_valid_message, assert_valid_view

pytestmark = pytest.mark.usefixtures("people", "catalog")


@pytest.fixture
def desk(work, clock) -> Desk:
    return Desk(work, clock)


def command(text: str, person: str = "U0TOM") -> Incoming:
    return Incoming(payload={}, surface="command", person=person, name="", channel="C0PAY", text=text)


def click(message, action_id: str, person: str) -> Incoming:
    elements = [one for block in message.blocks if block["type"] == "actions" for one in block["elements"]]
    element = next(one for one in elements if one["action_id"] == action_id)
    return Incoming(payload={"actions": [element]}, surface="button", person=person, name="")


def submit(view, person: str, **values) -> Incoming:
    state = {"values": {name: {"any": entered} for name, entered in values.items()}}
    return Incoming(payload={"view": {**view, "state": state}}, surface="modal", person=person, name="")


def typed(text: str) -> dict:
    return {"type": "plain_text_input", "value": text}


def chosen(value: str) -> dict:
    return {"type": "static_select", "selected_option": {"value": value}}


def several(*values: int) -> dict:
    return {"type": "multi_static_select", "selected_options": [{"value": str(value)} for value in values]}


def picked(hours: float) -> dict:
    return {"type": "datetimepicker", "selected_date_time": int((MORNING + timedelta(hours=hours)).timestamp())}


def told(answer) -> str:
    assert isinstance(answer, Tell)
    assert_valid_message(answer.message)
    return answer.message.text


def view_of(answer) -> dict:
    assert isinstance(answer, Open)
    assert_valid_view(answer.view)
    return answer.view


async def shown(work, message: str, *, standing: bool = True):
    """The newest message of that kind as rendered now; ``standing``: it is in Slack already."""
    row = [row for row in await rows(work, Outgoing) if row.message == message][-1]
    row.ts = "1.1" if standing else None
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        record = await RENDERERS[message].load(Reading(snapshot.session, catalog, work.clock.now(), row))
    if record is None:
        return None
    rendered = RENDERERS[message].render(record)
    assert_valid_message(rendered)
    return rendered


def captions(message) -> list[str]:
    return [
        one["text"]["text"] for block in message.blocks if block["type"] == "actions" for one in block["elements"]
    ]


async def fought_over(work) -> int:
    """Tom has the environment for a day, and Ben asks for some of it. Returns Ben's request."""
    await book(work, "U0TOM", 0, 24)
    return (await book(work, "U0BEN", 6, 12, purpose=HOSTILE[:300], versions="9.2", test_data="June")).id


async def test_booking_opens_the_form_with_the_named_environment(desk):
    view = view_of(await bookings.open_booking(desk, command("staging")))
    labels = [block["label"]["text"] for block in view["blocks"]]
    assert labels == ["Environment", "From", "Until", "Purpose", "Release", "Versions needed", "Test data"]
    assert view["title"]["text"] == "Book an environment"
    assert view["blocks"][0]["element"]["initial_option"]["value"] == "staging"
    assert [one["value"] for one in view["blocks"][0]["element"]["options"]] == ["test", "staging"]


async def test_production_is_not_booked_and_an_unknown_name_gets_the_nearest(desk):
    with pytest.raises(Refused, match="services run there for the business"):
        await bookings.open_booking(desk, command("Production"))
    with pytest.raises(NotFound) as refused:
        await bookings.open_booking(desk, command("tset"))
    assert refused.value.nearest == ("test",)


async def test_a_submitted_form_books_and_says_so(desk, work):
    release = await make_release(work, identifier="PAY-2026.014")
    view = view_of(await bookings.open_booking(desk, command("")))
    filled = {
        "environment": chosen("test"),
        "start": picked(1),
        "end": picked(5),
        "purpose": typed("Regression"),
        "release": chosen("PAY-2026.014"),
    }
    assert told(await bookings.book(desk, submit(view, "U0TOM", **filled))).startswith("*Test* is yours")
    view = view_of(await bookings.open_booking(desk, command("", "U0BEN")))
    said = told(await bookings.book(desk, submit(view, "U0BEN", **filled)))
    assert "you are on the waiting list. Eva has been asked." in said
    assert {booking.release_id for booking in await rows(work, Booking)} == {release.id}
    with pytest.raises(Invalid) as refused:
        await bookings.book(desk, submit({**view, "private_metadata": '{"v":1,"f":"x"}'}, "U0BEN"))
    assert set(refused.value.problems) == {"environment", "start", "end", "purpose"}


async def test_the_manager_is_asked_with_what_is_in_the_way(work):
    await fought_over(work)
    message = await shown(work, "booking_request")
    assert message.text.startswith("Ben asks for *Test* from ")
    assert captions(message) == ["Grant", "Refuse", "Offer another time"]
    assert "Tom" in str(message.blocks)
    assert [mark for mark in active_markup(message) if not mark.startswith("<!date")] == []


async def test_granting_names_who_gives_way_first(desk, work):
    number = await fought_over(work)
    asked = await shown(work, "booking_request")
    view = view_of(await arbitration.grant(desk, click(asked, GRANT, "U0EVA")))
    assert "Tom, " in view["blocks"][0]["text"]["text"]
    assert [one["value"] for one in view["blocks"][1]["element"]["initial_options"]] == ["1"]
    done = await arbitration.grant_over_others(desk, submit(view, "U0EVA", giving_way=several(1)))
    assert done == Nothing()
    assert (await one(work, number)).status == "booked"
    assert captions(await shown(work, "booking_request")) == []


async def test_granting_what_has_become_free_asks_nothing(desk, work, clock):
    number = await fought_over(work)
    asked = await shown(work, "booking_request")
    async with work(SYSTEM) as tx:
        (await tx.session.get_one(Booking, 1)).status = "ended"
    assert await arbitration.grant(desk, click(asked, GRANT, "U0EVA")) == Nothing()
    assert (await one(work, number)).status == "booked"
    with pytest.raises(Refused, match="does not wait any more"):
        await arbitration.grant(desk, click(asked, GRANT, "U0EVA"))


async def test_refusing_asks_for_a_reason_which_the_requester_reads(desk, work):
    await fought_over(work)
    asked = await shown(work, "booking_request")
    with pytest.raises(Refused, match="manager of Test: Eva"):
        await arbitration.ask_why_refused(desk, click(asked, REFUSE, "U0BEN"))
    view = view_of(await arbitration.ask_why_refused(desk, click(asked, REFUSE, "U0EVA")))
    await arbitration.refuse(desk, submit(view, "U0EVA", reason=typed(HOSTILE)))
    news = await shown(work, "booking_news", standing=False)
    assert news.text.startswith("Eva refused your request for *Test*")
    assert [mark for mark in active_markup(news) if not mark.startswith("<!date")] == []
    assert "Eva refused." in (await shown(work, "booking_request")).text


async def test_the_next_free_time_is_proposed_offered_and_taken(desk, work):
    number = await fought_over(work)
    asked = await shown(work, "booking_request")
    view = view_of(await offers.ask_which_time(desk, click(asked, OFFER, "U0EVA")))
    initial = [block["element"]["initial_date_time"] for block in view["blocks"][1:]]
    assert initial == [int((MORNING + timedelta(hours=hours)).timestamp()) for hours in (24, 30, 24)]
    await offers.offer_time(desk, submit(view, "U0EVA", start=picked(24), end=picked(30)))
    offer = await shown(work, "booking_offer")
    assert (offer.text.startswith("Eva offers you *Test*"), captions(offer)) == (True, ["Accept", "Decline"])
    assert "There is no answer yet" in (await shown(work, "booking_request")).text
    await offers.take(desk, click(offer, TAKE, "U0BEN"))
    assert (await one(work, number)).start_at == MORNING + timedelta(hours=24)
    assert captions(await shown(work, "booking_offer")) == []


async def test_an_offer_whose_hold_is_over_has_no_buttons_even_before_time_settles_it(desk, work, clock):
    number = await fought_over(work)
    await offer_time(work, by("U0EVA"), number, MORNING + timedelta(hours=24), MORNING + timedelta(hours=30))
    offer = await shown(work, "booking_offer")
    clock.move(timedelta(hours=24))
    over = await shown(work, "booking_offer")
    assert ("does not stand any more" in over.text, captions(over)) == (True, [])
    assert await shown(work, "booking_offer", standing=False) is None
    with pytest.raises(Refused, match="not held for you any more"):
        await offers.take(desk, click(offer, TAKE, "U0BEN"))


async def test_a_declined_offer_leaves_the_request_waiting(desk, work):
    number = await fought_over(work)
    await offer_time(work, by("U0EVA"), number, MORNING + timedelta(hours=24), MORNING + timedelta(hours=30))
    offer = await shown(work, "booking_offer")
    await offers.decline(desk, click(offer, DECLINE, "U0BEN"))
    assert "You declined" in (await shown(work, "booking_offer")).text
    assert "declined another time" in (await shown(work, "booking_request")).text
    assert captions(await shown(work, "booking_request")) == ["Grant", "Refuse", "Offer another time"]


async def test_a_reminder_extends_or_gives_back(desk, work, clock):
    await book(work, "U0TOM", 0, 20)
    clock.move(timedelta(hours=19))
    await process_due_bookings(work)
    reminder = await shown(work, "booking_reminder")
    assert captions(reminder) == ["Extend", "Release it now"]
    view = view_of(await bookings.ask_until_when(desk, click(reminder, EXTEND, "U0TOM")))
    with pytest.raises(Invalid) as refused:
        await bookings.extend(desk, submit(view, "U0TOM", until=picked(10)))
    assert set(refused.value.problems) == {"until"}
    await bookings.extend(desk, submit(view, "U0TOM", until=picked(30)))
    assert (await shown(work, "booking_reminder")).text.startswith("You have *Test* until")
    assert await bookings.give_back(desk, click(reminder, GIVE_BACK, "U0TOM")) == Nothing()
    over = await shown(work, "booking_reminder")
    assert (over.text.startswith("Your booking of *Test* is over since"), captions(over)) == (True, [])
    assert await shown(work, "booking_reminder", standing=False) is None


async def test_one_booking_is_given_back_by_command_and_of_several_one_chooses(desk, work):
    nothing = await bookings.give_back_by_command(desk, command("test"))
    assert told(nothing).startswith("You have no booking of *Test*")
    await book(work, "U0TOM", 0, 4)
    await book(work, "U0TOM", 4, 8)
    view = view_of(await bookings.give_back_by_command(desk, command("test")))
    assert len(view["blocks"][1]["element"]["options"]) == 2
    said = told(await bookings.give_chosen_back(desk, submit(view, "U0TOM", booking=chosen("1"))))
    assert said.startswith("*Test* is given back; Tom had it until")
    assert told(await bookings.give_back_by_command(desk, command("(TEST)"))).startswith("*Test* is given back")
    assert told(await bookings.give_back_by_command(desk, command("test"))).startswith("You have no booking")


async def test_a_manager_chooses_among_everybodys(desk, work):
    await fought_over(work)
    view = view_of(await bookings.give_back_by_command(desk, command("test", "U0EVA")))
    options = view["blocks"][1]["element"]["options"]
    assert [one["value"] for one in options] == ["1", "2"]
    assert "(waiting)" in options[1]["text"]["text"]
    said = told(await bookings.give_chosen_back(desk, submit(view, "U0EVA", booking=chosen("1"))))
    assert said.startswith("*Test* is given back; Tom had it")
    assert (await one(work, 2)).status == "booked"


async def test_the_home_of_a_manager_counts_what_waits_for_them(work, clock):
    await fought_over(work)
    for person, said in (("U0EVA", "1 request for an environment"), ("U0TOM", "Nothing waits")):
        async with work.reporting() as snapshot:
            catalog = await snapshot.catalog()
            shown_home = render_home(
                await read_home(snapshot.session, catalog, person, clock.now(), everything=False)
            )
        assert_valid_view({"type": "home", "blocks": shown_home.blocks}, "home")
        assert said in str(shown_home.blocks)


async def test_a_held_time_is_shown_and_waits_on_the_home_of_whom_it_is_held_for(desk, work, clock):
    number = await fought_over(work)
    await offer_time(work, by("U0EVA"), number, MORNING + timedelta(hours=24), MORNING + timedelta(hours=30))
    for answer in (
        await show.list_environments(desk, command("")),
        await show.show(desk, command("test")),
    ):
        told(answer)
        assert all(word in str(answer.message.blocks) for word in ("Held", "offered by Eva", "Waiting"))
        assert int((MORNING + timedelta(hours=24)).timestamp()) in timestamps(answer.message)
    for person, said in (("U0EVA", "Nothing waits"), ("U0BEN", "1 time in an environment is held for you")):
        async with work.reporting() as snapshot:
            catalog = await snapshot.catalog()
            shown_home = render_home(
                await read_home(snapshot.session, catalog, person, clock.now(), everything=False)
            )
        assert_valid_view({"type": "home", "blocks": shown_home.blocks}, "home")
        assert said in str(shown_home.blocks)


async def test_a_held_time_in_the_way_is_named_and_is_one_that_may_give_way(desk, work):
    number = await fought_over(work)
    await offer_time(work, by("U0EVA"), number, MORNING + timedelta(hours=24), MORNING + timedelta(hours=30))
    await book(work, "U0SAM", 25, 27)
    asked = await shown(work, "booking_request")
    assert "offered by Eva" in str(asked.blocks)
    view = view_of(await arbitration.grant(desk, click(asked, GRANT, "U0EVA")))
    assert "offered and held" in view["blocks"][0]["text"]["text"]
    option = view["blocks"][1]["element"]["options"][0]["text"]["text"]
    assert option == "Ben (held) 25 Nov 10:00 - 25 Nov 16:00 CET"
    await arbitration.grant_over_others(desk, submit(view, "U0EVA", giving_way=several(number)))
    news = next(row for row in await rows(work, Outgoing) if row.message == "booking_news")
    async with work.reading() as snapshot:
        reading = Reading(snapshot.session, await snapshot.catalog(), work.clock.now(), news)
        said = RENDERERS["booking_news"].render(await RENDERERS["booking_news"].load(reading))
    assert (news.recipient, said.text.partition(" from")[0]) == ("U0BEN", "Eva gave *Test*")
    assert "not held for you any more" in said.text
    assert "does not stand any more" in (await shown(work, "booking_offer")).text


async def test_an_offer_that_lapsed_or_was_replaced_says_so_and_has_no_buttons(desk, work, clock):
    number = await fought_over(work)
    for start in (24, 30):
        await offer_time(work, by("U0EVA"), number, MORNING + timedelta(hours=start), MORNING + timedelta(hours=36))
    first, second = [row for row in await rows(work, Outgoing) if row.message == "booking_offer"]
    clock.move(timedelta(hours=24))
    await process_due_bookings(work)
    async with work(SYSTEM) as tx:
        (await tx.session.get_one(Booking, number)).status = "waiting"
    for row, said in ((first, "A newer offer of *Test*"), (second, "not answered in time")):
        row.ts = "1.1"
        async with work.reading() as snapshot:
            reading = Reading(snapshot.session, await snapshot.catalog(), clock.now(), row)
            message = RENDERERS["booking_offer"].render(await RENDERERS["booking_offer"].load(reading))
        assert_valid_message(message)
        assert (said in message.text, captions(message)) == (True, [])
    assert "offered and not answered" in (await shown(work, "booking_request")).text


async def test_releases_are_found_while_one_types_but_not_those_that_were_stopped(desk, work):
    await make_release(work, identifier="PAY-2026.014", title=HOSTILE[:150])
    await make_release(work, identifier="PAY-2026.015", title="Refunds")
    await make_release(work, identifier="PAY-2026.016", title="Refunds again", state="cancelled")
    found = await bookings.find_release(desk, command("refunds"))
    assert [one["value"] for one in found.options] == ["PAY-2026.015"]
    found = await bookings.find_release(desk, command(""))
    assert [one["value"] for one in found.options] == ["PAY-2026.015", "PAY-2026.014"]
    assert all(len(one["text"]["text"]) <= 75 for one in found.options)


async def test_who_has_it_says_what_is_in_it_by_form(desk, work):
    await book(work, "U0TOM", 0, 24, test_data="Cards of October", versions="pay-api 9.2.0")
    answer = await show.show(desk, command("test"))
    assert all(word in str(answer.message.blocks) for word in ("asked for by Tom", "pay-api 9.2.0"))
    view = view_of(await contents.ask_what_is_in_it(desk, click(answer.message, SAY, "U0TOM")))
    assert view["blocks"][2]["element"]["initial_value"] == "Cards of October"
    filled = {"versions": typed("pay-api 9.2.1"), "test_data": typed(HOSTILE)}
    said = told(await contents.submit_contents(desk, submit(view, "U0TOM", **filled)))
    assert said.startswith("What is in *Test* is recorded.")
    answer = await show.show(desk, command("test", "U0ANN"))
    told(answer)
    assert [mark for mark in active_markup(answer.message) if not mark.startswith("<!date")] == []
    assert all(word in str(answer.message.blocks) for word in ("9.2.1", "said by Tom"))
    assert captions(answer.message) == []
    with pytest.raises(Refused, match="for who has Test now, and for its manager: Eva"):
        await contents.submit_contents(desk, submit(view, "U0ANN", **filled))


async def test_all_bookings_are_shown_page_by_page(desk, work):
    for number in range(30):
        await book(work, "U0TOM", number, number + 1, purpose=HOSTILE[:300])
    await book(work, "U0BEN", 0, 30)
    answer = await show.show(desk, command("test", "U0ANN"))
    assert captions(answer.message) == ["All bookings"]
    first = await show.show_more_bookings(desk, click(answer.message, MORE_BOOKINGS, "U0ANN"))
    assert told(first) == "Bookings of *Test* and requests for it, 1 to 25 of 31:"
    assert str(first.message.blocks).count("Waiting: ") == 1
    last = await show.show_more_bookings(desk, click(first.message, MORE_BOOKINGS, "U0ANN"))
    assert told(last) == "Bookings of *Test* and requests for it, 26 to 31 of 31:"
    assert captions(last.message) == []


async def test_a_list_counts_every_place_that_is_taken(desk, work):
    document = example_document()
    document["environments"][0]["capacity"] = 9
    await put_catalog(work, document)
    for number in range(7):
        await book(work, "U0TOM", 0, 10, nonce=f"{number}")
    answer = await show.list_environments(desk, command(""))
    assert all(word in str(answer.message.blocks) for word in ("7 of 9 taken", "and 4 more"))


async def test_ones_own_bookings_are_offered_however_many_others_come_first(desk, work):
    for number in range(101):
        await book(work, "U0BEN", number, number + 1)
    await book(work, "U0TOM", 200, 201)
    given_back = await bookings.give_back_by_command(desk, command("test"))
    assert told(given_back).startswith("*Test* is given back; Tom had it")
    await book(work, "U0EVA", 300, 301)
    view = view_of(await bookings.give_back_by_command(desk, command("test", "U0EVA")))
    options = view["blocks"][1]["element"]["options"]
    assert (len(options), options[0]["text"]["text"].partition(" ")[0]) == (100, "Eva")


async def test_menus_say_times_by_the_clock_of_who_reads_them_also_where_the_clocks_change():
    assert span_words(at(10, 24, 22), at(10, 25, 8), ZoneInfo("Europe/Amsterdam")) == (
        "25 Oct 00:00 CEST - 25 Oct 09:00 CET"
    )
    assert span_words(at(11, 24, 22), at(11, 25, 8), ZoneInfo("Asia/Kolkata")) == "25 Nov 03:30 - 25 Nov 13:30 IST"


def at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def timestamps(message) -> list[int]:
    """The moments that a message shows, as Slack gets them."""
    return [int(found) for found in re.findall(r"'timestamp': (\d+)", str(message.blocks))]


async def test_the_list_says_who_has_what_and_who_waits_page_by_page(desk, work):
    await fought_over(work)
    answer = await show.list_environments(desk, command(""))
    assert told(answer) == "3 environments: who has them, who comes next, who waits."
    assert all(word in str(answer.message.blocks) for word in ("1 of 1 taken", "Waiting", "free now", "not booked"))
    document = example_document()
    document["environments"] = [{"key": f"test{number}", "name": f"Test {number}"} for number in range(20)]
    await put_catalog(work, document)
    first = await show.list_environments(desk, command(""))
    last = await show.list_more(desk, click(first.message, MORE, "U0TOM"))
    last = await show.list_more(desk, click(last.message, MORE, "U0TOM"))
    told(last)
    assert "Test 19" in str(last.message.blocks)
    assert captions(last.message) == []


async def test_an_environment_is_shown_with_its_bookings_and_contents(desk, work, clock):
    for number in range(30):
        await book(work, "U0TOM", number, number + 1, purpose=HOSTILE[:300], test_data=HOSTILE * 3)
        await book(work, "U0BEN", number, number + 1, purpose=HOSTILE[:300])
    async with work(SYSTEM) as tx:
        record_contents(tx, "test", {f"ci-{number:03d}": HOSTILE[:50] for number in range(60)}, None)
    answer = await show.show(desk, command("test"))
    assert told(answer) == "*Test* (`test`): 1 of 1 taken."
    assert "and 19 more" in str(answer.message.blocks)
    assert "Test data" in str(answer.message.blocks)
    assert [mark for mark in active_markup(answer.message) if not mark.startswith("<!date")] == []
    more = await show.show_more_contents(desk, click(answer.message, MORE_CONTENTS, "U0TOM"))
    assert told(more) == "What is in *Test*, 26 to 50 of 60:"
    more = await show.show_more_contents(desk, click(more.message, MORE_CONTENTS, "U0TOM"))
    assert told(more) == "What is in *Test*, 51 to 60 of 60:"
    told(await show.show(desk, command("prod")))
    told(await show.show(desk, command("staging")))


async def test_every_piece_of_news_is_said(work, clock):
    said = []
    tom = (await book(work, "U0TOM", 0, 24)).id
    ben = (await book(work, "U0BEN", 6, 12)).id
    await grant_request(work, by("U0EVA"), ben, [tom])
    ann = (await book(work, "U0ANN", 6, 8)).id
    await refuse_request(work, by("U0EVA"), ann, "Later")
    dana = (await book(work, "U0DANA", 5, 13)).id
    await grant_request(work, by("U0EVA"), dana, [tom, ben])
    await give_back_booking(work, by("U0EVA"), dana)
    await book(work, "U0SAM", 0, 6)
    clock.move(timedelta(hours=5))
    await process_due_bookings(work)
    clock.move(timedelta(hours=2))
    await process_due_bookings(work)
    for row in await rows(work, Outgoing):
        if row.message == "booking_news":
            async with work.reading() as snapshot:
                reading = Reading(snapshot.session, await snapshot.catalog(), clock.now(), row)
                message = RENDERERS["booking_news"].render(await RENDERERS["booking_news"].load(reading))
            assert_valid_message(message)
            said.append((row.recipient, message.text.partition(" <!date")[0]))
    assert said == [
        ("U0TOM", "Eva gave *Test* to somebody else: your booking ends"),
        ("U0BEN", "Eva granted your request: *Test* is yours from"),
        ("U0ANN", "Eva refused your request for *Test* from"),
        ("U0TOM", "Eva gave *Test* to somebody else: your booking ends"),
        ("U0BEN", "Eva gave *Test* to somebody else: your booking from"),
        ("U0DANA", "Eva granted your request: *Test* is yours from"),
        ("U0DANA", "Eva gave your booking of *Test* back, which was until"),
        ("U0SAM", "*Test* has become free: it is yours from"),
    ]


async def test_environments_are_found_while_one_types(desk):
    found = await bookings.find_environments(desk, command("sta"))
    assert isinstance(found, Choices)
    assert [one["value"] for one in found.options] == ["staging"]
