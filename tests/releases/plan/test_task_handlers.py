"""Settling tasks, the plan and the Home, from the click to the answer."""

import json
from datetime import timedelta

import pytest

from handlers.dispatch.answers import Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.home import show_more_or_less, show_opened_home
from handlers.releases.plan.plan import show_plan
from handlers.releases.plan.settle_task import ask_to_whom, ask_until_when, complete, hand_over, snooze
from messages.home import SHOW
from messages.releases.plan.reminders import settle_buttons
from models.errors import Invalid, Refused
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.plan import PlanTask
from models.outbox import Outgoing
from tests.conftest import MORNING
from tests.factories import make_release, make_task
from tests.releases.steps import rows
from tests.slack_limits import assert_valid_message, assert_valid_view


@pytest.fixture
def desk(work, clock) -> Desk:
    return Desk(work, clock)


@pytest.fixture
async def task(work, catalog, people) -> PlanTask:
    release = await make_release(work, State.APPROVED, identifier="PAY-2026.014")
    return await make_task(work, release, due_at=MORNING)


def click(element, person: str = "U0RITA") -> Incoming:
    return Incoming(payload={"actions": [element]}, surface="button", person=person, name="")


def submit(view, **values) -> Incoming:
    state = {"values": {name: {"value": entered} for name, entered in values.items()}}
    payload = {"view": {**view, "state": state}}
    return Incoming(payload=payload, surface="modal", person="U0RITA", name="")


async def the_task(work) -> PlanTask:
    (found,) = await rows(work, PlanTask)
    return found


async def test_done_settles_and_says_nothing_but_to_who_comes_late(desk, work, task):
    done, _, _ = settle_buttons(task.id, may_snooze=True)
    assert isinstance(await complete(desk, click(done)), Nothing)
    assert (await the_task(work)).done_by == "U0RITA"
    assert isinstance(await complete(desk, click(done)), Nothing)
    late = await complete(desk, click(done, "U0OLGA"))
    assert isinstance(late, Tell)
    assert late.message.text.startswith("Rita has done *Announce the release to users*")


async def test_snooze_asks_until_when_proposes_tomorrow_and_puts_it_off(desk, work, task):
    _, button, _ = settle_buttons(task.id, may_snooze=True)
    asked = await ask_until_when(desk, click(button))
    assert isinstance(asked, Open)
    assert_valid_view(asked.view)
    picker = asked.view["blocks"][1]["element"]
    assert picker["initial_date_time"] == int((MORNING + timedelta(days=1)).timestamp())
    until = MORNING + timedelta(hours=5)
    entered = {"type": "datetimepicker", "selected_date_time": int(until.timestamp())}
    assert isinstance(await snooze(desk, submit(asked.view, until=entered)), Nothing)
    assert (await the_task(work)).chase_at == until
    with pytest.raises(Invalid):
        await snooze(desk, submit(asked.view, until={"type": "datetimepicker", "selected_date_time": None}))


async def test_hand_to_asks_whom_and_hands_over(desk, work, task):
    _, _, button = settle_buttons(task.id, may_snooze=True)
    asked = await ask_to_whom(desk, click(button))
    assert isinstance(asked, Open)
    person = {"type": "users_select", "selected_user": "U0SAM"}
    note = {"type": "plain_text_input", "value": None}
    assert isinstance(await hand_over(desk, submit(asked.view, person=person, note=note)), Nothing)
    assert (await the_task(work)).owner == "U0SAM"


async def test_nobody_fills_in_a_form_in_vain(desk, task):
    _, snooze_button, hand_button = settle_buttons(task.id, may_snooze=True)
    for ask, button in ((ask_until_when, snooze_button), (ask_to_whom, hand_button)):
        with pytest.raises(Refused):
            await ask(desk, click(button, "U0BOB"))


async def test_an_old_reminder_of_what_is_no_milestone_answers_snooze_with_why_not(desk, work, task):
    _, snooze_button, _ = settle_buttons(task.id, may_snooze=True)
    asked = await ask_until_when(desk, click(snooze_button))
    plain = await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING, milestone=False)
    _, old_button, hand_button = settle_buttons(plain.id, may_snooze=True)
    with pytest.raises(Refused, match="Only milestones can be snoozed"):
        await ask_until_when(desk, click(old_button))
    until = {"type": "datetimepicker", "selected_date_time": int((MORNING + timedelta(hours=5)).timestamp())}
    with pytest.raises(Refused, match="Only milestones can be snoozed"):
        await snooze(desk, submit({**asked.view, "private_metadata": f'{{"v":1,"t":{plain.id}}}'}, until=until))
    assert isinstance(await ask_to_whom(desk, click(hand_button)), Open)


async def test_the_plan_is_shown_by_identifier_as_people_type_it(desk, task):
    incoming = Incoming(payload={}, surface="command", person="U0BOB", name="", text=" pay-2026.014, ")
    answer = await show_plan(desk, incoming)
    assert isinstance(answer, Tell)
    assert answer.message.text.startswith("*Plan of PAY-2026.014*: 0 of 1 done")
    assert_valid_message(answer.message)


def home_event(**fields) -> Incoming:
    return Incoming(payload={"event": {"user": "U0RITA", **fields}}, surface="event", person="U0RITA", name="")


async def test_the_home_tab_is_shown_when_it_is_opened_and_the_messages_tab_is_not(desk, work):
    await show_opened_home(desk, home_event(tab="messages"))
    assert await rows(work, Outgoing) == []
    await show_opened_home(desk, home_event(tab="home"))
    (row,) = await rows(work, Outgoing)
    assert (row.recipient, row.facts) == ("U0RITA", {"all": False})


@pytest.mark.parametrize("everything", [True, False])
async def test_show_all_and_show_less_show_the_home_anew(desk, work, everything):
    value = json.dumps({"v": 1, "a": int(everything)})
    await show_more_or_less(desk, click({"action_id": SHOW, "value": value}))
    (row,) = await rows(work, Outgoing)
    assert row.facts == {"all": everything}
