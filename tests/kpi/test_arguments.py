"""``/release kpi``, *Why?*, and the schedule behind a digest."""

from typing import Any

import pytest

from handlers.dispatch.answers import Answer, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.kpi import explain_figures, show_figures, show_schedule
from messages.kpi import digest
from messages.kpi.figures import WHY
from models.catalog.document import Catalog
from models.errors import Invalid, NotFound
from models.kpi.digests import digest_record, queue_due_digests
from models.outbox import message_by_key
from models.unit_of_work import UnitOfWork
from models.workspace_features import TRY_AGAIN_AFTER, refuse_native_charts
from scheduler.renderers import RENDERERS, Reading
from tests.conftest import FrozenClock
from tests.factories import make_deployment, make_incident, make_release
from tests.slack_limits import assert_valid_message, assert_valid_view


@pytest.fixture
def desk(work: UnitOfWork, catalog: Catalog) -> Desk:
    return Desk(work, work.clock)


def command(text: str) -> Incoming:
    return Incoming({}, "command", "U0ANN", "Ann", channel="C0MGMT", text=text)


def click(message: Any, action_id: str) -> Incoming:
    (button,) = [
        element
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == action_id
    ]
    payload = {"actions": [{"action_id": action_id, "value": button["value"]}]}
    return Incoming(payload, "button", "U0ANN", "Ann", trigger_id="T1")


def told(answer: Answer) -> Tell:
    assert isinstance(answer, Tell)
    return answer


def kinds(blocks: list[dict[str, Any]]) -> set[str]:
    return {block["type"] for block in blocks}


async def test_figures_come_with_charts_and_the_same_in_text_for_a_workspace_that_refuses_them(
    desk: Desk, work: UnitOfWork
) -> None:
    await make_deployment(work, await make_release(work, "deployed"))

    answer = told(await show_figures(desk, command("7d pay")))

    assert answer.fallback is not None
    assert answer.message.text == answer.fallback.text
    assert answer.message.text.startswith("Figures - Payments - last 7 days: Adoption 100 % (1 of 1)")
    assert "data_visualization" in kinds(answer.message.blocks)
    assert "data_visualization" not in kinds(answer.fallback.blocks)
    assert_valid_message(answer.message)
    assert_valid_message(answer.fallback)


async def test_a_refusal_is_remembered_for_a_week(desk: Desk, work: UnitOfWork, clock: FrozenClock) -> None:
    await make_incident(work)
    await refuse_native_charts(work)

    assert "data_visualization" not in kinds(told(await show_figures(desk, command(""))).message.blocks)
    clock.move(TRY_AGAIN_AFTER)
    assert "data_visualization" in kinds(told(await show_figures(desk, command(""))).message.blocks)


async def test_a_period_that_is_none_is_said(desk: Desk) -> None:
    with pytest.raises(Invalid, match="'soon' is no period and no service"):
        await show_figures(desk, command("soon"))


async def test_why_explains_the_very_period_and_service_that_were_shown(
    desk: Desk, work: UnitOfWork, clock: FrozenClock
) -> None:
    shown = told(await show_figures(desk, command("month web shop"))).message
    clock.move(TRY_AGAIN_AFTER * 10)

    answer = await explain_figures(desk, click(shown, WHY))

    assert isinstance(answer, Open)
    assert_valid_view(answer.view)
    assert answer.view["title"]["text"] == "Why these figures"
    first = answer.view["blocks"][0]["text"]["text"]
    assert first.startswith("*Web shop, this month so far, since 1 Nov 2026*: 1 Nov 2026 to 24 Nov 2026")


async def test_the_buttons_of_a_delivered_digest_lead_to_its_figures_and_its_schedule(
    desk: Desk, work: UnitOfWork
) -> None:
    await make_release(work, "approved", "WEB", identifier="WEB-7")
    await queue_due_digests(work)
    async with work.reporting() as snapshot:
        row = await message_by_key(snapshot.session, "digest:C0MGMT:2026-11-24")
        assert row is not None
        catalog = await snapshot.catalog()
        renderer = RENDERERS[row.message]
        record = await renderer.load(Reading(snapshot.session, catalog, work.clock.now(), row))
        assert record == await digest_record(snapshot.session, catalog, row.subject, row.facts, work.clock.now())
    assert renderer.plain is not None
    assert renderer.reports
    shown = renderer.render(record)
    assert_valid_message(shown)
    assert_valid_message(renderer.plain(record))

    explained = await explain_figures(desk, click(shown, WHY))
    schedule = await show_schedule(desk, click(shown, digest.SCHEDULE))

    assert isinstance(explained, Open)
    assert "Payments, Web shop, last 30 days" in explained.view["blocks"][0]["text"]["text"]
    assert isinstance(schedule, Open)
    assert "WEB-7" in str(schedule.view["blocks"])
    assert_valid_view(schedule.view)


async def test_a_digest_that_is_gone_says_what_to_ask_instead(desk: Desk) -> None:
    value = '{"v":1,"d":"C0MGMT","y":"2020-01-01","a":"2026-11-24T09:00:00+00:00"}'
    incoming = Incoming({"actions": [{"value": value}]}, "button", "U0ANN", "Ann")

    with pytest.raises(NotFound, match="/release kpi"):
        await show_schedule(desk, incoming)
