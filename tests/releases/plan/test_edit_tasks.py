"""Adding, changing, moving and removing tasks, and the reminders that follow them."""

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from models.audit import AuditEntry
from models.errors import Invalid, NotFound, Refused, Stale
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.plan import PlanTask
from models.limits import TASKS_LIMIT as MOST_TASKS
from models.outbox import Outgoing, message_by_key
from models.releases.plan.access import stamp
from models.releases.plan.edit_tasks import add_task, change_task, move_task, remove_task
from models.releases.plan.plan_view import plan_view
from models.releases.plan.queries import task_reminder
from models.releases.plan.records import ReminderState
from models.releases.plan.settle_task import complete_task, reopen_task, snooze_task
from models.releases.plan.task_form import TaskForm, new_task_form, offset_between, open_task_form
from models.releases.request.edit import edit_release
from scheduler.reminders import remind_of_milestones
from tests.conftest import MORNING
from tests.factories import make_release, make_task
from tests.releases.steps import approved, by, form, rows

DUE = MORNING + timedelta(days=8, hours=1)


def entered(**changes) -> TaskForm:
    fields = {
        "title": "Switch traffic over",
        "phase": "implementation",
        "due_at": DUE,
        "owner": None,
        "role": "deployment_staff",
        "milestone": False,
    }
    return TaskForm(**(fields | changes))


@pytest.fixture
async def release(work, catalog, people) -> int:
    """An approved release with the plan of its template."""
    return await approved(work)


async def plan(work) -> list[PlanTask]:
    return sorted(await rows(work, PlanTask), key=lambda task: task.position)


async def named(work, title: str) -> PlanTask:
    return next(task for task in await plan(work) if task.title == title)


async def tags(work) -> list[str]:
    return [entry.tag for entry in await rows(work, AuditEntry) if entry.tag.startswith("release:task")]


def as_is(task: PlanTask, **changes) -> TaskForm:
    names = ("title", "phase", "due_at", "owner", "role", "milestone")
    return TaskForm(**({name: getattr(task, name) for name in names} | changes))


async def change(work, task: PlanTask, person: str = "U0RITA", **changes) -> None:
    await change_task(work, by(person), task.release_id, task.id, as_is(task, **changes), stamp(task))


@pytest.mark.parametrize("person", ["U0RITA", "U0OLGA", "U0ANN"])
async def test_release_manager_owner_and_requester_add_a_task_behind_its_phase(work, release, person):
    await add_task(work, by(person), release, entered(), "n1")
    tasks = await plan(work)
    assert [task.position for task in tasks] == list(range(7))
    task = tasks[-1]
    assert (task.title, task.phase, task.role, task.owner) == (
        "Switch traffic over",
        "implementation",
        "deployment_staff",
        None,
    )
    assert (task.due_at, task.chase_at, task.offset_days, task.offset_seconds) == (DUE, None, 0, 3600)
    assert await tags(work) == ["release:task:added"]


@pytest.mark.parametrize("person", ["U0DANA", "U0KIM", "U0BOB"])
async def test_others_are_told_who_could_add(work, release, person):
    for attempt in (
        lambda: add_task(work, by(person), release, entered(), "n1"),
        lambda: new_task_form(work, by(person), release),
    ):
        with pytest.raises(Refused, match=r"for whoever requested PAY-2026\.001 and for its release manager: Rita"):
            await attempt()
    assert len(await plan(work)) == 6


async def test_the_same_form_twice_adds_one_task(work, release):
    for _ in range(2):
        await add_task(work, by("U0RITA"), release, entered(), "n1")
    assert len(await plan(work)) == 7


async def test_two_people_who_add_at_once_both_get_a_place(work, release):
    await asyncio.gather(
        add_task(work, by("U0RITA"), release, entered(title="One"), "n1"),
        add_task(work, by("U0ANN"), release, entered(title="Two"), "n2"),
    )
    assert [task.position for task in await plan(work)] == list(range(8))


async def test_a_task_is_put_before_another(work, release):
    first = (await plan(work))[0]
    await add_task(work, by("U0RITA"), release, entered(before=first.id), "n1")
    assert [task.title for task in await plan(work)][:2] == ["Switch traffic over", first.title]


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": "  "}, "title", "Say what is to be done."),
        ({"title": "x" * 151}, "title", "This is 151 characters long; 150 is the most."),
        ({"phase": "party"}, "phase", "Choose one of the phases."),
        ({"due_at": None}, "due", "Say when it is due."),
        ({"due_at": MORNING}, "due", "This has passed. Choose a later moment."),
        ({"role": ""}, "role", "Choose an owner, or the role that owns it."),
        ({"role": "dancer"}, "role", "Nobody holds this role in the service. Choose another, or an owner."),
        (
            {"owner": "USLACKBOT"},
            "owner",
            "This account is a bot or a guest, or was deactivated. Choose somebody who can do it.",
        ),
    ],
)
async def test_what_is_wrong_is_said_under_its_field_and_nothing_changes(work, release, changes, field, sentence):
    with pytest.raises(Invalid) as raised:
        await add_task(work, by("U0RITA"), release, entered(**changes), "n1")
    assert raised.value.problems == {field: sentence}
    task = (await plan(work))[0]
    with pytest.raises(Invalid):
        await change_task(work, by("U0RITA"), release, task.id, entered(**changes), stamp(task))
    assert await tags(work) == []


async def test_a_stopped_or_undecided_release_takes_no_task(work, catalog, people):
    stopped = await make_release(work, State.BACKED_OUT)
    undecided = await make_release(work, State.REQUESTED)
    with pytest.raises(Refused, match="is backed out, so its plan needs nothing any more"):
        await add_task(work, by("U0RITA"), stopped.id, entered(), "n1")
    with pytest.raises(Refused, match="has no plan yet"):
        await add_task(work, by("U0RITA"), undecided.id, entered(), "n2")


async def test_a_plan_has_at_most_two_hundred_tasks(work, catalog, people):
    release = await make_release(work, State.APPROVED)
    for number in range(MOST_TASKS):
        await make_task(work, release, position=number, milestone=False)
    with pytest.raises(Refused, match="has 200 tasks; 200 is the most"):
        await add_task(work, by("U0RITA"), release.id, entered(), "n1")


async def test_a_new_owner_is_told_at_once_whoever_names_them(work, release):
    await add_task(work, by("U0RITA"), release, entered(owner="U0SAM", role=""), "n1")
    task = await named(work, "Switch traffic over")
    assert (task.owner, task.role, task.chased) == ("U0SAM", "release_manager", 1)
    await change(work, task, owner="U0DANA")
    told = [row for row in await rows(work, Outgoing) if row.message == "task_reminder"]
    assert [row.facts["handed_by"] for row in told] == ["U0RITA", "U0RITA"]


async def test_a_changed_date_stays_relative_to_the_window_and_is_chased_anew(work, release):
    training = await named(work, "Train first line")
    await change(work, training, due_at=training.due_at - timedelta(days=1))
    changed = await named(work, "Train first line")
    assert (changed.offset_days, changed.offset_seconds) == (-6, 0)
    assert changed.chase_at == changed.due_at == MORNING + timedelta(days=2)
    later = MORNING + timedelta(days=20)
    moved_window = form(window_start=later, window_end=later + timedelta(hours=2))
    await edit_release(work, by("U0ANN", "modal"), release, 1, moved_window)
    assert (await named(work, "Train first line")).due_at == later - timedelta(days=6)


async def test_a_date_that_stands_by_itself_stays_by_itself(work, catalog, people):
    release = await make_release(work, State.APPROVED)
    task = await make_task(work, release, due_at=MORNING + timedelta(days=30))
    await change(work, task, due_at=MORNING + timedelta(days=31))
    (changed,) = await plan(work)
    assert (changed.due_at, changed.offset_days) == (MORNING + timedelta(days=31), None)


def test_a_distance_counts_calendar_days_across_a_change_of_clocks():
    start = MORNING.replace(month=10, day=26)
    assert offset_between(start, start - timedelta(days=3) - timedelta(hours=1), ZoneInfo("Europe/Amsterdam")) == (
        -3,
        0,
    )


async def test_a_snooze_holds_unless_the_date_changes(work, release):
    task = await named(work, "Train first line")
    until = MORNING + timedelta(days=5)
    await snooze_task(work, by("U0KIM"), task.id, until)
    await change(work, await named(work, "Train first line"), title="Train the first line")
    assert (await named(work, "Train the first line")).chase_at == until


async def test_a_milestone_is_chased_and_what_is_none_any_more_is_not(work, release):
    rehearse = await named(work, "Rehearse back-out")
    await change(work, rehearse, milestone=True)
    assert (await named(work, "Rehearse back-out")).chase_at == rehearse.due_at
    await change(work, await named(work, "Rehearse back-out"), milestone=False)
    assert (await named(work, "Rehearse back-out")).chase_at is None


async def test_the_tasks_owner_changes_it_and_nobody_else_without_the_right(work, release):
    training = await named(work, "Train first line")
    await change(work, training, "U0KIM", title="Train everybody")
    with pytest.raises(Refused, match="knowledge manager or release manager: Kim or Rita"):
        await change(work, await named(work, "Train everybody"), "U0BOB", title="Nobody")
    with pytest.raises(Refused):
        await open_task_form(work, by("U0BOB"), release, training.id)


async def test_a_refused_change_names_also_whom_the_task_was_handed_to(work, release):
    await change(work, await named(work, "Train first line"), owner="U0SAM")
    with pytest.raises(Refused, match=r"manager: Kim or Rita\. It was handed to Sam, who may too\."):
        await change(work, await named(work, "Train first line"), "U0BOB", title="Nobody")
    await change(work, await named(work, "Train first line"), "U0SAM", title="Train everybody")


async def test_a_change_says_what_it_was(work, release):
    task = await named(work, "Train first line")
    await change(work, task, title="Train everybody", milestone=False)
    (entry,) = [one for one in await rows(work, AuditEntry) if one.tag == "release:task:changed"]
    assert entry.facts["fields"] == ["title", "milestone"]
    assert entry.facts["before"] == ["Train first line", "True"]
    await change(work, await named(work, "Train everybody"))
    assert (await tags(work)).count("release:task:changed") == 1


async def test_an_edit_of_what_somebody_else_changed_meanwhile_is_refused(work, release):
    seen = await named(work, "Train first line")
    await change(work, seen, title="Train everybody")
    with pytest.raises(Stale, match="Somebody else changed this task meanwhile"):
        await change(work, seen, title="Train nobody")
    with pytest.raises(Stale):
        await remove_task(work, by("U0RITA"), release, seen.id, stamp(seen))
    await complete_task(work, by("U0RITA"), seen.id)
    done = await named(work, "Train everybody")
    for attempt in (
        change(work, done, title="Train nobody"),
        remove_task(work, by("U0RITA"), release, seen.id, stamp(done)),
    ):
        with pytest.raises(Refused, match="is done, and what was done stays as it was"):
            await attempt


async def test_tasks_move_within_their_phase_and_a_stale_move_is_refused(work, release):
    confirm = await named(work, "Confirm the window to users")
    await move_task(work, by("U0RITA"), release, confirm.id, -1, confirm.position)
    tasks = await plan(work)
    assert [task.position for task in tasks] == list(range(6))
    communication = [task.title for task in tasks if task.phase == "communication"]
    assert communication == ["Confirm the window to users", "Announce the release to users"]
    with pytest.raises(Stale, match="moved tasks meanwhile"):
        await move_task(work, by("U0RITA"), release, confirm.id, -1, confirm.position)
    top = await named(work, "Confirm the window to users")
    await move_task(work, by("U0RITA"), release, top.id, -1, top.position)
    assert await tags(work) == ["release:task:moved"]


async def test_a_task_of_another_phase_moves_there(work, release):
    await change(work, await named(work, "Announce the release to users"), phase="back-out")
    tasks = await plan(work)
    assert [task.title for task in tasks if task.phase == "back-out"][-1] == "Announce the release to users"
    assert [task.position for task in tasks] == list(range(6))


async def test_a_removed_task_is_gone_and_its_reminder_says_so(work, catalog, people):
    release = await make_release(work, State.APPROVED, identifier="PAY-2026.014")
    first = await make_task(work, release, position=0, due_at=MORNING, title="Train first line")
    await make_task(work, release, position=1, title="Announce")
    await remind_of_milestones(work)
    first = (await plan(work))[0]
    assert await remove_task(work, by("U0RITA"), release.id, first.id, stamp(first)) == "Train first line"
    (left,) = await plan(work)
    assert (left.title, left.position) == ("Announce", 0)
    async with work.database.reading() as session:
        row = await message_by_key(session, f"task:{first.id}:1")
        assert row is not None
        assert await task_reminder(session, catalog, row, work.clock.now()) is None
        row.ts = "1.1"
        shown = await task_reminder(session, catalog, row, work.clock.now())
    assert shown is not None
    assert (shown.standing, shown.title, shown.done_by) == (ReminderState.REMOVED, "Train first line", "Rita")
    with pytest.raises(NotFound, match="not in the plan any more"):
        await remove_task(work, by("U0RITA"), release.id, first.id, stamp(first))


async def test_a_reopened_milestone_is_chased_again(work, release):
    task = await named(work, "Train first line")
    await complete_task(work, by("U0KIM"), task.id)
    with pytest.raises(Refused):
        await reopen_task(work, by("U0BOB"), task.id)
    for _ in range(2):
        await reopen_task(work, by("U0RITA"), task.id)
    again = await named(work, "Train first line")
    assert (again.done_at, again.done_by, again.chase_at) == (None, None, task.due_at)
    assert (await tags(work)).count("release:task:reopened") == 1


async def test_an_approved_release_whose_template_is_empty_takes_a_first_task(work, catalog, people):
    release = await make_release(work, State.APPROVED, service="WEB")
    async with work.reading() as snapshot:
        assert (await plan_view(snapshot, "U0SAM", release.id)).made
    await add_task(work, by("U0SAM"), release.id, entered(role="test_manager", due_at=DUE), "n1")
    (task,) = await plan(work)
    assert (task.position, task.role) == (0, "test_manager")


async def test_the_plan_is_shown_by_phase_with_what_its_reader_may_do(work, release):
    async def seen_by(person: str):
        async with work.reading() as snapshot:
            return await plan_view(snapshot, person, release)

    manager, kim, bob = [await seen_by(person) for person in ("U0RITA", "U0KIM", "U0BOB")]
    assert [line.phase for line in manager.lines] == [
        *("communication", "communication", "preparation", "training", "back-out", "early_life_support"),
    ]
    assert (manager.may_plan, manager.may_write, all(line.mine for line in manager.lines)) == (True, True, True)
    assert [line.title for line in kim.lines if line.mine] == ["Train first line"]
    assert (bob.may_plan, bob.may_write, any(line.mine for line in bob.lines)) == (False, False, False)
    assert [(line.first, line.last) for line in manager.lines[:2]] == [(True, False), (False, True)]
