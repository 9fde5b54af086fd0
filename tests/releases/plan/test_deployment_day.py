"""Sustaining people, the checklist and release notes."""

import asyncio

import pytest

from messages.releases.plan import checklist as shown
from messages.releases.plan.release_notes_draft import draft
from models.audit import AuditEntry
from models.environments.contents import record_contents
from models.errors import Invalid, Refused, Stale
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.plan import DayChecklist, PlanTask, ReleaseNotes
from models.lifecycle.tables.release import Release
from models.limits import NOTES_LIMIT
from models.limits import SUSTAINING_LIMIT as MOST_PEOPLE
from models.membership.tables import Person
from models.outbox import Outgoing, message_by_key
from models.packages.tables import PackageNode
from models.releases.activities.deploy import back_out, start_deployment
from models.releases.plan.checklist import Checklist, checklist_part, post_checklist, tick_tasks
from models.releases.plan.checklist_refresh import TASKS_PER_PART
from models.releases.plan.plan_view import plan_view
from models.releases.plan.release_notes import notes_to_edit, notes_version, save_notes
from models.releases.plan.settle_task import complete_task
from models.releases.plan.sustaining import name_sustaining_people, sustaining_people, sustaining_people_to_edit
from models.releases.request.edit import edit_release
from tests.factories import insert, make_known_error, make_ready, make_release, make_task
from tests.releases.steps import by, form, rows


@pytest.fixture
async def release(work, catalog, people) -> Release:
    """A release with two tasks of the day for Dana, one for Tom, and one of another day."""
    found = await make_release(work, State.APPROVED, identifier="PAY-2026.014")
    for position, (phase, role) in enumerate(
        [
            ("implementation", "deployment_staff"),
            ("implementation", "deployment_staff"),
            ("verification", "test_manager"),
            ("training", "knowledge_manager"),
        ]
    ):
        await make_task(
            work, found, position=position, phase=phase, role=role, title=f"Step {position + 1}", milestone=False
        )
    return found


async def checklist(work, release: Release, part: int = 0) -> Checklist:
    async with work.reading() as snapshot:
        row = await message_by_key(snapshot.session, f"checklist:{release.id}:{part}")
        assert row is not None
        found = await checklist_part(snapshot.session, await snapshot.catalog(), row, work.clock.now())
    assert found is not None
    return found


async def posted(work, release: Release) -> None:
    await post_checklist(work, by("U0DANA"), release.id)


async def done(work) -> dict[str, str]:
    return {task.title: task.done_by for task in await rows(work, PlanTask) if task.done_by}


async def wanted(work, key: str) -> int:
    async with work.database.reading() as session:
        row = await message_by_key(session, key)
        return row.wanted if row else 0


async def test_the_checklist_goes_into_the_thread_with_the_tasks_of_the_day(work, release):
    assert await post_checklist(work, by("U0DANA"), release.id) == "PAY-2026.014"
    found = await checklist(work, release)
    assert [(item.title, item.phase) for item in found.items] == [
        ("Step 1", "implementation"),
        ("Step 2", "implementation"),
        ("Step 3", "verification"),
    ]
    (row,) = [one for one in await rows(work, Outgoing) if one.message == "day_checklist"]
    assert (row.in_thread, row.release_id, row.recipient) == (True, release.id, "")
    await posted(work, release)
    assert [one.tag for one in await rows(work, AuditEntry)] == ["release:checklist:posted"]
    assert len([one for one in await rows(work, Outgoing) if one.message == "day_checklist"]) == 1


async def test_only_those_who_keep_the_documents_post_it_and_only_when_there_is_something_to_tick(work, release):
    with pytest.raises(Refused, match="release manager or deployment staff: Dana or Rita"):
        await post_checklist(work, by("U0BOB"), release.id)
    bare = await make_release(work, State.APPROVED)
    with pytest.raises(Refused, match="has no task of implementation, verification or back-out"):
        await post_checklist(work, by("U0RITA"), bare.id)
    undecided = await make_release(work, State.REQUESTED)
    with pytest.raises(Refused, match="there is no day to plan yet"):
        await post_checklist(work, by("U0RITA"), undecided.id)


async def test_a_tick_completes_the_task_for_its_person_and_shows(work, release):
    await posted(work, release)
    before = await wanted(work, f"checklist:{release.id}:0")
    assert await tick_tasks(work, by("U0DANA"), release.id, set(), {1}) == []
    assert await done(work) == {"Step 1": "U0DANA"}
    assert await wanted(work, f"checklist:{release.id}:0") > before
    assert await tick_tasks(work, by("U0DANA"), release.id, {1}, set()) == []
    assert await done(work) == {}
    tags = [entry.tag for entry in await rows(work, AuditEntry)]
    assert tags == ["release:checklist:posted", "release:task:done", "release:task:reopened"]


async def test_ticks_of_two_people_at_once_both_count(work, release):
    """Each saw no box ticked; neither click undoes the other."""
    await posted(work, release)
    await asyncio.gather(
        tick_tasks(work, by("U0DANA"), release.id, set(), {1}),
        tick_tasks(work, by("U0RITA"), release.id, set(), {2}),
        tick_tasks(work, by("U0TOM"), release.id, set(), {3}),
    )
    assert await done(work) == {"Step 1": "U0DANA", "Step 2": "U0RITA", "Step 3": "U0TOM"}


async def test_many_ticks_of_many_people_lose_none(work, catalog, people):
    release = await make_release(work, State.DEPLOYING)
    for position in range(10):
        await make_task(
            work, release, position=position, phase="implementation", role="deployment_staff", milestone=False
        )
    await posted(work, release)
    persons = ("U0DANA", "U0RITA", "U0OLGA")
    await asyncio.gather(
        *(tick_tasks(work, by(persons[number % 3]), release.id, set(), {number + 1}) for number in range(10))
    )
    assert [task.done_by for task in await rows(work, PlanTask)] == [persons[number % 3] for number in range(10)]
    assert (await checklist(work, release)).done == 10


async def test_an_old_view_neither_unticks_nor_ticks_twice(work, release):
    await posted(work, release)
    await tick_tasks(work, by("U0DANA"), release.id, set(), {1})
    assert await tick_tasks(work, by("U0RITA"), release.id, set(), {1, 2}) == []
    assert await done(work) == {"Step 1": "U0DANA", "Step 2": "U0RITA"}


async def test_whose_task_it_is_not_is_told_and_the_box_goes_back_while_theirs_count(work, release):
    await posted(work, release)
    before = await checklist(work, release)
    refusals = await tick_tasks(work, by("U0TOM"), release.id, set(), {1, 2, 3})
    assert refusals == ["This is for the deployment staff or release manager of PAY-2026.014: Dana or Rita."]
    assert await done(work) == {"Step 3": "U0TOM"}
    after = await checklist(work, release)
    assert after.drawn == before.drawn + 1
    assert shown.render(after) != shown.render(before)


async def test_a_task_of_another_release_is_not_ticked_here(work, release):
    other = await make_release(work, State.APPROVED)
    task = await make_task(work, other, phase="implementation", role="deployment_staff")
    refusals = await tick_tasks(work, by("U0DANA"), release.id, set(), {task.id})
    assert refusals == ["This task is not in the plan any more."]
    assert await done(work) == {}


async def test_done_in_the_plan_shows_on_the_checklist(work, release):
    await posted(work, release)
    before = await wanted(work, f"checklist:{release.id}:0")
    await complete_task(work, by("U0DANA"), 1)
    assert await wanted(work, f"checklist:{release.id}:0") == before + 1
    assert [item.done_by for item in (await checklist(work, release)).items] == ["Dana", "", ""]


async def test_a_long_checklist_has_several_messages(work, catalog, people):
    release = await make_release(work, State.APPROVED)
    for position in range(TASKS_PER_PART + 1):
        await make_task(work, release, position=position, phase="implementation", milestone=False)
    await posted(work, release)
    assert [len((await checklist(work, release, part)).items) for part in (0, 1)] == [TASKS_PER_PART, 1]
    (row,) = await rows(work, DayChecklist)
    assert row.parts == 2


async def test_a_checklist_closes_when_the_release_stops(work, catalog, people):
    release = await make_ready(work, identifier="PAY-2026.014")
    await make_task(work, release, phase="implementation", role="deployment_staff", title="Step 1", milestone=False)
    await posted(work, release)
    await start_deployment(work, by("U0DANA"), release.id)
    assert not (await checklist(work, release)).closed
    await back_out(work, by("U0DANA"), release.id, "Errors everywhere", "Card payments 9.1")
    assert (await checklist(work, release)).closed
    (refusal,) = await tick_tasks(work, by("U0DANA"), release.id, set(), {1})
    assert refusal == "PAY-2026.014 is backed out, so its plan needs nothing any more."


async def sustaining(work, release: Release) -> list[str]:
    async with work.database.reading() as session:
        return await sustaining_people(session, release.id)


async def test_sustaining_people_are_named_and_shown_in_plan_and_checklist(work, release):
    await posted(work, release)
    await name_sustaining_people(work, by("U0RITA"), release.id, ["U0OMAR", "U0KIM"], [])
    async with work.reading() as snapshot:
        view = await plan_view(snapshot, "U0BOB", release.id)
    assert view.sustaining == (await checklist(work, release)).sustaining == ("Kim", "Omar")
    _, people = await sustaining_people_to_edit(work, by("U0ANN"), release.id)
    assert people == ["U0KIM", "U0OMAR"]
    await name_sustaining_people(work, by("U0ANN"), release.id, [], people)
    assert await sustaining(work, release) == []
    named = [one.facts["people"] for one in await rows(work, AuditEntry) if one.tag == "release:sustaining:named"]
    assert named == [["U0KIM", "U0OMAR"], []]


async def test_two_who_name_people_at_once_do_not_undo_each_other(work, release):
    await asyncio.gather(
        name_sustaining_people(work, by("U0RITA"), release.id, ["U0OMAR"], []),
        name_sustaining_people(work, by("U0ANN"), release.id, ["U0KIM"], []),
    )
    assert await sustaining(work, release) == ["U0KIM", "U0OMAR"]


async def test_bots_too_many_and_strangers_are_refused(work, release):
    async with work(by("U0RITA")) as tx:
        tx.session.add(Person(id="U0GONE", name="Gus", active=False))
    with pytest.raises(Invalid, match="Gus: this account is a bot or a guest, or was deactivated"):
        await name_sustaining_people(work, by("U0RITA"), release.id, ["U0GONE", "U0KIM"], [])
    many = [f"U0P{number}" for number in range(MOST_PEOPLE + 1)]
    with pytest.raises(Invalid, match="These are 21 people; 20 is the most"):
        await name_sustaining_people(work, by("U0RITA"), release.id, many, [])
    with pytest.raises(Refused, match="for its release manager: Rita"):
        await name_sustaining_people(work, by("U0DANA"), release.id, ["U0KIM"], [])
    assert await sustaining(work, release) == []


async def test_notes_are_drafted_saved_in_versions_and_posted_in_one_message(work, release):
    await make_known_error(work, "Refund shows twice", workaround="Reload", release_id=release.id)
    await make_known_error(work, "Old one", status="resolved")
    found = await notes_to_edit(work, by("U0DANA"), release.id)
    assert found.draft is not None
    text = draft(found.draft)
    for part in ("Card payments 9.2", "Faster settlement", "CHG0000132", "Workaround: Reload", "Redeploy 9.1"):
        assert part in text
    assert "Old one" not in text
    assert await save_notes(work, by("U0DANA"), release.id, text, 0) == 1
    assert await wanted(work, f"notes:{release.id}") == 0
    assert await save_notes(work, by("U0DANA"), release.id, text, 1, post=True) == 1
    assert await save_notes(work, by("U0RITA"), release.id, "Shorter", 1, post=True) == 2
    (row,) = [one for one in await rows(work, Outgoing) if one.message == "release_notes"]
    assert (row.facts, row.wanted, row.in_thread) == ({"version": 2}, 2, True)
    async with work.database.reading() as session:
        shown_now = await notes_version(session, release.id, 2)
    assert (shown_now.text, shown_now.author) == ("Shorter", "Rita")
    again = await notes_to_edit(work, by("U0DANA"), release.id)
    assert (again.version, again.text, again.draft) == (2, "Shorter", None)
    tags = [one.tag for one in await rows(work, AuditEntry) if "notes" in one.tag]
    assert tags == [
        *("release:notes:saved", "release:notes:posted", "release:notes:saved", "release:notes:posted"),
    ]


async def test_a_draft_says_what_production_had_before_also_after_the_deployment(work, release):
    for position, (key, version) in enumerate((("pay-api", "9.2.0"), ("Fraud rules", "11"))):
        node = PackageNode(release_id=release.id, position=position, what="ci", key=key, version=version)
        node.kind = "software"
        await insert(work, node)
    for _ in range(2):
        found = await notes_to_edit(work, by("U0DANA"), release.id)
        assert found.draft is not None
        assert "Software: 2\n- pay-api 9.1.0 -> 9.2.0\n- Fraud rules 11\n" in draft(found.draft)
        async with work(by("U0DANA")) as tx:
            record_contents(tx, "prod", {"pay-api": "9.2.0"}, release.id)


async def test_saving_or_posting_the_same_again_changes_nothing(work, release):
    for _ in range(3):
        assert await save_notes(work, by("U0DANA"), release.id, "The notes", 0, post=True) == 1
    assert len(await rows(work, ReleaseNotes)) == 1
    assert await wanted(work, f"notes:{release.id}") == 1


async def test_notes_that_somebody_else_saved_meanwhile_are_not_overwritten(work, release):
    await save_notes(work, by("U0DANA"), release.id, "Dana's", 0)
    with pytest.raises(Stale, match="Dana saved version 1 meanwhile"):
        await save_notes(work, by("U0RITA"), release.id, "Rita's", 0)
    assert [one.text for one in await rows(work, ReleaseNotes)] == ["Dana's"]


@pytest.mark.parametrize(("text", "sentence"), [(" \n", "Say what changes"), ("x" * (NOTES_LIMIT + 1), "3,001")])
async def test_empty_and_endless_notes_are_refused(work, release, text, sentence):
    with pytest.raises(Invalid, match=sentence):
        await save_notes(work, by("U0DANA"), release.id, text, 0)


async def test_notes_are_for_those_who_keep_the_documents(work, release):
    for attempt in (
        lambda: save_notes(work, by("U0BOB"), release.id, "Mine", 0),
        lambda: notes_to_edit(work, by("U0BOB"), release.id),
    ):
        with pytest.raises(Refused, match="release manager or deployment staff: Dana or Rita"):
            await attempt()


async def test_a_moved_window_is_seen_on_the_checklist(work, release):
    await posted(work, release)
    before = await wanted(work, f"checklist:{release.id}:0")
    await edit_release(work, by("U0ANN", "modal"), release.id, 1, form())
    assert await wanted(work, f"checklist:{release.id}:0") == before + 1
    assert (await checklist(work, release)).window_start == form().window_start
