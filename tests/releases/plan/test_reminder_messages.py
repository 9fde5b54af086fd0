"""Reminders and their forms: valid for Slack, safe with hostile text, mentioning only people who have to act."""

from dataclasses import replace
from datetime import timedelta

import pytest

from messages.releases.plan.reminders import done_already, hand_form, render, snooze_form
from models.releases.plan.records import DoneTask, OpenTask, ReminderState, TaskReminder
from tests.conftest import MORNING
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view

REMINDER = TaskReminder(
    task_id=5,
    title="Train first line",
    milestone=True,
    release_id=7,
    identifier="PAY-2026.014",
    due_at=MORNING + timedelta(days=1, hours=7),
    overdue=False,
    role="knowledge manager",
    owners=("U0KIM",),
    standing=ReminderState.OPEN,
    state="approved",
    done_by="",
    done_at=None,
    snoozed_until=None,
    snoozed_by="",
    handed_to="",
    handed_by="",
    note="",
)

TOMORROW = "<!date^1795622400^{date_long_pretty} at {time}|2026-11-25 16:00 UTC>"

TASK = OpenTask(5, "Train first line", "PAY-2026.014")

CASES = [
    pytest.param(
        {},
        f"<@U0KIM> *Train first line* for PAY-2026.014 is due {TOMORROW}.",
        ["Done", "Snooze", "Hand to"],
        id="asking",
    ),
    pytest.param(
        {"overdue": True},
        f"<@U0KIM> *Train first line* for PAY-2026.014 was due {TOMORROW}.",
        ["Done", "Snooze", "Hand to"],
        id="overdue",
    ),
    pytest.param(
        {"owners": ("S0KNOW", *(f"U{n}" for n in range(6)))},
        "<!subteam^S0KNOW> <@U0> <@U1> <@U2> <@U3> and 2 more, "
        f"*Train first line* for PAY-2026.014 is due {TOMORROW}.",
        ["Done", "Snooze", "Hand to"],
        id="many owners",
    ),
    pytest.param(
        {"owners": ()},
        f"*Train first line* for PAY-2026.014 is due {TOMORROW}. The catalog names nobody as knowledge manager.",
        ["Done", "Snooze", "Hand to"],
        id="no owner",
    ),
    pytest.param(
        {"owners": ("U0SAM",), "handed_by": "Kim", "note": "You know the shop"},
        f"<@U0SAM> *Train first line* for PAY-2026.014 is due {TOMORROW}. Kim handed it over.",
        ["Done", "Snooze", "Hand to"],
        id="handed over",
    ),
    pytest.param(
        {"milestone": False, "owners": ("U0SAM",), "handed_by": "Kim"},
        f"<@U0SAM> *Train first line* for PAY-2026.014 is due {TOMORROW}. Kim handed it over.",
        ["Done", "Hand to"],
        id="no milestone, handed over",
    ),
    pytest.param(
        {"snoozed_until": REMINDER.due_at, "snoozed_by": "Kim"},
        f"*Train first line* for PAY-2026.014. Kim snoozed it until {TOMORROW}.",
        ["Done"],
        id="snoozed",
    ),
    pytest.param(
        {"standing": ReminderState.DONE, "done_by": "Rita", "done_at": MORNING},
        "*Train first line* for PAY-2026.014. Done by Rita, "
        "<!date^1795510800^{date_short_pretty} at {time}|2026-11-24 09:00 UTC>.",
        [],
        id="done",
    ),
    pytest.param(
        {"standing": ReminderState.REPLACED},
        "*Train first line* for PAY-2026.014. Asked again below.",
        [],
        id="asked again",
    ),
    pytest.param(
        {"standing": ReminderState.REPLACED, "handed_to": "Sam", "handed_by": "Kim"},
        "*Train first line* for PAY-2026.014. Kim handed it to Sam.",
        [],
        id="handed on",
    ),
    pytest.param(
        {"standing": ReminderState.PAUSED, "state": "waiting for approval"},
        "*Train first line* for PAY-2026.014 waits: the release is waiting for approval.",
        [],
        id="undecided",
    ),
    pytest.param(
        {"standing": ReminderState.SETTLED, "state": "cancelled"},
        "*Train first line* for PAY-2026.014 is not needed any more: the release is cancelled.",
        [],
        id="settled",
    ),
]


def captions(message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [one["text"]["text"] for row in rows for one in row]


@pytest.mark.parametrize(("changes", "text", "buttons"), CASES)
def test_a_reminder_says_how_it_stands_and_has_the_buttons_that_still_mean_something(changes, text, buttons):
    message = render(replace(REMINDER, **changes))
    assert message.text == text
    assert captions(message) == buttons
    assert_valid_message(message)


@pytest.mark.parametrize("standing", list(ReminderState))
@pytest.mark.parametrize("snoozed", [None, MORNING])
def test_nothing_that_people_typed_acts(standing, snoozed):
    message = render(
        replace(
            REMINDER,
            standing=standing,
            title=HOSTILE[:150],
            identifier=HOSTILE[:80],
            role=HOSTILE[:40],
            owners=(),
            done_by=HOSTILE[:80],
            done_at=MORNING,
            snoozed_until=snoozed,
            snoozed_by=HOSTILE[:80],
            handed_to=HOSTILE[:80],
            handed_by=HOSTILE[:80],
            note=LONG[:500],
        )
    )
    assert_valid_message(message)
    assert [one for one in active_markup(message) if not one.startswith("<!date^")] == []


def test_the_forms_are_valid_and_carry_the_task():
    for view in (snooze_form(TASK, MORNING), hand_form(TASK)):
        assert_valid_view(view)
        assert view["private_metadata"] == '{"v":1,"t":5}'
    hostile = OpenTask(5, HOSTILE[:150], HOSTILE[:80])
    for view in (snooze_form(hostile, MORNING), hand_form(hostile)):
        assert_valid_view(view)
        assert active_markup(view) == []


def test_the_forms_are_called_what_the_buttons_are_called():
    snooze, hand = snooze_form(TASK, MORNING), hand_form(TASK)
    assert [snooze["title"]["text"], hand["title"]["text"]] == ["Snooze", "Hand to"]
    labels = [block["label"]["text"] for view in (snooze, hand) for block in view["blocks"] if "label" in block]
    assert labels == ["Until", "Person", "Note"]


def test_somebody_who_comes_late_is_told_who_did_it():
    message = done_already(DoneTask(1, TASK.title, TASK.identifier, "Rita", MORNING))
    assert message.text.startswith("Rita has done *Train first line* for PAY-2026.014 already")
    assert_valid_message(message)
