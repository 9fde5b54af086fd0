"""Go and start are asked for clearance in their transaction; overrides and broken glass open what they name."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from models.audit import AuditEntry
from models.errors import Refused, Stale
from models.events import SYSTEM
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.clearance import Override
from models.lifecycle.tables.release import Deployment
from models.membership.tables import Person
from models.releases.activities.adoption import counts_as_adopted
from models.releases.activities.break_glass import break_guard
from models.releases.activities.deploy import mark_deployed, start_deployment
from models.releases.activities.go_no_go import say_go, say_no_go
from models.releases.approval.approve import approve_release
from models.releases.clearance.ask import NotCleared
from models.releases.clearance.overrides import check_may_override, clearance_shown, override
from models.releases.clearance.renew_approval import renew_approval
from models.storage.database import Database
from models.subscriptions import posts_for
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING, example_document, put_catalog
from tests.factories import make_ready, make_release
from tests.releases.steps import (
    approved,
    by,
    go_to_window,
    ready,
    requested,
    rows,
    state,
    take_through_tests,
)

pytestmark = pytest.mark.usefixtures("people", "catalog")

EARLY = [("window_not_begun", "")]
FROZEN = {"window_start": MORNING + timedelta(days=28), "window_end": MORNING + timedelta(days=28, hours=2)}
"""In the hard freeze of the year's end."""


async def refusal(step, work, person: str, release: int) -> NotCleared:
    with pytest.raises(NotCleared) as refused:
        await step(work, by(person), release)
    return refused.value


def codes(refused: NotCleared) -> list[str]:
    return [line.obstacle.code.value for line in refused.answer.lines]


async def test_a_start_before_its_window_is_refused_and_overridden_by_somebody_else_than_who_deploys(work, clock):
    release = await ready(work)
    refused = await refusal(start_deployment, work, "U0DANA", release)
    assert str(refused) == (
        "Nobody can start deploying PAY-2026.001 now. Its window hasn't begun: Wed 2 Dec 2026 10:00-12:00 UTC+1. "
        "Next allowed time: Wed 2 Dec 2026 10:00 UTC+1. Olga or Rita can override this."
    )
    assert not refused.answer.may_override
    assert (await clearance_shown(work, by("U0RITA"), release)).may_override
    with pytest.raises(Refused, match="Overriding is for the release manager or owner of PAY"):
        await override(work, by("U0DANA"), release, 1, EARLY, "Tonight")
    with pytest.raises(Stale):
        await override(work, by("U0RITA"), release, 2, EARLY, "Tonight")
    with pytest.raises(Refused, match="Nothing is in the way"):
        await override(work, by("U0RITA"), release, 1, [("closed", "")], "Tonight")
    await override(work, by("U0RITA"), release, 1, EARLY, "The fix can't wait")
    with pytest.raises(Refused, match=r"You overrode what stood in the way of PAY-2026\.001.*: Dana"):
        await start_deployment(work, by("U0RITA"), release)
    await start_deployment(work, by("U0DANA"), release)
    await mark_deployed(work, by("U0DANA"), release)
    (row,) = await rows(work, Override)
    assert (row.kind, row.by, row.reason) == ("override", "U0RITA", "The fix can't wait")
    assert [one["code"] for one in row.obstacles] == ["window_not_begun"]
    assert row.ended_at == clock.now()
    started = [one for one in await rows(work, AuditEntry) if one.tag == "release:deployment:started"]
    assert started[0].facts["passed_over"] == ["Its window hasn't begun: Wed 2 Dec 2026 10:00-12:00 UTC+1."]


async def test_what_is_not_needed_any_more_keeps_nobody_from_deploying(work):
    release = await ready(work)
    await override(work, by("U0RITA"), release, 1, EARLY, "Tonight")
    await go_to_window(work, release)
    await start_deployment(work, by("U0RITA"), release)
    assert await state(work, release) == "deploying"


async def test_an_override_is_over_with_its_window_and_opens_only_what_it_names(work, clock):
    release = await ready(work)
    await override(work, by("U0RITA"), release, 1, EARLY, "Tonight")
    await make_release(work, "deploying", identifier="PAY-2026.700", window_start=clock.now())
    assert codes(await refusal(start_deployment, work, "U0DANA", release)) == ["other_deployment"]
    clock.set(MORNING + timedelta(days=8, hours=2))
    assert codes(await refusal(start_deployment, work, "U0DANA", release)) == ["window_over", "other_deployment"]
    with pytest.raises(Refused, match="Overriding is for"):
        await check_may_override(work, by("U0TOM"), release)


async def test_go_judges_the_planned_window(work, clock):
    release = await approved(work)
    await take_through_tests(work, release)
    document = example_document()
    day = (MORNING + timedelta(days=8)).date()
    sale = {"name": "Sale", "from": day, "to": day, "kind": "soft"}
    document["services"][0]["policy"]["freezes"].append(sale)
    document["services"][0]["policy"]["override_by"] = ["test_manager"]
    await put_catalog(work, document)
    refused = await refusal(say_go, work, "U0RITA", release)
    assert codes(refused) == ["freeze"]
    assert str(refused) == (
        "There can be no go for PAY-2026.001 now. The soft freeze Sale touches its window, until Thu 3 Dec 2026 "
        "00:00 UTC+1. Tom can override this."
    )
    await override(work, by("U0TOM"), release, 1, [("freeze", "Sale")], "Agreed with sales")
    await say_go(work, by("U0RITA"), release)
    await go_to_window(work, release)
    await start_deployment(work, by("U0DANA"), release)
    assert await state(work, release) == "deploying"


async def test_no_go_for_a_window_that_is_over(work, clock):
    release = await ready(work)
    await say_no_go(work, by("U0OLGA"), release, "Not yet")
    await take_back_to_ready(work, release)
    clock.set(MORNING + timedelta(days=8, hours=2))
    refused = await refusal(say_go, work, "U0RITA", release)
    assert codes(refused) == ["window_over"]
    assert refused.answer.needs_window
    assert not refused.answer.next_allowed


async def take_back_to_ready(work, release: int) -> None:
    from models.releases.activities.test import accept_tests

    await accept_tests(work, by("U0TOM", "modal"), release, "Settles in an hour", "Fast enough", ["WEB"])


async def test_an_approver_who_left_is_overridden(work):
    release = await ready(work)
    await go_to_window(work, release)
    async with work(SYSTEM) as tx:
        person = await tx.session.get(Person, "U0OLGA")
        person.active = False
    refused = await refusal(start_deployment, work, "U0DANA", release)
    assert codes(refused) == ["approver_left"]
    assert "Olga approved it as owner and isn't that any more." in str(refused)
    await override(work, by("U0RITA"), release, 1, [("approver_left", "U0OLGA")], "Her successor knows of it")
    await start_deployment(work, by("U0DANA"), release)


async def test_a_present_holder_approves_in_the_place_of_one_who_left(work):
    release = await ready(work)
    await go_to_window(work, release)
    with pytest.raises(Refused, match="waits for you to take its place"):
        await renew_approval(work, by("U0PIA"), release, 1)
    document = example_document()
    document["services"][0]["owner"] = "U0PIA"
    await put_catalog(work, document)
    assert codes(await refusal(start_deployment, work, "U0DANA", release)) == ["approver_left"]
    assert (await clearance_shown(work, by("U0PIA"), release)).may_approve
    for person in ("U0OLGA", "U0RITA", "U0ANN"):
        with pytest.raises(Refused, match="waits for you to take its place"):
            await renew_approval(work, by(person), release, 1)
    await renew_approval(work, by("U0PIA"), release, 1)
    await start_deployment(work, by("U0DANA"), release)


async def test_broken_glass_opens_hard_obstacles_for_one_deployment_and_counts_against_adoption(work, clock):
    release = await approved(work)
    with pytest.raises(Refused, match="only an emergency is deployed before"):
        await start_deployment(work, by("U0DANA"), release)
    for person, refused in (("U0ANN", "You requested PAY"), ("U0TOM", "This is for")):
        with pytest.raises(Refused, match=refused):
            await break_guard(work, by(person), release, 1, "Production is down")
    await break_guard(work, by("U0DANA"), release, 1, "Production is down")
    (row,) = await rows(work, Override)
    assert [one["code"] for one in row.obstacles] == ["gate", "window_not_begun"]
    assert await state(work, release) == "approved"
    await start_deployment(work, by("U0DANA"), release)
    await mark_deployed(work, by("U0DANA"), release)
    async with work.database.reading() as session:
        assert not (await session.exec(select(Deployment).where(counts_as_adopted()))).all()


async def test_glass_after_the_window_holds_as_long_as_the_window_was(work, clock):
    release = await ready(work)
    clock.set(MORNING + timedelta(days=8, hours=3))
    with pytest.raises(Refused, match="Only breaking the glass opens what is in the way"):
        await override(work, by("U0RITA"), release, 1, [("window_over", "")], "Now")
    await break_guard(work, by("U0RITA"), release, 1, "Now")
    clock.move(timedelta(hours=2))
    assert codes(await refusal(start_deployment, work, "U0DANA", release)) == ["window_over"]


async def test_an_emergency_goes_out_in_a_hard_freeze_and_its_approval_is_the_override(work, clock):
    release = await requested(work, type="emergency", **FROZEN)
    given = await approve_release(work, by("U0RITA"), release, 1)
    assert given.passed_over == ("The hard freeze Year end holds until Tue 5 Jan 2027 00:00 UTC+1.",)
    clock.set(FROZEN["window_end"] + timedelta(hours=8))
    await start_deployment(work, by("U0DANA"), release)
    (row,) = await rows(work, Override)
    assert (row.kind, row.by) == ("emergency", "U0RITA")
    assert sorted(one["code"] for one in row.obstacles) == ["closed", "freeze", "window_over"]


async def test_a_day_after_its_window_an_emergency_needs_a_new_one(work, clock):
    release = await requested(work, type="emergency")
    await approve_release(work, by("U0RITA"), release, 1)
    clock.set(MORNING + timedelta(days=9, hours=2))
    assert "window_over" in codes(await refusal(start_deployment, work, "U0DANA", release))


async def test_of_two_that_start_at_once_one_is_told_of_the_other(database_url, work, clock):
    """Web shop depends on Payments, so it waits for a deployment of Payments, not the other way round."""
    first = await make_ready(work, identifier="PAY-2026.701")
    second = await make_ready(work, identifier="PAY-2026.702")
    other = Database(database_url)
    try:
        beside = UnitOfWork(other, clock, posts_for)
        results = await asyncio.gather(
            start_deployment(work, by("U0DANA"), first.id),
            start_deployment(beside, by("U0RITA"), second.id),
            return_exceptions=True,
        )
    finally:
        await other.close()
    (told,) = [one for one in results if isinstance(one, NotCleared)]
    assert codes(told) == ["other_deployment"]
    assert len([one for one in results if isinstance(one, str)]) == 1


async def test_a_service_waits_for_what_it_depends_on_only(work, clock):
    await make_release(work, "deploying", service="WEB", identifier="WEB-1", window_start=clock.now())
    pay = await make_ready(work)
    await start_deployment(work, by("U0DANA"), pay.id)
    async with work.database.reading() as session:
        assert (await load_release(session, pay.id)).state == "deploying"
