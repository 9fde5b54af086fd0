"""A Home shows what waits for its person and nothing else, and is refreshed."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from models.audit import AuditEntry
from models.catalog.document import Catalog
from models.home.home import AHEAD, Home, read_home
from models.home.refresh import refresh_dependents
from models.lifecycle.lifecycle import State
from models.membership.tables import GroupMember
from models.outbox import Outgoing, update_row
from models.people.home_refresh import REFRESH_DELAY, open_home
from models.releases.approval.approve import approve_release
from models.releases.approval.reject import reject_release, request_changes
from models.releases.plan.settle_task import complete_task, hand_task_over
from scheduler.reminders import remind_of_milestones
from tests.conftest import MORNING, example_document, put_catalog
from tests.factories import insert, make_decision, make_release, make_task
from tests.releases.steps import by, requested, rows


async def home_of(work, person: str) -> Home:
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
        return await read_home(snapshot.session, catalog, person, work.clock.now(), everything=False)


async def approvals(work, person: str) -> list[str]:
    return [one.identifier for one in (await home_of(work, person)).approvals]


async def test_a_request_waits_for_those_whose_approval_still_counts(work, catalog, people):
    release = await requested(work)
    for person, waits in (("U0RITA", True), ("U0OLGA", True), ("U0ANN", False), ("U0TOM", False), ("U0BOB", False)):
        assert bool(await approvals(work, person)) == waits, person
    await approve_release(work, by("U0RITA"), release, 1)
    assert await approvals(work, "U0RITA") == []
    (waiting,) = (await home_of(work, "U0OLGA")).approvals
    assert (waiting.round, waiting.missing, waiting.requester_name) == (1, ("owner",), "Ann")
    await approve_release(work, by("U0OLGA"), release, 1)
    assert await approvals(work, "U0OLGA") == []


async def test_a_request_of_ones_own_does_not_wait_for_oneself(work, catalog, people):
    await requested(work, person="U0RITA")
    assert await approvals(work, "U0RITA") == []
    assert await approvals(work, "U0OLGA") == ["PAY-2026.001"]


async def test_a_request_whose_role_is_filled_by_a_colleague_does_not_wait(work, people):
    document = example_document()
    document["services"][0]["roles"]["release_manager"] = ["U0RITA", "S0MORE"]
    await put_catalog(work, document)
    await insert(work, GroupMember(group_id="S0MORE", person_id="U0BOB"))
    release = await requested(work)
    assert await approvals(work, "U0BOB") == ["PAY-2026.001"]
    await approve_release(work, by("U0RITA"), release, 1)
    assert await approvals(work, "U0BOB") == []


async def test_a_decision_on_an_earlier_round_does_not_hide_a_request(work, catalog, people):
    release = await make_release(work, round=2)
    await make_decision(work, release, "U0RITA", round=1, roles=["release_manager"])
    assert await approvals(work, "U0RITA") == [release.identifier]


async def test_a_request_that_one_has_rejected_does_not_wait_for_oneself_any_more(work, people):
    document = example_document()
    document["services"][0]["policy"]["approval"]["one_rejection_stops"] = False
    document["services"][0]["roles"]["release_manager"] = ["U0RITA", "U0SAM"]
    await put_catalog(work, document)
    release = await requested(work)
    await reject_release(work, by("U0RITA"), release, 1, "No tests")
    assert await approvals(work, "U0RITA") == []
    assert await approvals(work, "U0SAM") == ["PAY-2026.001"]


async def test_a_release_that_was_sent_back_waits_for_its_requester(work, catalog, people):
    release = await requested(work)
    await request_changes(work, by("U0RITA"), release, 1, "Say how you test it")
    (sent_back,) = (await home_of(work, "U0ANN")).sent_back
    assert (sent_back.asked_by, sent_back.reason) == ("Rita", "Say how you test it")
    assert (await home_of(work, "U0RITA")).sent_back == ()


async def test_tasks_wait_for_their_owners_from_a_week_ahead(work, catalog, people):
    release = await make_release(work, State.APPROVED)
    await make_task(work, release, title="Train", role="knowledge_manager", due_at=MORNING + timedelta(days=2))
    await make_task(work, release, title="Late", role="knowledge_manager", due_at=MORNING - timedelta(days=2))
    await make_task(work, release, title="Far", role="knowledge_manager", due_at=MORNING + AHEAD * 2)
    await make_task(
        work, release, title="Done", role="knowledge_manager", due_at=MORNING, done_at=MORNING, done_by="U0KIM"
    )
    await make_task(work, release, title="Handed", role="els_lead", owner="U0KIM", due_at=MORNING, milestone=False)
    await make_task(work, release, title="Nobody's", role="chef", due_at=MORNING)
    found = (await home_of(work, "U0KIM")).tasks
    assert [(task.title, task.overdue) for task in found] == [("Late", True), ("Handed", False), ("Train", False)]
    assert (await home_of(work, "U0LENA")).tasks == ()
    assert [task.title for task in (await home_of(work, "U0RITA")).tasks] == ["Nobody's"]


async def test_tasks_of_a_stopped_or_undecided_release_wait_for_nobody(work, catalog, people):
    for state in (State.CANCELLED, State.REQUESTED, State.BACKED_OUT):
        await make_task(work, await make_release(work, state), role="knowledge_manager", due_at=MORNING)
    assert (await home_of(work, "U0KIM")).tasks == ()


async def test_ones_own_releases_and_what_comes_up_stand_by_window(work, clock, catalog, people):
    week = timedelta(days=7)
    old = MORNING - week - timedelta(minutes=1)
    for name, state, start, more in (
        ("B", State.APPROVED, MORNING + timedelta(days=3), {}),
        ("A", State.REQUESTED, MORNING + timedelta(days=1), {"requester": "U0SAM"}),
        ("C", State.DEPLOYED, MORNING - timedelta(days=1), {}),
        ("D", State.DEPLOYED, old, {"state_since": old}),
        ("E", State.CANCELLED, MORNING + timedelta(days=2), {}),
        ("F", State.APPROVED, MORNING + week, {}),
    ):
        await make_release(work, state, identifier=name, window_start=start, **more)
    found = await home_of(work, "U0ANN")
    assert [one.identifier for one in found.mine] == ["C", "E", "B", "F"]
    assert [one.identifier for one in found.coming_up] == ["A", "B"]


async def test_an_empty_home_knows_whether_there_is_a_catalog(work):
    assert await home_of(work, "U0BOB") == Home((), (), (), (), (), None, everything=False, has_services=False)
    await put_catalog(work, example_document())
    found = await home_of(work, "U0BOB")
    assert found.has_services
    assert found.figures is not None
    assert found.figures.adoption.now.whole == 0


async def wanted(work) -> dict[str, int]:
    return {row.key: row.wanted for row in await rows(work, Outgoing) if row.message == "home"}


async def shown(work) -> None:
    """Deliver every Home that is due."""
    async with work.database.writing() as writing:
        for row in await rows(work, Outgoing):
            await update_row(writing, row.id, delivered=row.wanted)


async def test_opening_a_home_has_it_shown_and_wakes_delivery(work, catalog):
    woken = []
    work.when_committed(lambda: woken.append(1))
    await open_home(work, "U0RITA")
    await open_home(work, "U0RITA", everything=True)
    (row,) = await rows(work, Outgoing)
    assert (row.key, row.message, row.recipient, row.facts, row.wanted) == (
        "home:U0RITA",
        "home",
        "U0RITA",
        {"all": True},
        2,
    )
    assert len(woken) == 2


async def test_a_change_refreshes_the_homes_of_those_it_concerns(work, catalog, people):
    release = await requested(work)
    for person in ("U0ANN", "U0RITA", "U0LENA", "U0SAM", "U0BOB"):
        await open_home(work, person)
    woken = []
    work.when_committed(lambda: woken.append(1))
    audited = len(await rows(work, AuditEntry))
    await refresh_dependents(work, release)
    assert woken
    assert len(await rows(work, AuditEntry)) == audited
    assert await wanted(work) == {
        "home:U0ANN": 2,
        "home:U0RITA": 2,
        "home:U0LENA": 2,
        "home:U0SAM": 1,
        "home:U0BOB": 1,
    }


async def test_nothing_is_written_when_nobody_has_opened_a_home(work, catalog, people):
    release = await requested(work)
    woken = []
    work.when_committed(lambda: woken.append(1))
    await refresh_dependents(work, release)
    assert not woken


async def test_a_burst_of_changes_costs_a_home_one_call_after_a_moment(work, clock, catalog, people):
    release = await requested(work)
    await open_home(work, "U0RITA")
    await shown(work)
    await refresh_dependents(work, release)
    clock.move(REFRESH_DELAY / 2)
    await refresh_dependents(work, release)
    row = next(row for row in await rows(work, Outgoing) if row.message == "home")
    assert row.due_at == MORNING + REFRESH_DELAY


async def test_who_gives_a_task_away_and_who_gets_it_see_it_at_once(work, catalog, people):
    release = await make_release(work, State.APPROVED)
    task = await make_task(work, release, due_at=MORNING, role="els_lead", owner="U0BOB")
    for person in ("U0BOB", "U0SAM"):
        await open_home(work, person)
    await hand_task_over(work, by("U0BOB"), task.id, "U0SAM")
    await refresh_dependents(work, release.id)
    assert await wanted(work) == {"home:U0BOB": 2, "home:U0SAM": 2}


async def test_a_changed_release_has_its_open_reminders_shown_anew(work, catalog, people):
    release = await make_release(work, State.APPROVED)
    first = await make_task(work, release, due_at=MORNING)
    second = await make_task(work, release, due_at=MORNING)
    await remind_of_milestones(work)
    await complete_task(work, by("U0RITA"), first.id)
    woken = []
    work.when_committed(lambda: woken.append(1))
    await refresh_dependents(work, release.id)
    assert woken
    counts = {row.key: row.wanted for row in await rows(work, Outgoing) if row.message == "task_reminder"}
    assert counts == {f"task:{first.id}:1": 2, f"task:{second.id}:1": 2}


@pytest.mark.parametrize("groups", [0, 3])
async def test_a_home_asks_the_database_a_fixed_number_of_times(work, people, groups):
    """Whatever the number of services, also with roles held through user groups."""
    document = example_document()
    pay = document["services"][0]
    document["services"] = [
        {
            **pay,
            "key": f"S{n}",
            "channel": f"C0S{n}",
            "roles": {"release_manager": [f"S0G{n}"][:groups] or ["U0KIM"]},
        }
        for n in range(40)
    ]
    document["digests"] = []
    catalog = Catalog.model_validate(document)
    counted = 0

    def count(*_):
        nonlocal counted
        counted += 1

    async with work.database.reading() as session:
        engine = (await session.connection()).sync_engine
        event.listen(engine, "before_cursor_execute", count)
        try:
            await read_home(session, catalog, "U0KIM", MORNING, everything=True)
        finally:
            event.remove(engine, "before_cursor_execute", count)
    assert counted <= 19
