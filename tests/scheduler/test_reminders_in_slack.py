"""Reminders as they stand in Slack: in the release's thread, with buttons only while they mean something."""

from datetime import timedelta

import pytest

from models.people.home_refresh import open_home
from models.releases.plan.settle_task import complete_task, hand_task_over, snooze_task
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from scheduler.delivery import Delivery
from scheduler.reminders import remind_of_milestones
from tests.conftest import MORNING
from tests.releases.steps import approved, by, form


@pytest.fixture
async def delivery(work, client, catalog, people) -> Delivery:
    return Delivery(work, client)


async def deliver(delivery: Delivery, clock) -> None:
    for _ in range(4):
        while await delivery.deliver_due():
            pass
        clock.move(timedelta(seconds=5))


def thread(slack) -> list:
    (card,) = slack.messages_in("C0PAY", "U0ANN")
    return slack.thread("C0PAY", card.ts, "U0ANN")[1:]


def reminders(slack) -> list:
    return [message for message in thread(slack) if "Announce the release" in message.text]


def captions(view_or_message) -> list[str]:
    rows = [block["elements"] for block in view_or_message.blocks if block["type"] == "actions"]
    return [one["text"]["text"] for row in rows for one in row if one["type"] == "button"]


@pytest.fixture
async def release(delivery, slack, work, clock) -> int:
    """An approved release whose first milestone, *Announce the release to users*, is due and reminded of."""
    made = await approved(work)
    await deliver(delivery, clock)
    clock.set(MORNING + timedelta(days=1))
    await remind_of_milestones(work)
    await deliver(delivery, clock)
    return made


async def test_a_reminder_stands_in_the_releases_thread_and_mentions_its_owner(release, slack):
    (reminder,) = reminders(slack)
    assert reminder.text.startswith("<@U0RITA> *Announce the release to users* for PAY-2026.001 is due <!date^")
    assert captions(reminder) == ["Done", "Snooze", "Hand to"]


async def test_done_takes_the_buttons_away_and_says_by_whom(release, slack, delivery, work, clock):
    await complete_task(work, by("U0OLGA"), 1)
    await deliver(delivery, clock)
    (reminder,) = reminders(slack)
    assert "Done by Olga" in reminder.text
    assert "<@" not in reminder.text
    assert captions(reminder) == []


async def test_the_next_days_reminder_takes_the_buttons_of_the_last(release, slack, delivery, work, clock):
    clock.set(MORNING + timedelta(days=2))
    await remind_of_milestones(work)
    await deliver(delivery, clock)
    first, second = reminders(slack)
    assert (first.text, captions(first)) == (
        "*Announce the release to users* for PAY-2026.001. Asked again below.",
        [],
    )
    assert " was due " in second.text
    assert captions(second) == ["Done", "Snooze", "Hand to"]


async def test_a_cancelled_release_leaves_no_button_behind(release, slack, delivery, work, clock):
    await cancel_release(work, by("U0ANN"), release)
    await deliver(delivery, clock)
    (reminder,) = reminders(slack)
    assert reminder.text.endswith("is not needed any more: the release is cancelled.")
    assert captions(reminder) == []


async def test_a_moved_window_shows_in_the_reminder_that_stands(release, slack, delivery, work, clock):
    later = MORNING + timedelta(days=20)
    await edit_release(
        work, by("U0ANN"), release, 1, form(window_start=later, window_end=later + timedelta(hours=1))
    )
    await deliver(delivery, clock)
    (reminder,) = reminders(slack)
    assert reminder.text.endswith("waits: the release is waiting for approval.")


async def test_handing_over_reminds_the_new_owner_in_a_message_of_their_own(release, slack, delivery, work, clock):
    await hand_task_over(work, by("U0RITA", "modal"), 1, "U0SAM", "You know them")
    await deliver(delivery, clock)
    first, second = reminders(slack)
    assert first.text.endswith("Rita handed it to Sam.")
    assert second.text.startswith("<@U0SAM> ")
    assert "You know them" in str(second.blocks)


async def test_a_snoozed_reminder_can_still_be_done(release, slack, delivery, work, clock):
    await snooze_task(work, by("U0RITA", "modal"), 1, MORNING + timedelta(days=3))
    await deliver(delivery, clock)
    (reminder,) = reminders(slack)
    assert "Rita snoozed it until" in reminder.text
    assert captions(reminder) == ["Done"]


async def test_a_reminder_that_is_settled_before_slack_is_back_is_never_posted(slack, delivery, work, clock):
    await approved(work)
    await deliver(delivery, clock)
    clock.set(MORNING + timedelta(days=1))
    await remind_of_milestones(work)
    await complete_task(work, by("U0RITA"), 1)
    await deliver(delivery, clock)
    assert reminders(slack) == []


async def test_a_home_follows_what_happens(release, slack, delivery, work, clock):
    await open_home(work, "U0RITA")
    await deliver(delivery, clock)
    assert captions(slack.home("U0RITA"))[:3] == ["Done", "Snooze", "Hand to"]
    assert "Announce the release" in str(slack.home("U0RITA").blocks)
    await complete_task(work, by("U0RITA", "home"), 1)
    await deliver(delivery, clock)
    assert "Announce the release" not in str(slack.home("U0RITA").blocks)
