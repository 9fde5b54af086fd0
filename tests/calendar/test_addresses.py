"""Calendar addresses: making them, what the database stores, and ending them."""

import asyncio
import re

import pytest

from handlers.calendar import calendar
from handlers.dispatch.answers import Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from models.audit import AuditEntry
from models.calendar.addresses import ADDRESS_LIMIT, secret_hash
from models.calendar.tables import CalendarFeed
from models.errors import Invalid, Refused
from tests.conftest import MORNING
from tests.releases.steps import rows
from tests.slack_limits import active_markup, assert_valid_message

PUBLIC = "https://releases.example.com/desk"
ADDRESS = re.compile(re.escape(PUBLIC) + r"/calendar/([\w-]{43})\.ics")


@pytest.fixture
def desk(work, catalog, people, clock) -> Desk:
    return Desk(work, clock, PUBLIC)


def typed(text: str = "", person: str = "U0ANN", trigger: str = "1", channel: str = "C0PAY") -> Incoming:
    return Incoming({"trigger_id": trigger}, "command", person, "Ann", channel=channel, text=text)


async def told(desk: Desk, incoming: Incoming) -> str:
    answer = await calendar(desk, incoming)
    assert isinstance(answer, Tell)
    assert_valid_message(answer.message)
    assert active_markup(answer.message) == []
    assert not ADDRESS.search(answer.message.text)
    return answer.message.text + str(answer.message.blocks)


async def secret(desk: Desk, incoming: Incoming) -> str:
    found = ADDRESS.search(await told(desk, incoming))
    assert found
    return found[1]


async def test_an_address_is_given_and_only_its_hash_is_kept(desk, work):
    given = await secret(desk, typed())
    (row,) = await rows(work, CalendarFeed)
    assert (row.secret_hash, row.owner, row.services, row.created_at) == (secret_hash(given), "U0ANN", [], MORNING)
    (entry,) = await rows(work, AuditEntry)
    assert (entry.tag, entry.person, entry.facts) == (
        "calendar:address:made",
        "U0ANN",
        {"owner": "U0ANN", "services": []},
    )


@pytest.mark.parametrize(
    ("text", "owner", "services", "words"),
    [
        ("", "U0ANN", [], "*Your calendar* - all services"),
        ("pay", "U0ANN", ["PAY"], "*Your calendar* - Payments"),
        ("Web Shop", "U0ANN", ["WEB"], "*Your calendar* - Web shop"),
        ("web, PAY web", "U0ANN", ["WEB", "PAY"], "*Your calendar* - Web shop, Payments"),
        ("HERE", "C0PAY", [], "*Calendar of this channel* - Payments"),
    ],
)
async def test_a_calendar_is_of_a_person_of_services_or_of_a_channel(desk, work, text, owner, services, words):
    assert words in await told(desk, typed(text))
    (row,) = await rows(work, CalendarFeed)
    assert (row.owner, row.services, row.made_by) == (owner, services, "U0ANN")


@pytest.mark.parametrize(
    ("text", "channel", "sentence"),
    [
        ("nonsense", "C0PAY", "'nonsense' is no service. Write `here`, `stop` or services: PAY"),
        ("here", "C0MGMT", "This channel is no service's"),
    ],
)
async def test_words_that_are_neither_make_no_address(desk, work, text, channel, sentence):
    with pytest.raises(Invalid, match=sentence):
        await calendar(desk, typed(text, channel=channel))
    assert await rows(work, CalendarFeed) == []


async def test_without_a_public_address_the_answer_says_how_to_set_it(desk, work):
    with pytest.raises(Refused, match="sets PUBLIC_URL"):
        await calendar(Desk(work, work.clock), typed())
    assert await rows(work, CalendarFeed) == []


async def test_a_delivery_that_comes_twice_makes_one_address_and_the_latest_answer_holds(desk, work):
    first, again = await secret(desk, typed()), await secret(desk, typed())
    (row,) = await rows(work, CalendarFeed)
    assert first != again
    assert row.secret_hash == secret_hash(again)
    assert len(await rows(work, AuditEntry)) == 1


async def test_a_delivery_that_comes_twice_at_once_makes_one_address(desk, work):
    given = await asyncio.gather(*(secret(desk, typed()) for _ in range(4)))
    (row,) = await rows(work, CalendarFeed)
    assert row.secret_hash in {secret_hash(one) for one in given}


async def test_each_call_makes_another_address_until_there_are_too_many(desk, work):
    for count in range(ADDRESS_LIMIT):
        await secret(desk, typed(trigger=str(count)))
    with pytest.raises(Refused, match="/release calendar stop, then make a new one"):
        await calendar(desk, typed(trigger="more"))
    assert f"{ADDRESS_LIMIT} calendar addresses no longer work" in await told(desk, typed("stop"))
    await secret(desk, typed(trigger="after"))


async def test_stop_ends_a_persons_own_addresses_and_no_others(desk, work):
    await secret(desk, typed(trigger="1"))
    await secret(desk, typed("here", trigger="2"))
    await secret(desk, typed(person="U0BOB", trigger="3"))
    assert "1 calendar address no longer works" in await told(desk, typed("stop"))
    assert [row.revoked_at for row in await rows(work, CalendarFeed)] == [MORNING, None, None]
    assert "You have no calendar address" in await told(desk, typed("stop"))
    assert [entry.tag for entry in await rows(work, AuditEntry)][3:] == ["calendar:address:stopped"]


async def test_a_channels_addresses_are_ended_by_who_made_them_and_by_its_managers(desk, work):
    await secret(desk, typed("here", person="U0ANN", trigger="1"))
    await secret(desk, typed("here", person="U0BOB", trigger="2"))
    words = await told(desk, typed("stop here", person="U0TOM"))
    assert "You have made no calendar address for this channel that still works. 2 made by others stay" in words
    words = await told(desk, typed("here stop", person="U0BOB"))
    assert "1 calendar address of this channel no longer works. 1 made by others stays" in words
    assert "1 calendar address of this channel no longer works." in await told(
        desk, typed("stop here", person="U0RITA")
    )
    assert all(row.revoked_at for row in await rows(work, CalendarFeed))
