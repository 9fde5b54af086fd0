"""Past the quorum: later approvals and broken glass, and what both do to adoption."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import func, select

from messages.releases.card import card as release_card
from messages.releases.card import outcome as release_outcome
from models.audit import AuditEntry
from models.errors import Invalid, Refused, Stale
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.approvals import Decision, LaterApprovals
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Deployment
from models.outbox import Outgoing
from models.releases.activities.adoption import counts_as_adopted
from models.releases.activities.deploy import mark_deployed, start_deployment
from models.releases.activities.go_no_go import say_go
from models.releases.approval.approve import approve_release
from models.releases.approval.break_glass import break_glass, check_may_break
from models.releases.approval.decisions import BYPASSED
from models.releases.approval.later_approvals import approve_afterwards
from models.releases.card import queries
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from models.storage.database import Database
from models.subscriptions import posts_for
from models.unit_of_work import UnitOfWork
from scheduler.approvals import chase_approvals, next_approval_chase_at
from tests.conftest import example_document, put_catalog
from tests.releases.approval.test_stand_ins import delegated
from tests.releases.steps import (
    approved,
    begin_deployment,
    by,
    form,
    ready,
    requested,
    rows,
    settle,
    state,
    take_through_tests,
)

pytestmark = pytest.mark.usefixtures("people", "catalog")


async def emergency(work) -> int:
    """An emergency of PAY, approved by Rita: owner and test manager have to approve within two days."""
    release = await requested(work, type="emergency")
    await approve_release(work, by("U0RITA"), release, 1)
    return release


async def adopted(work) -> int:
    async with work.database.reading() as session:
        query = select(func.count()).select_from(Deployment).where(counts_as_adopted())
        return (await session.exec(query)).one()


async def tags(work) -> list[str]:
    return [row.tag for row in await rows(work, AuditEntry)]


async def card(work, release):
    async with work.reading() as snapshot:
        return await queries.release_card(snapshot.session, await snapshot.catalog(), release)


async def test_the_thread_says_that_an_emergency_can_be_deployed_at_once(work, catalog):
    for release, words in (
        (await emergency(work), "it can be deployed, and the other approvals follow"),
        (await requested(work, nonce="minor"), "the build can start"),
    ):
        async with work.database.reading() as session:
            facts = {"outcome": "approved", "person": "U0RITA", "requester": "U0ANN", "round": 1}
            told = release_outcome.render(await queries.release_outcome(session, catalog, release, facts))
        assert told.text.endswith(f"is approved. The plan is made; {words}.")


async def test_an_emergency_goes_first_and_owes_the_rest(work, clock):
    release = await emergency(work)
    assert await state(work, release) == "approved"
    owed = (await card(work, release)).later_approvals
    assert [(one.role, len(one.approved_by), one.needed, one.waiting) for one in owed.progress] == [
        ("owner", 0, 1, ("U0OLGA",)),
        ("test_manager", 0, 1, ("U0TOM",)),
    ]
    assert owed.due_at == clock.now() + timedelta(days=2)


async def test_it_counts_as_adopted_once_the_rest_is_given_in_time(work, clock):
    release = await emergency(work)
    await start_deployment(work, by("U0DANA"), release)
    await mark_deployed(work, by("U0DANA"), release)
    assert await adopted(work) == 0
    await settle(work, release, "entry")
    await settle(work, release, "exit")
    await approve_afterwards(work, by("U0OLGA"), release, 1)
    await approve_afterwards(work, by("U0OLGA"), release, 1)
    assert await adopted(work) == 0
    clock.move(timedelta(days=2))
    await approve_afterwards(work, by("U0TOM"), release, 1)
    assert await adopted(work) == 1
    granted = [row for row in await rows(work, AuditEntry) if row.tag == "release:approval:granted_afterwards"]
    assert [(row.facts["complete"], row.facts["late"]) for row in granted] == [(False, False), (True, False)]
    assert (await card(work, release)).later_approvals.completed_at == clock.now()
    with pytest.raises(Refused, match="has all its approvals"):
        await approve_afterwards(work, by("U0PIA"), release, 1)


async def test_it_is_chased_told_to_the_owner_when_late_and_then_never_counts(work, clock):
    release = await emergency(work)
    await start_deployment(work, by("U0DANA"), release)
    await approve_afterwards(work, by("U0OLGA"), release, 1)
    for _ in range(3 * 24):
        await chase_approvals(work)
        clock.move(timedelta(hours=1))
    chased = [row for row in await rows(work, AuditEntry) if row.tag == "release:approval:chased_afterwards"]
    assert len(chased) == 3
    assert {tuple(row.facts["asked"]) for row in chased} == {("U0TOM",)}
    (late,) = [row for row in await rows(work, AuditEntry) if row.tag == "release:approval:late"]
    assert late.facts["asked"] == ["U0OLGA"]
    await approve_afterwards(work, by("U0TOM"), release, 1)
    assert await adopted(work) == 0
    assert (await card(work, release)).later_approvals.late
    clock.move(timedelta(days=30))
    await chase_approvals(work)
    assert (await tags(work)).count("release:approval:chased_afterwards") == 3
    assert await next_approval_chase_at(work) is None


async def test_several_processes_beside_each_other_remind_once(work, clock, database_url):
    for number in range(5):
        start = clock.now() + timedelta(days=8 + number)
        window = {"window_start": start, "window_end": start + timedelta(hours=2)}
        release = await requested(work, nonce=str(number), type="emergency", **window)
        await approve_release(work, by("U0RITA"), release, 1)
    others = [Database(database_url) for _ in range(3)]
    desks = [UnitOfWork(one, clock, posts_for) for one in others]
    for days in (0, 1, 2):
        clock.move(timedelta(days=days))
        await asyncio.gather(*(chase_approvals(desk) for desk in desks))
    assert (await tags(work)).count("release:approval:chased_afterwards") == 10
    assert (await tags(work)).count("release:approval:late") == 5
    for one in others:
        await one.close()


@pytest.mark.parametrize(
    ("person", "sentence"),
    [("U0ANN", "You requested it"), ("U0RITA", "you have decided already"), ("U0KIM", "It waits for owner")],
)
async def test_those_who_do_not_count_are_refused_and_told_who_does(work, person, sentence):
    release = await emergency(work)
    with pytest.raises(Refused, match=sentence) as refused:
        await approve_afterwards(work, by(person), release, 1)
    assert str(refused.value).endswith("this is for Olga or Tom.")


async def test_whoever_approved_first_does_not_count_again_in_another_role(work):
    document = example_document()
    document["services"][0]["roles"]["test_manager"] = ["U0RITA", "U0TOM"]
    await put_catalog(work, document)
    release = await emergency(work)
    with pytest.raises(Refused, match="count once"):
        await approve_afterwards(work, by("U0RITA"), release, 1)


async def test_a_delegate_gives_it_too_and_both_in_the_same_instant_count_once(work):
    await delegated(work, "U0OLGA", "U0SAM")
    release = await emergency(work)
    clicks = ["U0SAM", "U0OLGA", "U0SAM", "U0OLGA"]
    await asyncio.gather(
        *(approve_afterwards(work, by(person), release, 1) for person in clicks), return_exceptions=True
    )
    later = [row for row in await rows(work, Decision) if row.verdict == "approved_afterwards"]
    assert len(later) == 1


async def test_nothing_goes_first_that_owes_nothing_however_lenient_its_type_becomes(work):
    release = await approved(work)
    document = example_document()
    kinds = document["services"][0]["policy"]["types"]
    kinds["minor"]["afterwards"] = kinds["emergency"]["afterwards"]
    await put_catalog(work, document)
    with pytest.raises(Refused, match="only an emergency is deployed before it is built"):
        await start_deployment(work, by("U0DANA"), release)


async def test_an_emergency_goes_first_by_the_terms_on_which_it_was_approved(work):
    release = await emergency(work)
    document = example_document()
    del document["services"][0]["policy"]["types"]["emergency"]["afterwards"]
    await put_catalog(work, document)
    await start_deployment(work, by("U0DANA"), release)
    assert await state(work, release) == "deploying"


async def test_nobody_is_reminded_while_somebody_is_deciding(work, clock, database):
    release = await emergency(work)
    clock.move(timedelta(days=3))
    if not database.is_sqlite:
        async with work(by("U0OLGA")) as tx:
            await load_release(tx.session, release, lock=True)
            await chase_approvals(work)
    assert not {"release:approval:chased_afterwards", "release:approval:late"} & set(await tags(work))
    await chase_approvals(work)
    assert {"release:approval:chased_afterwards", "release:approval:late"} <= set(await tags(work))


async def test_a_cancelled_emergency_owes_nothing(work, clock):
    release = await emergency(work)
    await cancel_release(work, by("U0ANN"), release)
    clock.move(timedelta(days=5))
    await chase_approvals(work)
    assert [one for one in await tags(work) if "afterwards" in one or "late" in one] == []
    with pytest.raises(Refused, match="needs no approvals afterwards"):
        await approve_afterwards(work, by("U0OLGA"), release, 1)
    assert (await card(work, release)).later_approvals is None


async def test_an_ordinary_release_owes_nothing_and_counts(work):
    release = await ready(work)
    await begin_deployment(work, release)
    assert await rows(work, LaterApprovals) == []
    assert await adopted(work) == 1


async def test_breaking_the_glass_approves_tells_those_passed_over_and_never_counts(work):
    release = await requested(work)
    await break_glass(work, by("U0DANA"), release, 1, "Fraud in progress")
    assert await state(work, release) == "approved"
    assert len(await rows(work, PlanTask)) == 6
    (told,) = [row for row in await rows(work, Outgoing) if row.message == "approval_notice"]
    assert told.facts["passed_over"] == ["U0RITA", "U0OLGA"]
    assert "release:approval:bypassed" in await tags(work)
    await take_through_tests(work, release)
    await say_go(work, by("U0RITA"), release)
    await begin_deployment(work, release)
    await mark_deployed(work, by("U0DANA"), release)
    assert await adopted(work) == 0
    bypass = (await card(work, release)).bypass
    assert (bypass.person, bypass.reason) == ("Dana", "Fraud in progress")


async def test_whoever_approved_already_is_not_passed_over(work):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    about = await check_may_break(work, by("U0RITA"), release)
    assert about.roles == "owner"
    await break_glass(work, by("U0RITA"), release, 1, "Olga is on a plane")
    (told,) = [row for row in await rows(work, Outgoing) if row.message == "approval_notice"]
    assert told.facts["passed_over"] == ["U0OLGA"]


async def test_who_approved_before_breaks_the_glass_in_no_role_and_in_nobodys_place(work):
    await delegated(work, delegate="U0DANA")
    release = await requested(work)
    await approve_release(work, by("U0DANA"), release, 1)
    (decision,) = await rows(work, Decision)
    assert (decision.roles, decision.standing_in_for) == (["release_manager"], "U0RITA")
    await break_glass(work, by("U0DANA"), release, 1, "Olga is on a plane")
    (decision,) = await rows(work, Decision)
    assert (decision.person, decision.verdict, decision.roles, decision.standing_in_for, decision.reason) == (
        "U0DANA",
        BYPASSED,
        [],
        None,
        "Olga is on a plane",
    )


async def test_whoever_could_have_stood_in_was_passed_over_too(work):
    await delegated(work)
    release = await requested(work)
    await break_glass(work, by("U0DANA"), release, 1, "Fraud in progress")
    (told,) = [row for row in await rows(work, Outgoing) if row.message == "approval_notice"]
    assert told.facts["passed_over"] == ["U0RITA", "U0OLGA", "U0SAM"]


async def test_what_nobody_waived_is_in_the_trail_of_broken_glass(work):
    await requested(work, nonce="first")
    release = await requested(work, nonce="second")
    await break_glass(work, by("U0DANA"), release, 1, "Fraud in progress")
    (entry,) = [row for row in await rows(work, AuditEntry) if row.tag == "release:approval:bypassed"]
    (sentence,) = entry.facts["unwaived"]
    assert "PAY-2026.001" in sentence


async def test_a_material_edit_voids_it_yet_card_and_history_keep_saying_that_glass_was_broken(work):
    release = await requested(work)
    await break_glass(work, by("U0DANA"), release, 1, "Fraud in progress")
    assert not (await card(work, release)).bypass.earlier
    await edit_release(work, by("U0ANN"), release, 1, form(back_out_plan="Another way"))
    assert await state(work, release) == "requested"
    for person in ("U0RITA", "U0OLGA"):
        bypass = (await card(work, release)).bypass
        assert (bypass.person, bypass.reason, bypass.earlier) == ("Dana", "Fraud in progress", True)
        await approve_release(work, by(person), release, 2)
    assert await state(work, release) == "approved"
    shown = release_card.render(await card(work, release))
    assert "Approved without its approvals by Dana" in str(shown.blocks)
    assert "before it was changed" in str(shown.blocks)
    async with work.database.reading() as session:
        trail = await queries.release_history(session, release, 20)
    assert [(one.person_name, one.grounds) for one in trail if one.tag == "release:approval:bypassed"] == [
        ("Dana", "Fraud in progress")
    ]


async def test_an_emergency_with_broken_glass_still_owes_its_approvals(work):
    release = await requested(work, type="emergency")
    await break_glass(work, by("U0DANA"), release, 1, "Fraud in progress")
    await approve_afterwards(work, by("U0OLGA"), release, 1)
    assert (await card(work, release)).later_approvals.progress[0].approved_by == ("Olga",)


async def test_not_by_the_requester_nor_by_anybody_without_a_role_nor_without_a_reason(work):
    mine = await requested(work, person="U0RITA")
    with pytest.raises(Refused, match=r"You requested PAY-2026.001, .* break the glass: Dana or Olga"):
        await check_may_break(work, by("U0RITA"), mine)
    with pytest.raises(Refused, match=r"release manager, owner or deployment staff of PAY-2026.001"):
        await break_glass(work, by("U0KIM"), mine, 1, "Because")
    with pytest.raises(Invalid):
        await break_glass(work, by("U0DANA"), mine, 1, " ")
    with pytest.raises(Stale):
        await break_glass(work, by("U0DANA"), mine, 2, "Because")
    assert await state(work, mine) == "requested"


async def test_the_glass_is_broken_once(work):
    release = await requested(work)
    clicks = (break_glass(work, by(one), release, 1, "Now") for one in ("U0DANA", "U0OLGA", "U0RITA"))
    await asyncio.gather(*clicks, return_exceptions=True)
    assert (await tags(work)).count("release:approval:bypassed") == 1
    with pytest.raises(Refused, match="is approved"):
        await break_glass(work, by("U0OLGA"), release, 1, "Again")
