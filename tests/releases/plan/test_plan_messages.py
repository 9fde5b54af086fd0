"""The plan, its forms, the checklist and release notes: valid for Slack, and safe with hostile text."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from messages.kit import sizes
from messages.releases.plan import checklist as day_checklist
from messages.releases.plan import release_notes
from messages.releases.plan.plan import plan
from messages.releases.plan.release_notes_draft import draft, shares
from messages.releases.plan.reminders import render as reminder
from messages.releases.plan.sustaining import sustaining_form
from messages.releases.plan.task_form import remove_form, task_form
from models.limits import NOTES_LIMIT
from models.packages.delivered import DeliveredItem
from models.releases.plan.checklist import CheckItem, Checklist
from models.releases.plan.checklist_refresh import TASKS_PER_PART
from models.releases.plan.order import DAY_PHASES, PHASES
from models.releases.plan.plan_view import PlanLine, PlanView
from models.releases.plan.records import ReminderState
from models.releases.plan.release_notes import DraftFacts, DraftKnownError, NotesToEdit, NotesVersion
from models.releases.plan.task_form import OpenTaskForm, TaskChoice, TaskForm
from tests.conftest import MORNING
from tests.releases.plan.test_reminder_messages import REMINDER
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view

LINE = PlanLine(
    id=5,
    title="Train first line",
    phase="training",
    owner="knowledge manager",
    milestone=True,
    due_at=MORNING,
    overdue=False,
    done_by="",
    done_at=None,
    position=3,
    stamp="0123456789",
    mine=True,
    first=False,
    last=False,
)

PLAN = PlanView(
    release_id=7,
    identifier="PAY-2026.014",
    title="Card payments 9.2",
    window_start=MORNING + timedelta(days=8),
    lines=(LINE,),
    sustaining=("Omar", "Kim"),
    notes=0,
    has_day=True,
    made=True,
    may_plan=True,
    may_write=True,
)

WORST = "&" * 200
"""The text that grows most when it is escaped."""


def captions(message) -> list[str]:
    rows = [block for block in message.blocks if block["type"] == "actions"]
    return [one["text"]["text"] for block in rows for one in block["elements"] if "text" in one]


def menu(message) -> list[str]:
    accessory = next(block["accessory"] for block in message.blocks if "accessory" in block)
    return [option["text"]["text"] for option in accessory.get("options", ())] or [accessory["text"]["text"]]


def test_a_plan_shows_tasks_by_phase_and_offers_what_its_reader_may_do():
    message = plan(PLAN)
    assert message.text.startswith("*Plan of PAY-2026.014*: 0 of 1 done, window from <!date^")
    words = [block["elements"][0]["text"] for block in message.blocks if block["type"] == "context"]
    assert words[0] == "*Sustaining people* who keep the service running meanwhile: Omar, Kim."
    assert words[1] == "*Training* - 0 of 1 done"
    assert message.blocks[3]["text"]["text"] == (
        ":white_circle: *Train first line*\n"
        "Milestone, knowledge manager, due <!date^1795510800^{date_short_pretty} at {time}|2026-11-24 09:00 UTC>"
    )
    assert menu(message) == ["Done", "Change", "Move up", "Move down", "Remove"]
    assert captions(message) == ["Add a task", "Sustaining people", "Draft release notes", "Checklist"]
    assert_valid_message(message)


def test_who_may_change_nothing_is_offered_nothing():
    reader = replace(PLAN, may_plan=False, may_write=False, lines=(replace(LINE, mine=False),))
    message = plan(reader)
    assert captions(message) == []
    assert not any("accessory" in block for block in message.blocks)


@pytest.mark.parametrize(
    ("changes", "offered", "words"),
    [
        ({"first": True, "last": True}, ["Done", "Change", "Remove"], "due"),
        ({"overdue": True}, ["Done", "Change", "Move up", "Move down", "Remove"], "*was due*"),
        ({"done_at": MORNING, "done_by": "Kim"}, ["Reopen", "Move up", "Move down"], "done by Kim"),
        ({"done_at": MORNING, "done_by": "Kim", "first": True, "last": True}, ["Reopen"], "~Train first line~"),
    ],
)
def test_the_menu_follows_the_task(changes, offered, words):
    message = plan(replace(PLAN, lines=(replace(LINE, **changes),)))
    assert menu(message) == offered
    assert words in message.blocks[3]["text"]["text"]
    assert_valid_message(message)


def test_missing_sustaining_people_are_said():
    message = plan(replace(PLAN, sustaining=()))
    assert message.blocks[1]["elements"][0]["text"].startswith(":warning: *No sustaining people* are named.")


def test_a_release_without_a_plan_says_when_there_will_be_one():
    message = plan(replace(PLAN, lines=(), has_day=False, made=False))
    assert message.text.endswith("It is made from the catalog's template when the release is approved.")
    assert captions(message) == ["Sustaining people", "Draft release notes"]
    assert_valid_message(message)


def test_a_plan_without_a_template_is_empty_and_takes_the_first_task():
    message = plan(replace(PLAN, lines=(), has_day=False))
    assert message.text.startswith("*Plan of PAY-2026.014* is empty")
    assert captions(message) == ["Add a task", "Sustaining people", "Draft release notes"]
    assert_valid_message(message)


@pytest.mark.parametrize("typed", [HOSTILE, LONG, WORST, "_" * 200])
def test_two_hundred_hostile_tasks_page_within_slacks_limits(typed):
    lines = tuple(
        replace(LINE, id=number, title=typed[:150], owner=typed[:80], phase=PHASES[number % 8], overdue=True)
        for number in range(200)
    )
    found = replace(PLAN, lines=lines, identifier=typed[:80], sustaining=(typed[:80],) * 20)
    pages = -(-200 // sizes.PLAN_PAGE)
    for page in range(pages):
        message = plan(found, page)
        assert_valid_message(message)
        assert [one for one in active_markup(message) if not one.startswith("<!date^")] == []
        turns = [caption for caption in captions(message) if caption in ("Earlier", "Later")]
        assert turns == ["Earlier"] * (page > 0) + ["Later"] * (page < pages - 1)
    assert plan(found, 99) == plan(found, pages - 1)
    assert plan(found, -1) == plan(found, 0)


ENTERED = TaskForm(
    title="Train first line",
    phase="training",
    due_at=MORNING,
    owner="U0KIM",
    role="knowledge_manager",
    milestone=True,
)

ABOUT = OpenTaskForm(
    release_id=7,
    identifier="PAY-2026.014",
    zone="Europe/Amsterdam",
    roles=("release_manager", "knowledge_manager", "owner"),
    tasks=(TaskChoice(1, "training", "One"), TaskChoice(2, "planning", "Two")),
    entered=ENTERED,
    task_id=5,
    stamp="0123456789",
)

PLACE = {"g": 0, "u": "https://hooks.slack.com/actions/T0/1/secret"}


def test_the_form_holds_what_the_task_says():
    view = task_form(ABOUT, "", PLACE)
    assert_valid_view(view)
    assert view["title"]["text"] == "Change the task"
    inputs = {block["label"]["text"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    assert list(inputs) == ["Title", "Phase", "Due", "Owner", "Role", "Milestone", "Before"]
    assert inputs["Title"]["initial_value"] == "Train first line"
    assert inputs["Phase"]["initial_option"]["value"] == "training"
    assert inputs["Owner"]["initial_user"] == "U0KIM"
    assert inputs["Role"]["initial_option"]["value"] == "knowledge_manager"
    assert len(inputs["Milestone"]["initial_options"]) == 1
    assert [group["label"]["text"] for group in inputs["Before"]["option_groups"]] == ["Planning", "Training"]


@pytest.mark.parametrize("typed", [HOSTILE, LONG])
def test_forms_take_hostile_text_and_two_hundred_tasks(typed):
    tasks = tuple(TaskChoice(number, PHASES[number % 2], typed[:150]) for number in range(300))
    entered = replace(ENTERED, title=typed[:150], owner=None, due_at=None, milestone=False, role="")
    about = replace(ABOUT, tasks=tasks, entered=entered, identifier=typed[:80], roles=("r" * 40,) * 120)
    new = replace(about, task_id=None)
    for view in (task_form(about, "n", PLACE), task_form(new, "n", PLACE), remove_form(about, PLACE)):
        assert_valid_view(view)
        assert active_markup(view) == []
    assert task_form(new, "n", PLACE)["title"]["text"] == "Add a task"
    bare = replace(about, tasks=(), roles=())
    assert_valid_view(task_form(bare, "n", PLACE))
    for people in ([], ["U0KIM"] * 20):
        assert_valid_view(sustaining_form(7, typed[:80], people, PLACE))


def item(number: int, **changes) -> CheckItem:
    usual = CheckItem(number, f"Step {number}", "implementation", "Dana", MORNING, False, "", None)
    return replace(usual, **changes)


CHECKLIST = Checklist(
    release_id=7,
    identifier="PAY-2026.014",
    title="Card payments 9.2",
    state="deploying",
    window_start=MORNING,
    window_end=MORNING + timedelta(hours=2),
    sustaining=("Omar",),
    items=tuple(item(number) for number in range(1, 13)),
    done=0,
    total=12,
    part=0,
    parts=1,
    drawn=1,
    closed=False,
)


def boxes(message) -> list[tuple[str, dict]]:
    return [(one["block_id"], one["elements"][0]) for one in message.blocks if one["type"] == "actions"]


def test_a_checklist_has_ten_boxes_a_group_and_its_ids_say_what_is_ticked():
    ticked = replace(CHECKLIST, items=(item(1, done_at=MORNING, done_by="Dana"), *CHECKLIST.items[1:]), done=1)
    message = day_checklist.render(ticked)
    assert_valid_message(message)
    (first, upper), (second, lower) = boxes(message)
    assert [len(upper["options"]), len(lower["options"])] == [10, 2]
    assert [one["value"] for one in upper["initial_options"]] == ["1"]
    assert "initial_options" not in lower
    assert day_checklist.shown_in(first) == (7, {1})
    assert day_checklist.shown_in(second) == (7, set())
    described = [one["description"]["text"].partition(", <!date")[0] for one in upper["options"][:2]]
    assert described == ["done by Dana", "Dana"]


def test_boxes_that_go_back_are_new_ones_to_slack():
    before, after = (day_checklist.render(replace(CHECKLIST, drawn=drawn)) for drawn in (1, 2))
    assert {one for one, _ in boxes(before)}.isdisjoint(one for one, _ in boxes(after))


def test_a_closed_checklist_has_no_boxes():
    message = day_checklist.render(replace(CHECKLIST, closed=True, state="backed_out"))
    assert boxes(message) == []
    assert "The release is backed out, so there is nothing to tick any more." in message.text
    assert_valid_message(message)


@pytest.mark.parametrize("typed", [HOSTILE, LONG, WORST, "_" * 200])
@pytest.mark.parametrize("closed", [True, False])
def test_a_full_part_of_hostile_tasks_stays_within_slacks_limits(typed, closed):
    items = tuple(
        item(2_000_000_000 + number, title=typed[:150], owner=typed[:80], phase=DAY_PHASES[number // 13])
        for number in range(TASKS_PER_PART)
    )
    done = tuple(replace(one, done_at=MORNING, done_by=typed[:80]) for one in items)
    for some in (items, done):
        full = replace(
            CHECKLIST,
            items=some,
            identifier=typed[:80],
            sustaining=(typed[:80],) * 20,
            closed=closed,
            drawn=2_000_000_000,
            parts=4,
        )
        message = day_checklist.render(full)
        assert_valid_message(message)
        assert [one for one in active_markup(message) if not one.startswith("<!date^")] == []


FACTS = DraftFacts(
    identifier="PAY-2026.014",
    title="Card payments 9.2",
    description="Faster settlement & <less> waiting",
    service="Payments",
    changes=("CHG0000132", "CHG0000133"),
    method="rolling",
    window_start=(MORNING + timedelta(days=2)).astimezone(ZoneInfo("Europe/Amsterdam")),
    window_end=(MORNING + timedelta(days=2, hours=2)).astimezone(ZoneInfo("Europe/Amsterdam")),
    zone="Europe/Amsterdam",
    back_out_plan="Redeploy 9.1",
    known_errors=(
        DraftKnownError("KE-12", "Refund shows twice", "Reload"),
        DraftKnownError("KE-13", "Slow page", ""),
    ),
)


def test_a_draft_says_what_is_known_as_it_was_typed():
    assert draft(FACTS) == (
        "PAY-2026.014 Card payments 9.2\n"
        "Service: Payments\n"
        "Window: Thu 26 Nov 2026 10:00 - 12:00 Europe/Amsterdam\n"
        "Method: rolling\n\n"
        "What changes\nFaster settlement & <less> waiting\n\n"
        "Authorised changes\nCHG0000132, CHG0000133\n\n"
        "Known errors\nKE-12 Refund shows twice\nWorkaround: Reload\nKE-13 Slow page\nNo workaround is known.\n\n"
        "Back-out\nRedeploy 9.1"
    )
    assert "Known errors\nNone.\n\nBack-out" in draft(replace(FACTS, known_errors=()))


DELIVERED = (
    DeliveredItem("hsm", "hardware", "7"),
    DeliveredItem("pay-api", "software", "9.2.0", "9.1.0"),
    DeliveredItem("pay-db", "software", "15.4", "15.4"),
)


def test_a_draft_says_what_is_delivered_by_kind_and_from_which_version():
    assert (
        "less> waiting\n\nWhat is delivered\nHardware: 1\n- hsm 7\n"
        "Software: 2\n- pay-api 9.1.0 -> 9.2.0\n- pay-db 15.4, as before\n\nAuthorised changes\n"
    ) in draft(replace(FACTS, delivered=DELIVERED))


def test_a_draft_of_three_hundred_items_says_something_of_every_section_and_where_all_of_it_is():
    many = tuple(DeliveredItem(f"server-{n}", "hardware", f"{n}.1", f"{n}.0") for n in range(280))
    many += tuple(DeliveredItem(f"doc-{n}", "documentation", "2") for n in range(20))
    text = draft(replace(FACTS, delivered=many, description="x" * 3000, back_out_plan="y" * 3000))
    assert len(text) <= NOTES_LIMIT
    shown = [line for line in text.splitlines() if line.startswith("- ")]
    assert f"Hardware: 280, of which {sum('server' in line for line in shown)} here" in text
    assert sum("doc" in line for line in shown) > 10
    assert "\nAll of it: /release package PAY-2026.014\n" in text
    assert text.count("x") > 500
    assert text.count("y") > 500
    assert "KE-12 Refund shows twice" in text
    alone = draft(replace(FACTS, delivered=many))
    assert alone.endswith("\n\nBack-out\nRedeploy 9.1")
    assert NOTES_LIMIT - 100 < len(alone) <= NOTES_LIMIT


@pytest.mark.parametrize(
    ("wanted", "room", "given"),
    [
        ([10, 20], 100, [10, 20]),
        ([10, 200, 300], 100, [10, 45, 45]),
        ([300, 10, 30], 100, [60, 10, 30]),
        ([5, 5], 0, [0, 0]),
        ([5], -3, [0]),
        ([], 7, []),
    ],
)
def test_room_is_shared_fairly(wanted, room, given):
    assert shares(wanted, room) == given


@pytest.mark.parametrize("typed", [HOSTILE, LONG])
def test_notes_of_any_text_stay_within_slacks_limits_and_act_nowhere(typed):
    items = tuple(DeliveredItem(typed[:75], "software", typed[:50], typed[:50] + "1") for _ in range(300))
    errors = tuple(DraftKnownError(f"KE-{n}", typed[:150], typed[:3000]) for n in range(10))
    facts = replace(FACTS, title=typed[:150], description=typed[:3000], back_out_plan=typed[:3000])
    facts = replace(facts, delivered=items, known_errors=errors, changes=("CHG0000132",) * 50)
    assert len(draft(facts)) <= NOTES_LIMIT
    fresh = NotesToEdit(7, typed[:80], 0, "", None, facts)
    saved = NotesToEdit(7, typed[:80], 3, typed[:3000], MORNING, None)
    for notes in (fresh, saved):
        view = release_notes.notes_form(notes)
        assert_valid_view(view)
        assert [one for one in active_markup(view) if not one.startswith("<!date^")] == []
    shown = NotesVersion(typed[:80], typed[:150], 3, typed[:3000], typed[:80], MORNING)
    message = release_notes.render(shown)
    assert_valid_message(message)
    assert [one for one in active_markup(message) if not one.startswith("<!date^")] == []


def test_a_reminder_of_a_removed_task_has_no_buttons():
    message = reminder(replace(REMINDER, standing=ReminderState.REMOVED, done_by="Rita"))
    assert message.text == "*Train first line* for PAY-2026.014 is not in the plan any more. Removed by Rita."
    assert len(message.blocks) == 1
