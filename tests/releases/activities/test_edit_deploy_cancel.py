"""Editing, deploying, backing out and cancelling an approved release."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.errors import Refused, Stale
from models.lifecycle.lifecycle import LIFECYCLE, State, Verb, check_state, transition
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Deployment, Release
from models.releases.activities.build import record_build, start_build, start_test
from models.releases.activities.deploy import back_out, mark_deployed, start_deployment
from models.releases.activities.go_no_go import say_go
from models.releases.activities.test import ResultForm, accept_tests, record_result
from models.releases.approval.approve import approve_release
from models.releases.approval.reject import request_changes
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from models.support.tables import KnownError
from tests.conftest import MORNING
from tests.releases.steps import (
    BUILD,
    approved,
    begin_deployment,
    by,
    deployed,
    form,
    ready,
    requested,
    rows,
    state,
)

pytestmark = pytest.mark.usefixtures("people", "catalog")


def test_every_pair_of_verb_and_state_has_one_row_at_most():
    pairs = [(row.verb, source) for row in LIFECYCLE for source in row.sources]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("source", list(State))
def test_a_verb_that_the_table_does_not_allow_is_refused_with_the_state(verb, source):
    if transition(verb, source) is None:
        with pytest.raises(Refused, match=f"PAY-1 is {source.words}"):
            check_state(verb, "PAY-1", source)
    else:
        assert check_state(verb, "PAY-1", source).target in (None, *State)


async def test_a_release_is_deployed_by_those_who_may(work):
    release = await ready(work)
    with pytest.raises(Refused, match=r"deployment staff or release manager of PAY-2026.001: Dana or Rita"):
        await start_deployment(work, by("U0ANN"), release)
    await begin_deployment(work, release)
    assert await state(work, release) == "deploying"
    await mark_deployed(work, by("U0DANA"), release)
    assert await state(work, release) == "deployed"
    (deployment,) = await rows(work, Deployment)
    assert (deployment.outcome, deployment.adopted) == ("deployed", True)


async def test_a_service_without_deployment_staff_is_deployed_by_its_release_manager(work):
    release = await requested(work, service="WEB")
    for person in ("U0RITA", "U0SAM"):
        await approve_release(work, by(person), release, 1)
    await start_build(work, by("U0SAM"), release)
    await record_build(work, by("U0SAM"), release, BUILD, "b")
    await start_test(work, by("U0SAM"), release)
    with pytest.raises(Refused, match=r"release manager or test manager of .*: Rita, Sam or Tom"):
        await record_result(work, by("U0BEN"), release, ResultForm(component="web", result="passed"), "r")
    await record_result(work, by("U0SAM"), release, ResultForm(component="web", result="passed"), "r")
    await accept_tests(work, by("U0TOM"), release, "Sells", "Holds")
    await say_go(work, by("U0RITA"), release)
    await begin_deployment(work, release, "U0SAM")
    assert await state(work, release) == "deploying"


async def test_deploying_makes_the_releases_known_errors_live_and_plans_the_end_of_early_life_support(work, clock):
    release = await ready(work)
    async with work(by("U0PIA")) as tx:
        known = KnownError(
            title="Refund shows twice",
            service="PAY",
            symptom="Twice",
            release_id=release,
            recorded_by="U0PIA",
            recorded_at=tx.now,
        )
        tx.session.add(known)
    await begin_deployment(work, release)
    await mark_deployed(work, by("U0DANA"), release)
    (known,) = await rows(work, KnownError)
    assert known.live_at == clock.now()
    end = (await rows(work, PlanTask))[-1]
    assert (end.phase, end.due_at, end.milestone) == ("early_life_support", MORNING + timedelta(days=13), True)


async def test_backing_out_is_recorded_with_its_deployment(work):
    release = await deployed(work)
    await back_out(work, by("U0DANA"), release, "Payments fail", "9.1")
    assert await state(work, release) == "backed_out"
    (deployment,) = await rows(work, Deployment)
    assert deployment.outcome == "backed_out"


async def test_nobody_deploys_what_is_not_approved(work):
    release = await requested(work)
    with pytest.raises(Refused, match="waiting for approval"):
        await start_deployment(work, by("U0DANA"), release)


async def test_the_requester_cancels_until_deployment_begins(work):
    release = await approved(work)
    with pytest.raises(Refused, match="requester, release manager or owner"):
        await cancel_release(work, by("U0KIM"), release)
    await cancel_release(work, by("U0ANN"), release)
    assert await state(work, release) == "cancelled"
    with pytest.raises(Refused, match="is cancelled already"):
        await cancel_release(work, by("U0ANN"), release)
    other = await deployed(work, nonce="other")
    with pytest.raises(Refused, match="is deployed"):
        await cancel_release(work, by("U0ANN"), other)


async def test_a_release_sent_back_is_edited_and_resubmitted_by_its_requester(work):
    release = await requested(work)
    await approve_release(work, by("U0RITA"), release, 1)
    await request_changes(work, by("U0OLGA"), release, 1, "Name the rollback window")
    better = form(back_out_plan="Redeploy 9.1 within 20 minutes")
    with pytest.raises(Refused, match="edited by whoever requested it"):
        await edit_release(work, by("U0RITA"), release, 1, better)
    await edit_release(work, by("U0ANN"), release, 1, better)
    assert await state(work, release) == "requested"
    with pytest.raises(Stale):
        await approve_release(work, by("U0RITA"), release, 1)
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 2)
    assert await state(work, release) == "approved"


MATERIAL = {
    "type": "major",
    "changes": "CHG0000999",
    "window_start": MORNING + timedelta(days=15, hours=1),
    "window_end": MORNING + timedelta(days=15, hours=5),
    "method": "blue-green",
    "back_out_plan": "Another way",
    "title": "Card payments 9.3",
    "description": "Slower settlement",
}


@pytest.mark.parametrize("field", MATERIAL)
async def test_a_material_change_voids_the_approvals(work, field):
    window = {"window_start": MORNING + timedelta(days=15), "window_end": MORNING + timedelta(days=15, hours=2)}
    release = await approved(work, **window)
    changed = replace(form(**window), **{field: MATERIAL[field]})
    edited = await edit_release(work, by("U0ANN"), release, 1, changed)
    assert edited.voided
    assert await state(work, release) == "requested"


SPELLING = {"title": "Card Payments 9.2", "description": "Faster settlements"}


@pytest.mark.parametrize("field", SPELLING)
async def test_spelling_leaves_the_approvals_alone(work, field):
    release = await approved(work)
    changed = replace(form(), **{field: SPELLING[field]})
    edited = await edit_release(work, by("U0ANN"), release, 1, changed)
    assert not edited.voided
    assert await state(work, release) == "approved"


async def test_a_moved_window_moves_the_plan_and_approving_again_keeps_it(work):
    release = await approved(work)
    before = {task.title: task.due_at for task in await rows(work, PlanTask)}
    later = {"window_start": MORNING + timedelta(days=13), "window_end": MORNING + timedelta(days=13, hours=2)}
    await edit_release(work, by("U0ANN"), release, 1, form(**later))
    for person in ("U0RITA", "U0OLGA"):
        await approve_release(work, by(person), release, 2)
    after = {task.title: task.due_at for task in await rows(work, PlanTask)}
    assert after == {title: due + timedelta(days=5) for title, due in before.items()}
    (stored,) = await rows(work, Release)
    assert stored.round == 2
