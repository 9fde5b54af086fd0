"""Digests: posted once, whatever happens, and their contents."""

import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from messages.kpi.digest import render
from models.audit import AuditEntry
from models.catalog.document import Catalog
from models.errors import NotFound
from models.kpi.digest_schedule import next_digest_at
from models.kpi.digests import DigestRecord, digest_record, digest_scope, queue_due_digests
from models.kpi.later_approvals import EmergencyToApprove
from models.kpi.outlook import AHEAD, Outlook, WaitingHandover, outlook
from models.kpi.tables import DigestRun
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.activities import Activities
from models.outbox import Outgoing
from models.releases.activities.handover import (
    accept_handover,
    offer_handover,
    send_handover_back,
    start_early_life_support,
    verify_deployment,
)
from models.releases.approval.approve import approve_release
from models.releases.approval.later_approvals import approve_afterwards
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING, FrozenClock, example_document, put_catalog
from tests.factories import (
    insert,
    link_incident,
    make_decision,
    make_incident,
    make_known_error,
    make_release,
    make_task,
)
from tests.releases.steps import by, deployed, requested, settle

DAY = timedelta(days=1)


async def outbox_rows(work: UnitOfWork) -> list[Outgoing]:
    async with work.database.reading() as session:
        return list((await session.exec(select(Outgoing).order_by(Outgoing.key))).all())


async def read(work: UnitOfWork, row: Outgoing) -> DigestRecord:
    async with work.reporting() as snapshot:
        catalog = await snapshot.catalog()
        return await digest_record(snapshot.session, catalog, row.subject, row.facts, work.clock.now())


async def look_ahead(
    work: UnitOfWork, catalog: Catalog, *services: str, ahead: timedelta | None = AHEAD
) -> Outlook:
    async with work.database.reporting() as session:
        return await outlook(session, catalog, services, work.clock.now(), ahead=ahead)


async def test_a_digest_is_wished_for_once_with_its_run_and_its_audit_row(
    work: UnitOfWork, catalog: Catalog
) -> None:
    assert await queue_due_digests(work) == 1
    assert await queue_due_digests(work) == 0

    (row,) = await outbox_rows(work)
    assert (row.key, row.message, row.recipient) == ("digest:C0MGMT:2026-11-24", "digest", "C0MGMT")
    assert row.wanted == 1
    async with work.database.reading() as session:
        (run,) = (await session.exec(select(DigestRun))).all()
        (entry,) = (await session.exec(select(AuditEntry).where(AuditEntry.kind == "digest"))).all()
    assert (run.digest, run.day, run.posted_at) == ("C0MGMT", date(2026, 11, 24), MORNING)
    assert (entry.tag, entry.person, entry.subject) == ("digest:due", "system", "C0MGMT")


async def test_it_says_whom_rules_on_trial_would_have_stopped_in_its_period(
    work: UnitOfWork, clock: FrozenClock, people: dict[str, str]
) -> None:
    document = example_document()
    document["services"][0]["policy"]["observe"] = ["notice", "windows", "freeze"]
    await put_catalog(work, document)
    early = {"window_start": MORNING + timedelta(hours=2), "window_end": MORNING + timedelta(hours=3)}
    first = await requested(work, **early)
    await requested(work, nonce="2", **early)
    clock.move(31 * DAY)
    late = {"window_start": clock.now() + timedelta(hours=2), "window_end": clock.now() + timedelta(hours=3)}
    document["services"][0]["policy"]["freezes"] = []
    await put_catalog(work, document)
    await requested(work, nonce="3", **late)
    await queue_due_digests(work)
    digest = await read(work, (await outbox_rows(work))[-1])
    assert [(one.rule, one.service_name, one.stopped) for one in digest.on_trial if one.rule != "windows"] == [
        ("notice", "Payments", ("PAY-2026.003",)),
        ("freeze", "Payments", ()),
    ]
    said = str(render(digest).blocks)
    assert "would have stopped 1: PAY-2026.003" in said
    assert "would have stopped nothing" in said
    assert first


async def test_processes_that_look_at_the_same_moment_wish_for_it_once_between_them(
    work: UnitOfWork, catalog: Catalog
) -> None:
    wished = await asyncio.gather(*(queue_due_digests(work) for _ in range(6)))

    assert sum(wished) == 1
    assert [row.wanted for row in await outbox_rows(work)] == [1]


async def test_after_days_of_downtime_only_todays_digest_comes(
    work: UnitOfWork, catalog: Catalog, clock: FrozenClock
) -> None:
    await queue_due_digests(work)
    clock.move(timedelta(days=8, hours=3))
    await queue_due_digests(work)

    assert [row.key for row in await outbox_rows(work)] == ["digest:C0MGMT:2026-11-24", "digest:C0MGMT:2026-12-02"]


async def test_nothing_comes_on_a_day_without_a_digest_or_before_its_time(
    work: UnitOfWork, catalog: Catalog, clock: FrozenClock
) -> None:
    for moment in (MORNING - timedelta(hours=2), MORNING + 4 * DAY):
        clock.set(moment)
        await queue_due_digests(work)

    assert await outbox_rows(work) == []
    async with work.reading() as snapshot:
        following = next_digest_at(await snapshot.catalog(), snapshot.now)
    assert following == datetime(2026, 11, 30, 8, 0, tzinfo=MORNING.tzinfo)


async def test_a_digest_that_is_moved_to_later_on_its_day_is_not_posted_again(
    work: UnitOfWork, catalog: Catalog, clock: FrozenClock
) -> None:
    await queue_due_digests(work)
    document = example_document()
    document["digests"][0]["at"] = "11:00"
    await put_catalog(work, document)
    clock.move(timedelta(hours=3))
    await queue_due_digests(work)

    assert [row.wanted for row in await outbox_rows(work)] == [1]


async def test_its_figures_are_those_of_the_moment_it_is_delivered(
    work: UnitOfWork, catalog: Catalog, clock: FrozenClock
) -> None:
    await queue_due_digests(work)
    clock.move(timedelta(minutes=20))
    await make_incident(work)

    (row,) = await outbox_rows(work)
    digest = await read(work, row)

    assert digest.day == date(2026, 11, 24)
    assert digest.figures.incidents.now.whole == 1
    assert digest.figures.services == ("Payments", "Web shop")
    assert digest.figures.period.text == "30d"
    assert digest.outlook.at == MORNING + timedelta(minutes=20)


async def test_why_is_asked_about_the_period_that_was_shown_even_when_the_catalog_has_changed(
    work: UnitOfWork, catalog: Catalog
) -> None:
    await queue_due_digests(work)
    await put_catalog(work, {**example_document(), "digests": []})

    async with work.database.reading() as session:
        scope = await digest_scope(session, "C0MGMT", "2026-11-24", MORNING)
        with pytest.raises(NotFound, match="/release kpi"):
            await digest_scope(session, "C0MGMT", "2026-11-25", MORNING)

    assert (scope.services, scope.period.text, scope.period.now.start) == (
        ("PAY", "WEB"),
        "30d",
        datetime(2026, 10, 25, 9, 0, tzinfo=MORNING.tzinfo),
    )


@pytest.mark.parametrize(
    ("state", "start", "shown"),
    [
        ("approved", timedelta(days=2), True),
        ("requested", timedelta(days=2), True),
        ("changes_requested", timedelta(days=2), True),
        ("cancelled", timedelta(days=2), False),
        ("rejected", timedelta(days=2), False),
        ("deployed", timedelta(days=2), False),
        ("approved", timedelta(days=7), False),
        ("approved", -timedelta(hours=1), True),
        ("approved", -timedelta(hours=2), False),
        ("deploying", -timedelta(hours=9), True),
    ],
)
async def test_going_out_is_what_is_open_with_its_window_to_come(
    work: UnitOfWork, catalog: Catalog, state: str, start: timedelta, shown: bool
) -> None:
    await make_release(work, state, window_start=MORNING + start)

    assert bool((await look_ahead(work, catalog)).going_out) is shown


async def test_conflicts_are_seen_with_releases_of_other_services_that_hang_together(
    work: UnitOfWork, catalog: Catalog
) -> None:
    await make_release(work, "approved", "WEB", identifier="WEB-1", window_start=MORNING + DAY)
    await make_release(
        work, "requested", "PAY", identifier="PAY-1", window_start=MORNING + DAY + timedelta(hours=1)
    )
    await make_release(work, "approved", "PAY", identifier="PAY-2", window_start=MORNING + 2 * DAY)
    await make_release(work, "cancelled", "PAY", identifier="PAY-3", window_start=MORNING + 2 * DAY)

    found = (await look_ahead(work, catalog, "PAY")).going_out

    assert [(one.identifier, one.conflicts) for one in found] == [("PAY-1", ("WEB-1",)), ("PAY-2", ())]


async def test_freezes_that_a_window_meets_are_seen(work: UnitOfWork, catalog: Catalog) -> None:
    await make_release(work, "approved", "PAY", identifier="PAY-1", window_start=MORNING + 3 * DAY)
    await make_release(work, "approved", "PAY", identifier="PAY-2", window_start=MORNING + 4 * DAY)
    await make_release(work, "approved", "OLD", identifier="OLD-1", window_start=MORNING + 5 * DAY)

    found = (await look_ahead(work, catalog)).going_out

    assert {one.identifier: one.freezes for one in found} == {
        "PAY-1": (),
        "PAY-2": (("Month close", "soft"),),
        "OLD-1": (),
    }


async def test_the_full_schedule_has_no_end(work: UnitOfWork, catalog: Catalog) -> None:
    await make_release(work, "approved", window_start=MORNING + 90 * DAY)

    assert len((await look_ahead(work, catalog, ahead=None)).going_out) == 1


async def test_an_undecided_release_says_since_when_and_whom_by_name_it_waits_for(
    work: UnitOfWork, catalog: Catalog, people: dict[str, str]
) -> None:
    release = await make_release(
        work, identifier="PAY-1", type="major", requester="U0OLGA", state_since=MORNING - 2 * DAY
    )
    await make_decision(work, release, "U0RITA", roles=["release_manager"])
    await make_release(work, service="WEB", identifier="WEB-1", state_since=MORNING - 3 * DAY)
    await make_release(work, "approved")

    found = (await look_ahead(work, catalog)).undecided

    assert [(one.identifier, one.since, one.waits_for) for one in found] == [
        ("WEB-1", MORNING - 3 * DAY, (("release manager", ("Rita", "Sam")),)),
        ("PAY-1", MORNING - 2 * DAY, (("owner", ()), ("test manager", ("Tom",)))),
    ]


async def test_decisions_of_an_earlier_round_do_not_count(
    work: UnitOfWork, catalog: Catalog, people: dict[str, str]
) -> None:
    release = await make_release(work, round=2)
    await make_decision(work, release, "U0RITA", roles=["release_manager"], round=1)

    (found,) = (await look_ahead(work, catalog)).undecided

    assert found.waits_for == (("release manager", ("Rita",)), ("owner", ("Olga",)))


async def test_user_groups_are_said_by_the_names_of_their_members(work: UnitOfWork, people: dict[str, str]) -> None:
    document: dict[str, Any] = example_document()
    document["services"][0]["roles"]["release_manager"] = ["S0MANAGERS"]
    await put_catalog(work, document)
    await make_release(work)
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()

    (found,) = (await look_ahead(work, catalog)).undecided

    assert found.waits_for[0] == ("release manager", ("Rita",))


@pytest.mark.parametrize(
    ("state", "fields", "shown"),
    [
        ("approved", {}, True),
        ("deployed", {}, True),
        ("requested", {}, False),
        ("cancelled", {}, False),
        ("approved", {"done_at": MORNING - DAY}, False),
        ("approved", {"milestone": False}, False),
        ("approved", {"due_at": MORNING + DAY}, False),
        ("approved", {"due_at": MORNING - DAY / 24}, False),
        ("approved", {"chase_at": MORNING + DAY}, True),
    ],
)
async def test_overdue_are_undone_milestones_of_releases_that_go_on_snoozed_or_not(
    work: UnitOfWork, catalog: Catalog, state: str, fields: dict[str, Any], shown: bool
) -> None:
    release = await make_release(work, state)
    await make_task(work, release, **{"due_at": MORNING - DAY, **fields})

    assert bool((await look_ahead(work, catalog)).overdue) is shown


async def test_an_overdue_milestone_names_whoever_owns_it_now(
    work: UnitOfWork, catalog: Catalog, people: dict[str, str]
) -> None:
    release = await make_release(work, "approved", identifier="PAY-1")
    await make_task(work, release, due_at=MORNING - DAY, role="knowledge_manager")
    await make_task(work, release, due_at=MORNING - 2 * DAY, owner="U0BOB")

    found = (await look_ahead(work, catalog)).overdue

    assert [one.owners for one in found] == [("Bob",), ("Kim",)]


async def test_a_handover_waits_from_its_offer_until_it_is_accepted_or_sent_back(
    work: UnitOfWork, catalog: Catalog, people: dict[str, str], clock: FrozenClock
) -> None:
    release = await deployed(work)
    await verify_deployment(work, by("U0DANA"), release)
    await start_early_life_support(work, by("U0LENA"), release)
    await settle(work, release, "early_life_support", "U0LENA")
    assert (await look_ahead(work, catalog)).handovers == ()
    clock.move(timedelta(hours=1))
    await offer_handover(work, by("U0LENA"), release)
    waiting = (WaitingHandover("PAY-2026.001", "Card payments 9.2", clock.now(), ("Omar",)),)
    assert (await look_ahead(work, catalog)).handovers == waiting
    assert (await look_ahead(work, catalog, "WEB")).handovers == ()
    await send_handover_back(work, by("U0OMAR"), release, "The runbook is missing")
    assert (await look_ahead(work, catalog)).handovers == ()
    await offer_handover(work, by("U0LENA"), release)
    await accept_handover(work, by("U0OMAR"), release)
    assert (await look_ahead(work, catalog)).handovers == ()


async def test_what_an_emergency_owes_waits_until_it_is_given(
    work: UnitOfWork, catalog: Catalog, people: dict[str, str], clock: FrozenClock
) -> None:
    release = await requested(work, type="emergency")
    assert (await look_ahead(work, catalog)).later_approvals == ()
    await approve_release(work, by("U0RITA"), release, 1)
    due = clock.now() + timedelta(days=2)
    owner, tester = ("owner", ("Olga",)), ("test manager", ("Tom",))
    waiting = EmergencyToApprove("PAY-2026.001", "Card payments 9.2", due, (owner, tester))
    assert (await look_ahead(work, catalog)).later_approvals == (waiting,)
    assert (await look_ahead(work, catalog, "WEB")).later_approvals == ()
    await approve_afterwards(work, by("U0OLGA"), release, 1)
    assert (await look_ahead(work, catalog)).later_approvals == (replace(waiting, waits_for=(tester,)),)
    await approve_afterwards(work, by("U0TOM"), release, 1)
    assert (await look_ahead(work, catalog)).later_approvals == ()


async def test_a_handover_that_nobody_of_operations_can_accept_waits_for_the_manager(
    work: UnitOfWork, people: dict[str, str]
) -> None:
    document = example_document()
    del document["services"][0]["roles"]["operations_lead"]
    await put_catalog(work, document)
    release = await make_release(work, State.EARLY_LIFE_SUPPORT)
    await insert(work, Activities(release_id=release.id, offered_at=MORNING))
    async with work.reading() as snapshot:
        changed = await snapshot.catalog()
    (waiting,) = (await look_ahead(work, changed)).handovers
    assert waiting.waits_for == ("Rita",)


async def test_known_errors_without_a_workaround_come_by_the_incidents_they_explain(
    work: UnitOfWork, catalog: Catalog
) -> None:
    quiet = await make_known_error(work, "Quiet")
    loud = await make_known_error(work, "Loud", service=None)
    await make_known_error(work, "Helped", workaround="Reload")
    await make_known_error(work, "Gone", resolved_at=MORNING)
    await link_incident(work, await make_incident(work), loud)

    found = await look_ahead(work, catalog)

    assert [(one.number, one.title, one.incidents) for one in found.without_workaround] == [
        (loud.number, "Loud", 1),
        (quiet.number, "Quiet", 0),
    ]
    assert found.without_workaround_count == 2
    assert [one.title for one in (await look_ahead(work, catalog, "PAY")).without_workaround] == ["Quiet"]


async def test_a_digest_is_about_its_services_alone(
    work: UnitOfWork, catalog: Catalog, people: dict[str, str]
) -> None:
    for service in ("PAY", "WEB"):
        await make_release(work, service=service, identifier=f"{service}-1", window_start=MORNING + DAY)
        approved = await make_release(work, "approved", service=service, identifier=f"{service}-2")
        await make_task(work, approved, due_at=MORNING - DAY)

    found = await look_ahead(work, catalog, "WEB")

    assert {one.identifier for one in (*found.going_out, *found.undecided)} == {"WEB-1"}
    assert {one.identifier for one in found.overdue} == {"WEB-2"}
