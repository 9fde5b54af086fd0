from datetime import timedelta

import pytest
from sqlmodel import col, select

from models.audit import AuditEntry
from models.errors import Invalid, NotFound, Refused
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.plan import PlanTask
from models.membership.tables import GroupMember, Person
from models.outbox import Outgoing
from models.releases.plan.events import TaskSnoozed
from models.releases.plan.queries import task_reminder
from models.releases.plan.records import ReminderState, TaskReminder
from models.releases.plan.reminders import next_due_reminder
from models.releases.plan.settle_task import (
    LONGEST_SNOOZE,
    check_may_settle_task,
    check_may_snooze_task,
    complete_task,
    hand_task_over,
    snooze_task,
)
from scheduler.reminders import remind_of_milestones
from tests.conftest import MORNING, example_document, put_catalog
from tests.factories import insert, make_release, make_task
from tests.releases.steps import by, rows


@pytest.fixture
async def task(work, catalog, people) -> PlanTask:
    """The milestone *Train first line*, due now, of an approved release."""
    release = await make_release(work, State.APPROVED, identifier="PAY-2026.014")
    return await make_task(work, release, due_at=MORNING, title="Train first line", role="knowledge_manager")


async def get(work, task: PlanTask) -> PlanTask:
    async with work.database.reading() as session:
        found = await session.get(PlanTask, task.id)
        assert found is not None
        return found


async def trail(work, tag: str) -> list[AuditEntry]:
    async with work.database.reading() as session:
        return list((await session.exec(select(AuditEntry).where(col(AuditEntry.tag) == tag))).all())


async def shown(work, task: PlanTask, count: int, *, posted: bool = True) -> TaskReminder | None:
    async with work.reading() as snapshot:
        row = (
            await snapshot.session.exec(select(Outgoing).where(col(Outgoing.key) == f"task:{task.id}:{count}"))
        ).one()
        row.ts = "1.1" if posted else None
        return await task_reminder(snapshot.session, await snapshot.catalog(), row, work.clock.now())


@pytest.mark.parametrize("person", ["U0KIM", "U0RITA", "U0OLGA"])
async def test_the_owner_the_release_manager_and_the_service_owner_may_settle(work, task, person):
    settled = await complete_task(work, by(person), task.id)
    assert (settled.title, settled.identifier, settled.by) == ("Train first line", "PAY-2026.014", "")
    done = await get(work, task)
    assert (done.done_by, done.done_at, done.chase_at) == (person, MORNING, None)
    (entry,) = await trail(work, "release:task:done")
    assert (entry.person, entry.surface, entry.subject) == (person, "button", str(task.id))


@pytest.mark.parametrize("person", ["U0ANN", "U0BOB", "U0TOM"])
async def test_others_are_told_who_could(work, task, person):
    expected = "knowledge manager or release manager of PAY-2026.014: Kim or Rita"
    for attempt in (
        complete_task(work, by(person), task.id),
        snooze_task(work, by(person), task.id, MORNING + timedelta(hours=1)),
        hand_task_over(work, by(person), task.id, person),
        check_may_settle_task(work, by(person), task.id),
        check_may_snooze_task(work, by(person), task.id),
    ):
        with pytest.raises(Refused, match=expected):
            await attempt
    assert (await get(work, task)).done_at is None


async def test_who_is_named_may_settle_also_where_nobody_holds_the_roles(work, people):
    document = example_document()
    roles = document["services"][0]["roles"]
    del roles["knowledge_manager"], roles["release_manager"]
    await put_catalog(work, document)
    release = await make_release(work, State.APPROVED, identifier="PAY-2026.014")
    task = await make_task(work, release, due_at=MORNING, role="knowledge_manager")
    with pytest.raises(Refused, match=r"This is for the owner of PAY-2026\.014: Olga\."):
        await complete_task(work, by("U0KIM"), task.id)
    await complete_task(work, by("U0OLGA"), task.id)


async def test_a_member_of_the_roles_user_group_may_settle(work, people):
    document = example_document()
    document["services"][0]["roles"]["knowledge_manager"] = ["S0KNOW"]
    await put_catalog(work, document)
    release = await make_release(work, State.APPROVED)
    task = await make_task(work, release, due_at=MORNING, role="knowledge_manager")
    with pytest.raises(Refused, match="Rita"):
        await complete_task(work, by("U0BOB"), task.id)
    await insert(work, GroupMember(group_id="S0KNOW", person_id="U0BOB"))
    await complete_task(work, by("U0BOB"), task.id)


async def test_a_user_group_that_was_never_read_is_named_as_the_reason(work, people):
    document = example_document()
    document["services"][0]["roles"] |= {"knowledge_manager": ["S0KNOW"], "release_manager": ["S0RM"]}
    await put_catalog(work, document)
    task = await make_task(work, await make_release(work, State.APPROVED), role="knowledge_manager")
    with pytest.raises(Refused, match="user group that Slack has not named yet"):
        await complete_task(work, by("U0BOB"), task.id)


async def test_a_group_that_was_never_read_is_named_beside_the_people_who_are_known(work, people):
    document = example_document()
    document["services"][0]["roles"] |= {"knowledge_manager": ["S0KNOW", "U0KIM"]}
    await put_catalog(work, document)
    task = await make_task(work, await make_release(work, State.APPROVED), role="knowledge_manager")
    with pytest.raises(Refused, match=r"Kim.*user group that Slack has not named yet"):
        await complete_task(work, by("U0BOB"), task.id)


async def test_a_double_click_counts_once_and_somebody_else_is_told_who_did_it(work, clock, task):
    await complete_task(work, by("U0KIM"), task.id)
    clock.move(timedelta(minutes=5))
    again = await complete_task(work, by("U0KIM"), task.id)
    assert again.by == ""
    late = await complete_task(work, by("U0RITA"), task.id)
    assert (late.by, late.at) == ("Kim", MORNING)
    assert (await get(work, task)).done_by == "U0KIM"
    assert len(await trail(work, "release:task:done")) == 1


async def test_what_is_done_can_be_neither_snoozed_nor_handed_on(work, task):
    await complete_task(work, by("U0KIM"), task.id)
    with pytest.raises(Refused, match="Kim has done this already"):
        await snooze_task(work, by("U0RITA"), task.id, MORNING + timedelta(hours=1))
    with pytest.raises(Refused, match="Kim has done this already"):
        await hand_task_over(work, by("U0RITA"), task.id, "U0SAM")


@pytest.mark.parametrize("state", [State.CANCELLED, State.REJECTED, State.BACKED_OUT])
async def test_the_plan_of_a_stopped_release_needs_nothing(work, catalog, people, state):
    task = await make_task(work, await make_release(work, state))
    with pytest.raises(Refused, match="so its plan needs nothing any more"):
        await complete_task(work, by("U0RITA"), task.id)


async def test_a_task_that_is_gone_is_said_to_be(work, catalog):
    with pytest.raises(NotFound):
        await complete_task(work, by("U0RITA"), 999)


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        (None, "Say until when"),
        (MORNING, "has passed"),
        (MORNING - timedelta(days=1), "has passed"),
        (MORNING + LONGEST_SNOOZE + timedelta(minutes=1), "30 days at most"),
    ],
)
async def test_a_snooze_lies_ahead_and_not_too_far(work, task, until, sentence):
    with pytest.raises(Invalid, match=sentence) as caught:
        await snooze_task(work, by("U0KIM"), task.id, until)
    assert list(caught.value.problems) == ["until"]
    assert (await get(work, task)).chase_at == MORNING


async def test_a_snoozed_reminder_comes_back_when_it_was_asked_to(work, clock, task):
    await remind_of_milestones(work)
    until = MORNING + timedelta(days=3, hours=2)
    await snooze_task(work, by("U0KIM", "modal"), task.id, until)
    await snooze_task(work, by("U0KIM", "modal"), task.id, until)
    record = await shown(work, task, 1)
    assert (record.standing, record.snoozed_until, record.snoozed_by) == (ReminderState.OPEN, until, "Kim")
    (entry,) = await trail(work, "release:task:snoozed")
    assert entry.facts["until"] == until.isoformat()
    clock.move(timedelta(days=3))
    assert await remind_of_milestones(work) == 0
    clock.move(timedelta(hours=2))
    assert await remind_of_milestones(work) == 1
    assert (await get(work, task)).chase_at == MORNING + timedelta(days=4)


@pytest.mark.parametrize("person", [None, "", "USLACKBOT", "U0BOT", "U0LEFT"])
async def test_a_task_is_handed_only_to_somebody_who_can_do_it(work, task, person):
    for identity in ("U0BOT", "U0LEFT"):
        await insert(work, Person(id=identity, name="Gone", active=False))
    with pytest.raises(Invalid) as caught:
        await hand_task_over(work, by("U0KIM"), task.id, person, "x" * 501)
    assert sorted(caught.value.problems) == ["note", "person"]
    assert (await get(work, task)).owner is None


async def test_the_new_owner_is_reminded_at_once_and_may_settle(work, clock, task):
    await remind_of_milestones(work)
    clock.move(timedelta(hours=1))
    await hand_task_over(work, by("U0KIM", "modal"), task.id, "U0SAM", "You know the shop")
    old, new = await shown(work, task, 1), await shown(work, task, 2)
    assert (old.standing, old.handed_by, old.handed_to, old.note) == (
        ReminderState.REPLACED,
        "Kim",
        "Sam",
        "You know the shop",
    )
    assert (new.standing, new.owners, new.handed_by, new.handed_to) == (ReminderState.OPEN, ("U0SAM",), "Kim", "")
    assert (await get(work, task)).chase_at == MORNING + timedelta(days=1)
    assert await remind_of_milestones(work) == 0
    with pytest.raises(Refused, match="This was handed to Sam"):
        await complete_task(work, by("U0BOB"), task.id)
    await complete_task(work, by("U0SAM"), task.id)
    (entry,) = await trail(work, "release:task:handed_over")
    assert (entry.person, entry.facts["to"], entry.grounds) == ("U0KIM", "U0SAM", "You know the shop")


async def test_handing_over_before_the_date_tells_now_and_chases_when_due(work, clock, catalog, people):
    release = await make_release(work, State.APPROVED)
    task = await make_task(work, release, due_at=MORNING + timedelta(days=2))
    await hand_task_over(work, by("U0RITA", "home"), task.id, "U0SAM")
    record = await shown(work, task, 1, posted=False)
    assert (record.owners, record.overdue) == (("U0SAM",), False)
    assert (await get(work, task)).chase_at == MORNING + timedelta(days=2)


async def test_handing_over_twice_or_to_oneself_asks_nobody_again(work, task):
    await remind_of_milestones(work)
    await hand_task_over(work, by("U0KIM"), task.id, "U0SAM")
    await hand_task_over(work, by("U0KIM"), task.id, "U0SAM")
    assert (await get(work, task)).chased == 2
    await hand_task_over(work, by("U0RITA"), task.id, "U0RITA")
    assert (await get(work, task)).chased == 2
    record = await shown(work, task, 2)
    assert (record.standing, record.owners, record.handed_to) == (ReminderState.OPEN, ("U0RITA",), "Rita")


async def test_a_task_without_a_reminder_of_its_own_is_not_chased_because_it_was_handed_over(
    work, clock, catalog, people
):
    task = await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING, milestone=False)
    await hand_task_over(work, by("U0RITA"), task.id, "U0SAM")
    clock.move(timedelta(days=5))
    assert await remind_of_milestones(work) == 0


async def test_a_task_that_is_no_milestone_is_handed_over_but_not_snoozed(work, clock, catalog, people):
    release = await make_release(work, State.APPROVED)
    task = await make_task(work, release, due_at=MORNING, title="Order cake", milestone=False)
    await hand_task_over(work, by("U0RITA"), task.id, "U0SAM")
    for attempt in (
        check_may_snooze_task(work, by("U0SAM"), task.id),
        snooze_task(work, by("U0SAM"), task.id, MORNING + timedelta(days=1)),
    ):
        with pytest.raises(Refused, match=r"Only milestones can be snoozed\. Order cake isn't one"):
            await attempt
    assert (await get(work, task)).chase_at is None
    assert (await check_may_settle_task(work, by("U0SAM"), task.id)).title == "Order cake"
    assert not (await shown(work, task, 1)).milestone


async def test_a_task_that_is_no_milestone_but_was_snoozed_before_is_not_chased(work, clock, catalog, people):
    until = MORNING + timedelta(days=1)
    release = await make_release(work, State.APPROVED)
    task = await make_task(work, release, due_at=MORNING, milestone=False)
    await hand_task_over(work, by("U0RITA"), task.id, "U0SAM")
    async with work(by("U0SAM")) as tx:
        (await tx.session.get(PlanTask, task.id)).chase_at = until
        snoozed = TaskSnoozed(
            subject=task.id,
            release_id=release.id,
            title=task.title,
            until=until.isoformat(),
            chased=1,
            person="U0SAM",
        )
        tx.record(snoozed)
    assert (await shown(work, task, 1)).snoozed_until is None
    async with work.reading() as snapshot:
        assert await next_due_reminder(snapshot.session, snapshot.now) is None
    clock.move(timedelta(days=5))
    assert await remind_of_milestones(work) == 0


async def test_where_nobody_holds_the_role_the_release_manager_is_asked(work, catalog, people):
    task = await make_task(work, await make_release(work, State.APPROVED), due_at=MORNING, role="chef")
    await remind_of_milestones(work)
    record = await shown(work, task, 1)
    assert (record.owners, record.role) == (("U0RITA",), "release manager")


async def test_a_reminder_is_overdue_when_its_day_is_over_in_the_services_zone(work, clock, task):
    await remind_of_milestones(work)
    clock.set(MORNING.replace(hour=22, minute=59))
    assert not (await shown(work, task, 1)).overdue
    clock.set(MORNING.replace(hour=23))
    assert (await shown(work, task, 1)).overdue


async def test_a_done_reminder_says_who_and_when(work, clock, task):
    await remind_of_milestones(work)
    clock.move(timedelta(hours=2))
    await complete_task(work, by("U0RITA"), task.id)
    record = await shown(work, task, 1)
    assert (record.standing, record.done_by, record.done_at) == (ReminderState.DONE, "Rita", clock.now())
    row = next(row for row in await rows(work, Outgoing) if row.message == "task_reminder")
    assert row.wanted == 2


async def test_a_reminder_that_never_reached_slack_is_dropped_when_it_is_no_longer_needed(work, clock, task):
    await remind_of_milestones(work)
    assert await shown(work, task, 1, posted=False) is not None
    await complete_task(work, by("U0KIM"), task.id)
    assert await shown(work, task, 1, posted=False) is None
