"""The tasks of a plan, their dates across daylight saving, and what a new window changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from models.catalog.document import Catalog
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.plan import PlanTask
from models.releases.activities.deploy import mark_deployed, start_deployment
from models.releases.approval.approve import approve_release
from models.releases.plan.plan import ELS_END, plan_tasks
from models.releases.plan.settle_task import complete_task, snooze_task
from models.releases.request.edit import edit_release
from tests.conftest import MORNING, example_document, put_catalog
from tests.releases.steps import approved, by, deployed, form, ready, requested, rows, state

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def service(**changes):
    document = example_document()
    document["services"][0] |= changes
    return Catalog.model_validate(document).by_key["PAY"]


def dues(start: datetime, offset: str, zone: str = "Europe/Amsterdam", approved_at: datetime | None = None):
    document = example_document()
    document["services"][0]["policy"]["plan"] = [
        {"phase": "training", "title": "Train", "due": offset, "owner": "release_manager", "milestone": True}
    ]
    pay = Catalog.model_validate(document).by_key["PAY"]
    early = approved_at or start - timedelta(days=400)
    return plan_tasks(pay, "minor", start, ZoneInfo(zone), early)[0].due_at


async def plan(work, release_id: int) -> list[PlanTask]:
    query = select(PlanTask).where(col(PlanTask.release_id) == release_id).order_by(col(PlanTask.position))
    async with work.database.reading() as session:
        return list((await session.exec(query)).all())


async def task(work, release_id: int, title: str) -> PlanTask:
    return next(one for one in await plan(work, release_id) if one.title == title)


@pytest.mark.parametrize(
    ("start", "offset", "zone", "due"),
    [
        # Clocks go back on 25 October 2026: Thursday 10:00 stays Thursday 10:00.
        ("2026-10-29T10:00+01:00", "T-7d", "Europe/Amsterdam", "2026-10-22T10:00+02:00"),
        # They go forward on 29 March 2026.
        ("2026-03-31T10:00+02:00", "T-3d", "Europe/Amsterdam", "2026-03-28T10:00+01:00"),
        # 02:30 does not exist on that day: the moment after the gap that is as far in.
        ("2026-03-30T02:30+02:00", "T-1d", "Europe/Amsterdam", "2026-03-29T03:30+02:00"),
        # 02:30 comes twice on 25 October: the first of them.
        ("2026-10-26T02:30+01:00", "T-1d", "Europe/Amsterdam", "2026-10-25T02:30+02:00"),
        # Hours are exact, whatever the clocks say.
        ("2026-10-25T12:00+01:00", "T-24h", "Europe/Amsterdam", "2026-10-24T13:00+02:00"),
        ("2026-10-25T12:00+01:00", "T-1d", "Europe/Amsterdam", "2026-10-24T12:00+02:00"),
        # The same window on another calendar.
        ("2026-10-29T10:00+01:00", "T-1w", "America/New_York", "2026-10-22T05:00-04:00"),
        ("2026-11-02T10:00+01:00", "T-1w", "America/New_York", "2026-10-26T04:00-04:00"),
        ("2026-11-02T10:00+01:00", "T+2d", "UTC", "2026-11-04T09:00+00:00"),
        ("2026-11-02T10:00+01:00", "T", "UTC", "2026-11-02T09:00+00:00"),
    ],
)
def test_due_dates_are_counted_on_the_services_calendar(start, offset, zone, due):
    found = dues(datetime.fromisoformat(start).astimezone(UTC), offset, zone)
    assert found == datetime.fromisoformat(due)
    assert found.tzinfo is UTC


def test_a_date_that_has_passed_at_approval_is_due_at_the_approval():
    start = MORNING + timedelta(days=2)
    assert dues(start, "T-7d", approved_at=MORNING) == MORNING
    assert dues(start, "T-1d", approved_at=MORNING) == start - timedelta(days=1)


def test_only_milestones_are_chased_and_from_when_they_are_due():
    tasks = plan_tasks(service(), "minor", MORNING + timedelta(days=30), AMSTERDAM, MORNING)
    assert [one.title for one in tasks if one.milestone] == [
        "Announce the release to users",
        "Train first line",
        "Confirm the window to users",
        "Brief the early life support team",
    ]
    assert all(one.chase_at == (one.due_at if one.milestone else None) for one in tasks)


def test_a_types_own_items_replace_those_of_the_same_title_and_add_to_the_rest():
    policy = example_document()["services"][0]["policy"]
    policy["types"]["minor"]["plan"] = [
        {"phase": "training", "title": "Train first line", "due": "T-2d", "owner": "els_lead"},
        {"phase": "verification", "title": "Smoke test", "due": "T+1h", "owner": "test_manager"},
    ]
    start = MORNING + timedelta(days=30)
    tasks = plan_tasks(service(policy=policy), "minor", start, AMSTERDAM, MORNING)
    by_title = {one.title: one for one in tasks}
    assert len(tasks) == 7
    assert (by_title["Train first line"].role, by_title["Train first line"].milestone) == ("els_lead", False)
    assert by_title["Smoke test"].due_at == start + timedelta(hours=1)
    major = plan_tasks(service(policy=policy), "major", start, AMSTERDAM, MORNING)
    assert {one.title: one.role for one in major}["Train first line"] == "knowledge_manager"


async def test_the_last_approval_makes_the_plan_and_an_earlier_one_does_not(work, catalog, people):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    assert await plan(work, release) == []
    await approve_release(work, by("U0OLGA"), release, 1)
    made = await plan(work, release)
    assert [one.title for one in made] == [
        item["title"] for item in example_document()["services"][0]["policy"]["plan"]
    ]
    announce = made[0]
    assert announce.due_at == MORNING + timedelta(days=1)
    assert (announce.role, announce.owner, announce.done_at, announce.chased) == ("release_manager", None, None, 0)


async def test_a_service_without_a_template_gets_no_plan(work, catalog, people):
    release = await requested(work, service="WEB", method="phased")
    for person in ("U0RITA", "U0SAM"):
        await approve_release(work, by(person), release, 1)
    assert await state(work, release) == State.APPROVED
    assert await plan(work, release) == []


async def move_window(work, release: int, to: datetime) -> None:
    moved = form(window_start=to, window_end=to + timedelta(hours=2))
    await edit_release(work, by("U0ANN", "modal"), release, 1, moved)


async def test_a_moved_window_moves_what_hangs_on_it_and_leaves_what_is_done(work, catalog, people):
    release = await approved(work)
    done = await task(work, release, "Secure sustaining resources")
    await complete_task(work, by("U0RITA"), done.id)
    await move_window(work, release, MORNING + timedelta(days=20))
    moved = await task(work, release, "Train first line")
    assert moved.due_at == moved.chase_at == MORNING + timedelta(days=15)
    kept = await task(work, release, "Secure sustaining resources")
    assert (kept.due_at, kept.done_by) == (done.due_at, "U0RITA")
    rehearsal = await task(work, release, "Rehearse back-out")
    assert (rehearsal.due_at, rehearsal.chase_at) == (MORNING + timedelta(days=19), None)


async def test_approving_again_makes_no_second_plan(work, catalog, people):
    release = await approved(work)
    before = {one.id for one in await plan(work, release)}
    await move_window(work, release, MORNING + timedelta(days=20))
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 2)
    assert {one.id for one in await plan(work, release)} == before


async def test_a_date_that_the_new_window_puts_into_the_past_is_due_now(work, clock, catalog, people):
    release = await approved(work)
    clock.move(timedelta(days=1, hours=5))
    await move_window(work, release, MORNING + timedelta(days=6))
    train = await task(work, release, "Train first line")
    assert train.due_at == train.chase_at == clock.now()


async def test_an_overdue_task_stays_overdue_when_the_window_moves_a_little(work, clock, catalog, people):
    release = await approved(work)
    clock.move(timedelta(days=4))
    before = await task(work, release, "Train first line")
    assert before.due_at < clock.now()
    await move_window(work, release, MORNING + timedelta(days=8, hours=1))
    assert (await task(work, release, "Train first line")).due_at == before.due_at


async def test_a_snooze_ends_when_the_date_moves_and_holds_when_it_does_not(work, catalog, people):
    release = await approved(work)
    until = MORNING + timedelta(days=6)
    snoozed = await task(work, release, "Train first line")
    await snooze_task(work, by("U0KIM", "modal"), snoozed.id, until)
    other_method = form(method="blue-green")
    await edit_release(work, by("U0ANN", "modal"), release, 1, other_method)
    assert (await task(work, release, "Train first line")).chase_at == until
    moved = form(
        method="blue-green",
        window_start=MORNING + timedelta(days=9),
        window_end=MORNING + timedelta(days=9, hours=2),
    )
    await edit_release(work, by("U0ANN", "modal"), release, 2, moved)
    assert (await task(work, release, "Train first line")).chase_at == MORNING + timedelta(days=4)


async def test_early_life_support_ends_with_a_milestone_as_long_after_deployment_as_the_type_says(
    work, clock, catalog, people
):
    release = await ready(work)
    clock.move(timedelta(days=8))
    await start_deployment(work, by("U0DANA"), release)
    await mark_deployed(work, by("U0DANA"), release)
    end = (await plan(work, release))[-1]
    assert (end.title, end.phase, end.role, end.milestone) == (ELS_END, "early_life_support", "els_lead", True)
    assert end.due_at == end.chase_at == clock.now() + timedelta(days=5)
    assert end.offset_days is None


async def test_a_type_without_early_life_support_gets_no_end_of_it(work, people):
    document = example_document()
    del document["services"][0]["policy"]["types"]["minor"]["early_life_support"]
    await put_catalog(work, document)
    release = await deployed(work)
    assert ELS_END not in [one.title for one in await plan(work, release)]
    assert len(await rows(work, PlanTask)) == 6
