"""Deciding on releases, on both databases."""

import asyncio

import pytest

from models.audit import AuditEntry
from models.errors import Invalid, Refused, Stale
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.plan import PlanTask
from models.outbox import Outgoing
from models.releases.approval.approve import approve_release
from models.releases.approval.reject import reject_release, request_changes
from tests.conftest import example_document, put_catalog
from tests.releases.steps import by, requested, rows, state

pytestmark = pytest.mark.usefixtures("people")


async def test_the_last_approval_needed_approves_the_release_and_makes_its_plan(work, catalog):
    release = await requested(work)
    first = await approve_release(work, by("U0RITA"), release, 1)
    assert not first.tally.complete
    assert await state(work, release) == "requested"
    second = await approve_release(work, by("U0OLGA"), release, 1)
    assert second.tally.complete
    assert await state(work, release) == "approved"
    assert len(await rows(work, PlanTask)) == 6


async def test_the_requester_is_refused_and_told_who_may(work, catalog):
    release = await requested(work, person="U0RITA")
    with pytest.raises(Refused, match=r"You requested PAY-2026.001, so somebody else .*: Olga"):
        await approve_release(work, by("U0RITA"), release, 1)
    assert await rows(work, Decision) == []


async def test_somebody_in_no_role_is_told_who_decides(work, catalog):
    release = await requested(work)
    with pytest.raises(Refused, match=r"decided by its release manager, owner: Olga or Rita"):
        await approve_release(work, by("U0KIM"), release, 1)


async def test_approving_twice_counts_once(work, catalog):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    again = await approve_release(work, by("U0RITA"), release, 1)
    assert again.again
    assert len(await rows(work, Decision)) == 1


async def test_the_approval_that_completes_counts_once_too(work, catalog):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    await approve_release(work, by("U0OLGA"), release, 1)
    again = await approve_release(work, by("U0OLGA"), release, 1)
    assert again.again
    assert again.tally.complete
    assert len(await rows(work, Decision)) == 2
    with pytest.raises(Refused, match="is approved already"):
        await approve_release(work, by("U0KIM"), release, 1)


async def test_two_people_in_the_same_instant_each_count_once(work, catalog):
    release = await requested(work)
    clicks = ["U0RITA", "U0OLGA", "U0RITA", "U0OLGA"]
    await asyncio.gather(
        *(approve_release(work, by(person), release, 1) for person in clicks), return_exceptions=True
    )
    assert await state(work, release) == "approved"
    assert len(await rows(work, Decision)) == 2
    assert len(await rows(work, PlanTask)) == 6


async def test_a_click_on_an_outdated_card_is_refused(work, catalog):
    release = await requested(work)
    with pytest.raises(Stale, match=r"has changed since"):
        await approve_release(work, by("U0RITA"), release, 2)


async def test_a_rejection_stops_the_release_and_tells_why(work, catalog):
    release = await requested(work)
    await reject_release(work, by("U0OLGA"), release, 1, "No rehearsal")
    assert await state(work, release) == "rejected"
    with pytest.raises(Refused, match=r"is rejected"):
        await approve_release(work, by("U0RITA"), release, 1)
    outcome = next(row for row in await rows(work, Outgoing) if row.message == "release_outcome")
    assert outcome.facts["grounds"] == "No rehearsal"
    assert outcome.facts["requester"] == "U0ANN"


async def test_where_one_rejection_does_not_stop_the_others_may_still_approve(work):
    document = example_document()
    pay = document["services"][0]
    pay["roles"]["release_manager"] = ["U0RITA", "U0SAM"]
    pay["policy"]["approval"]["one_rejection_stops"] = False
    await put_catalog(work, document)
    release = await requested(work)
    await reject_release(work, by("U0SAM"), release, 1, "Not convinced")
    assert await state(work, release) == "requested"
    await reject_release(work, by("U0RITA"), release, 1, "Nor am I")
    assert await state(work, release) == "rejected"


async def test_a_reason_is_needed(work, catalog):
    release = await requested(work)
    with pytest.raises(Invalid) as wrong:
        await request_changes(work, by("U0OLGA"), release, 1, "  ")
    assert set(wrong.value.problems) == {"reason"}
    assert await state(work, release) == "requested"


async def test_every_decision_leaves_one_entry_in_the_trail(work, catalog):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    trail = [(row.tag, row.person, row.surface) for row in await rows(work, AuditEntry)]
    assert trail == [
        ("release:requested", "U0ANN", "button"),
        ("release:approval:granted", "U0RITA", "button"),
    ]


async def test_a_member_of_a_user_group_decides_for_its_role(work):
    document = example_document()
    document["services"][0]["roles"]["release_manager"] = ["S0MANAGERS"]
    await put_catalog(work, document)
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    assert len(await rows(work, Decision)) == 1
