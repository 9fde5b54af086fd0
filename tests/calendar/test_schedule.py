"""The forward schedule of change: its arguments, its entries and its pages in Slack."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from handlers.calendar import show_schedule, turn_page
from handlers.dispatch.answers import Replace, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from messages.calendar.schedule import EARLIER, LATER
from models.calendar.arguments import parse_arguments
from models.calendar.schedule import SCHEDULE_PAGE
from models.errors import Invalid
from models.freezes.arguments import FreezeArguments
from models.freezes.freeze import freeze_service
from models.lifecycle.lifecycle import State
from models.workspace_features import refuse_native_charts
from tests.conftest import MORNING
from tests.factories import make_release
from tests.releases.steps import by
from tests.slack_limits import HOSTILE, active_markup, assert_valid_message


@pytest.fixture
def desk(work, catalog, clock) -> Desk:
    return Desk(work, clock)


def command(text: str = "") -> Incoming:
    return Incoming({}, "command", "U0ANN", "Ann", channel="C0PAY", text=text)


def buttons(message) -> dict[str, dict[str, Any]]:
    elements = [element for block in message.blocks if block["type"] == "actions" for element in block["elements"]]
    return {element["action_id"]: element for element in elements}


def click(message, action_id: str) -> Incoming:
    return Incoming({"actions": [buttons(message)[action_id]]}, "button", "U0ANN", "Ann")


def rows(message) -> list[list[str]]:
    tables = [block for block in message.blocks if block["type"] == "data_table"]
    return [[words(cell) for cell in row] for table in tables for row in table["rows"][1:]]


def words(node: Any) -> str:
    if isinstance(node, dict):
        own = node["text"].replace("\u2060", "") if isinstance(node.get("text"), str) else ""
        return str(own) + "".join(words(child) for child in node.values() if isinstance(child, (dict, list)))
    return "".join(words(child) for child in node) if isinstance(node, list) else ""


async def shown(desk: Desk, text: str = "") -> Tell:
    answer = await show_schedule(desk, command(text))
    assert isinstance(answer, Tell)
    assert_valid_message(answer.message)
    if answer.fallback:
        assert_valid_message(answer.fallback)
        assert answer.fallback.text == answer.message.text
    return answer


@pytest.mark.parametrize(
    ("text", "service", "first", "last"),
    [
        ("", "", "2026-11-24", "2026-12-08"),
        ("pay", "PAY", "2026-11-24", "2026-12-08"),
        ("+7d", "", "2026-11-24", "2026-12-01"),
        ("PAY today +2w", "PAY", "2026-11-24", "2026-12-08"),
        ("tomorrow", "", "2026-11-25", "2026-12-09"),
        ("+7d +1d", "", "2026-12-01", "2026-12-02"),
        ("2026-12-01", "", "2026-12-01", "2026-12-15"),
        ("2026-12-01, 2026-12-01 `web`", "WEB", "2026-12-01", "2026-12-01"),
        ("2026-12-30 web shop +5d", "WEB", "2026-12-30", "2027-01-04"),
    ],
)
def test_a_service_and_days_are_read_in_any_order(catalog, text, service, first, last):
    asked = parse_arguments(text, catalog, MORNING)
    assert (asked.service, asked.first, asked.last) == (
        service,
        date.fromisoformat(first),
        date.fromisoformat(last),
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("soon", "'soon' is no service and no day"),
        ("2026-02-30", "'2026-02-30' is no day"),
        ("+5", "'\\+5' is no day"),
        ("0001-01-01", "too far away"),
        ("9999-12-31", "too far away"),
        ("today +1d +2d", "a first and a last day; 3 are given"),
        ("2026-12-02 2026-12-01", "2026-12-01 is before 2026-12-02"),
        ("2026-12-01 2028-12-01", "up to 366 days"),
    ],
)
def test_what_is_neither_is_said(catalog, text, sentence):
    with pytest.raises(Invalid, match=sentence):
        parse_arguments(text, catalog, MORNING)


def test_today_is_the_day_where_the_service_is(catalog):
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    asked = parse_arguments("PAY today +0d", catalog, late)
    assert (asked.first, asked.start) == (date(2026, 11, 25), datetime(2026, 11, 24, 23, tzinfo=UTC))
    assert asked.end - asked.start == timedelta(days=1)
    summer = parse_arguments("PAY 2026-03-29 2026-03-29", catalog, late)
    assert summer.end - summer.start == timedelta(hours=23)


async def test_conflicts_freezes_and_windows_are_marked(desk, work):
    await make_release(work, State.APPROVED, identifier="PAY-1", window_start=MORNING)
    await make_release(work, identifier="PAY-2", window_start=MORNING + timedelta(hours=1))
    await make_release(work, identifier="PAY-3", window_start=datetime(2026, 11, 28, 9, tzinfo=UTC))
    await make_release(work, State.CANCELLED, identifier="PAY-4", window_start=MORNING)
    await make_release(work, identifier="PAY-5", window_start=datetime(2026, 12, 18, 9, tzinfo=UTC))
    answer = await shown(desk, "PAY today +30d")
    marks = {row[1].split()[0]: row[4] for row in rows(answer.message)}
    assert marks == {
        "PAY-1": "conflicts with PAY-2",
        "PAY-2": "conflicts with PAY-1",
        "PAY-3": "soft freeze Month close; outside the deployment windows",
        "PAY-5": "hard freeze Year end; outside the deployment windows",
    }
    assert answer.message.text == (
        "*Forward schedule of change* - Payments - Tue 24 Nov 2026 to Thu 24 Dec 2026: 4 releases, "
        "4 with something in the way"
    )
    everything = words(answer.message.blocks)
    assert "Month close (soft freeze) - Sat 28 Nov 2026 to Mon 30 Nov 2026 - Payments" in everything
    assert "Year end (hard freeze) - Fri 18 Dec 2026 to Mon 4 Jan 2027 - Payments" in everything
    assert "Deployment windows: Mon, Tue, Wed, Thu 09:00-16:00 - Europe/Amsterdam" in everything
    assert answer.fallback is not None
    assert "hard freeze Year end; outside the deployment windows" in words(answer.fallback.blocks)


async def test_a_typed_freeze_stands_with_its_moments_above_and_beside_what_it_touches(desk, work, people):
    await make_release(work, window_start=MORNING + timedelta(days=1))
    await make_release(work, service="WEB", window_start=MORNING + timedelta(days=1))
    until = MORNING + timedelta(days=2, minutes=7)
    await freeze_service(work, by("U0RITA"), FreezeArguments("PAY", until, "Sale"), "d")
    answer = await shown(desk)
    assert [("hard freeze Sale" in row[-1], row[2]) for row in rows(answer.message)] == [
        (True, "Payments"),
        (False, "Web shop"),
    ]
    assert "Sale (hard freeze)" in words(answer.message.blocks)
    assert f"'timestamp': {int(until.timestamp())}" in str(answer.message.blocks)
    assert "Sale" not in words((await shown(desk, "WEB")).message.blocks)


async def test_what_is_in_the_way_may_stand_outside_the_days_that_are_asked_for(desk, work):
    midnight = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    await make_release(work, identifier="PAY-1", window_start=midnight)
    await make_release(work, identifier="PAY-2", window_start=midnight + timedelta(hours=1))
    (row,) = rows((await shown(desk, "PAY today +0d")).message)
    assert (row[1].split()[0], row[4].split(";")[0]) == ("PAY-1", "conflicts with PAY-2")


async def test_an_empty_schedule_says_how_to_fill_it(desk):
    answer = await shown(desk, "PAY 2027-03-01 2027-03-02")
    assert answer.message.text.endswith("nothing is planned. `/release request` puts a release here.")
    assert rows(answer.message) == []


async def test_five_hundred_releases_are_turned_page_by_page_in_one_answer(desk, work):
    for count in range(500):
        start = MORNING + timedelta(minutes=10 * count)
        await make_release(work, identifier=f"PAY-{count:03d}", title=HOSTILE * 3, window_start=start)
    answer = await shown(desk, "+7d")
    seen = [row[1].split()[0] for row in rows(answer.message)]
    assert "releases 1 to 25 of 500" in answer.message.text
    while len(seen) < 500:
        turned = await turn_page(desk, click(answer.message, LATER))
        assert isinstance(turned, Replace)
        assert_valid_message(turned.message)
        assert_valid_message(turned.fallback)
        assert active_markup([turned.message, turned.fallback]) == []
        seen += [row[1].split()[0] for row in rows(turned.message)]
        answer = turned
    assert seen == [f"PAY-{count:03d}" for count in range(500)]
    back = await turn_page(desk, click(answer.message, EARLIER))
    assert [row[1].split()[0] for row in rows(back.message)] == seen[-2 * SCHEDULE_PAGE : -SCHEDULE_PAGE]
    after = await turn_page(desk, click(answer.message, LATER))
    assert "Wed 2 Dec 2026 to Wed 9 Dec 2026: nothing is planned" in after.message.text
    again = await turn_page(desk, click(after.message, EARLIER))
    assert [row[1].split()[0] for row in rows(again.message)] == seen[-SCHEDULE_PAGE:]


async def test_where_native_tables_are_refused_the_schedule_comes_as_text(desk, work):
    await make_release(work, identifier="PAY-1", title=HOSTILE)
    await refuse_native_charts(work)
    answer = await shown(desk)
    assert answer.fallback is None
    assert rows(answer.message) == []
    assert "PAY-1" in words(answer.message.blocks)
    assert active_markup(answer.message) == []


async def test_releases_of_a_service_that_left_the_catalog_stay_on_the_schedule(desk, work):
    await make_release(work, service="OLD", identifier="OLD-1")
    (row,) = rows((await shown(desk)).message)
    assert row[2:] == ["OLD", " Waiting for approval", "nothing"]
