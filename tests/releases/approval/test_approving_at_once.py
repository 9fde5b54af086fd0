"""Two people do at once what only one of them can: the other is told."""

import asyncio

import pytest

from models.errors import DomainError, Refused, Stale
from models.lifecycle.tables.activities import Criterion
from models.releases.activities.gates import MET, WAIVED
from models.releases.activities.go_no_go import say_go, say_no_go
from models.releases.activities.handover import (
    accept_handover,
    offer_handover,
    send_handover_back,
    start_early_life_support,
    verify_deployment,
)
from models.releases.activities.settle_criterion import settle_criterion
from models.releases.activities.test import ResultForm, accept_tests, record_result
from models.releases.approval.approve import approve_release
from models.releases.approval.later_approvals import approve_afterwards
from models.releases.request.edit import edit_release
from models.services.edit import edit_service
from models.services.edit_conflicts import EditConflict
from models.services.sections import TIMES
from tests.releases.steps import approved, by, deployed, form, requested, rows, settle, state, take_through_tests
from tests.services.forms import filled

pytestmark = pytest.mark.usefixtures("people", "catalog")


async def at_once(*doings) -> tuple[list[bool], list[BaseException]]:
    """Do everything at once. Returns what succeeded, and what the others were told."""
    ended = await asyncio.gather(*doings, return_exceptions=True)
    told = [one for one in ended if isinstance(one, BaseException)]
    assert all(isinstance(one, DomainError) for one in told), told
    return [not isinstance(one, BaseException) for one in ended], told


async def test_a_criterion_is_settled_by_one_of_two(work):
    await approved(work)
    first = (await rows(work, Criterion))[0]
    taken, told = await at_once(
        settle_criterion(work, by("U0TOM"), first.id, MET, "https://wiki.example/evidence"),
        settle_criterion(work, by("U0OLGA"), first.id, WAIVED, "Agreed without"),
    )
    assert sorted(taken) == [False, True]
    assert isinstance(told[0], Refused)
    settled = (await rows(work, Criterion))[0]
    assert settled.settled_by == ("U0TOM" if taken[0] else "U0OLGA")
    assert settled.outcome == (MET if taken[0] else WAIVED)


async def test_a_handover_is_accepted_or_sent_back(work):
    release = await deployed(work)
    await verify_deployment(work, by("U0DANA"), release)
    await start_early_life_support(work, by("U0LENA"), release)
    await settle(work, release, "early_life_support")
    await offer_handover(work, by("U0LENA"), release)
    taken, _ = await at_once(
        accept_handover(work, by("U0OMAR"), release),
        send_handover_back(work, by("U0OMAR", "modal"), release, "The runbook is old"),
    )
    assert sorted(taken) == [False, True]
    assert await state(work, release) == ("handed_over" if taken[0] else "early_life_support")


async def test_go_and_no_go_are_not_both_said(work):
    release = await approved(work)
    await take_through_tests(work, release)
    taken, _ = await at_once(
        say_go(work, by("U0RITA"), release),
        say_no_go(work, by("U0OLGA", "modal"), release, "Support is not ready"),
    )
    assert await state(work, release) == ("ready" if taken == [True, False] else "testing")


async def test_a_failure_that_comes_with_the_verdict_is_before_it_or_refused(work):
    release = await approved(work)
    await take_through_tests(work, release)
    await say_no_go(work, by("U0RITA", "modal"), release, "Once more")
    failed = ResultForm(component="pay-api", result="failed", note="It hangs")
    taken, _ = await at_once(
        accept_tests(work, by("U0TOM", "modal"), release, "Settles", "Fast", ["WEB"]),
        record_result(work, by("U0TOM", "modal"), release, failed, "late"),
    )
    assert sorted(taken) == [False, True]
    assert await state(work, release) == ("ready" if taken[0] else "testing")


async def test_an_owed_approval_counts_for_what_was_looked_at(work):
    release = await requested(work, type="emergency")
    await approve_release(work, by("U0RITA"), release, 1)
    changed = form(type="emergency", back_out_plan="Redeploy 9.0", method="blue-green")
    taken, told = await at_once(
        edit_release(work, by("U0ANN"), release, 1, changed),
        approve_afterwards(work, by("U0OLGA"), release, 1),
    )
    assert taken[0]
    assert all(isinstance(one, (Stale, Refused)) for one in told)


async def test_of_two_who_edit_the_same_part_of_a_service_one_is_told(work, catalog):
    editing, windows = filled(catalog, TIMES, "", "PAY", methods="canary")
    _, others = filled(catalog, TIMES, "", "PAY", methods="phased")
    taken, told = await at_once(
        edit_service(work, by("U0OLGA", "modal"), editing, windows),
        edit_service(work, by("U0PETRA", "modal"), editing, others),
    )
    assert sorted(taken) == [False, True]
    assert isinstance(told[0], EditConflict)
    async with work.reading() as snapshot:
        policy = (await snapshot.catalog()).by_key["PAY"].policy
    assert policy.deployment_methods == (("canary",) if taken[0] else ("phased",))
