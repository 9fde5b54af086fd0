"""The Home shows the next step of a release to the people who may take it, and to nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event

from messages import home as home_view
from models.home.home import read_home
from models.home.waiting_steps import WaitingStep
from models.lifecycle.lifecycle import State, Verb
from models.releases.approval.approve import approve_release
from models.releases.approval.later_approvals import approve_afterwards
from models.releases.request.cancel import cancel_release
from models.releases.request.edit import edit_release
from scheduler.approvals import chase_approvals
from tests.conftest import MORNING
from tests.factories import make_release
from tests.releases.approval.test_stand_ins import HOUR, delegated
from tests.releases.steps import approved, by, form, ready, requested, state
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_view

pytestmark = pytest.mark.usefixtures("people", "catalog")


async def shown(work, catalog, clock, person: str, *, everything: bool = False):
    async with work.database.reporting() as session:
        return await read_home(session, catalog, person, clock.now(), everything=everything)


async def test_the_next_step_waits_for_those_who_may_take_it(work, catalog, clock):
    await approved(work)
    (step,) = (await shown(work, catalog, clock, "U0BEN")).steps
    assert (step.identifier, step.verb) == ("PAY-2026.001", Verb.START_BUILD)
    assert (await shown(work, catalog, clock, "U0DANA")).steps == ()


async def test_steps_of_many_releases_are_read_in_as_many_statements(work, catalog, clock):
    async def asked() -> tuple[int, int]:
        counted = 0

        def count(*_):
            nonlocal counted
            counted += 1

        async with work.database.reading() as session:
            engine = (await session.connection()).sync_engine
            event.listen(engine, "before_cursor_execute", count)
            try:
                found = await read_home(session, catalog, "U0BEN", clock.now(), everything=True)
            finally:
                event.remove(engine, "before_cursor_execute", count)
        return len(found.steps), counted

    await make_release(work, State.APPROVED)
    first = await asked()
    for _ in range(12):
        await make_release(work, State.APPROVED)
    many = await asked()
    assert (first[0], many[0]) == (1, 13)
    assert first[1] == many[1]


async def test_a_release_with_its_go_waits_for_deployment_staff(work, catalog, clock):
    await ready(work)
    found = await shown(work, catalog, clock, "U0DANA")
    assert [step.verb for step in found.steps] == [Verb.START_DEPLOYMENT]
    view = {"type": "home", "blocks": home_view.render(found).blocks}
    assert_valid_view(view, "home")
    captions = [
        one["text"]["text"] for block in view["blocks"] for one in block.get("elements", ()) if "value" in one
    ]
    assert "Start deployment" in captions


async def test_what_an_emergency_owes_waits_for_those_who_can_still_give_it(work, catalog, clock):
    release = await requested(work, type="emergency")
    await approve_release(work, by("U0RITA"), release, 1)
    await delegated(work, "U0OLGA", "U0SAM")

    async def owed(person: str) -> list[tuple[tuple[str, ...], bool]]:
        return [(one.missing, one.late) for one in (await shown(work, catalog, clock, person)).later_approvals]

    both = [(("owner", "test_manager"), False)]
    for person, waits in (("U0OLGA", both), ("U0TOM", both), ("U0SAM", both), ("U0RITA", []), ("U0ANN", [])):
        assert await owed(person) == waits, person
    await approve_afterwards(work, by("U0SAM"), release, 1)
    assert [await owed(person) for person in ("U0OLGA", "U0SAM")] == [[], []]
    clock.move(timedelta(days=3))
    assert await owed("U0TOM") == [(("test_manager",), True)]
    await approve_afterwards(work, by("U0TOM"), release, 1)
    assert await owed("U0TOM") == []


async def test_nothing_is_owed_for_what_changed_or_was_cancelled(work, catalog, clock):
    changed = await requested(work, nonce="changed", type="emergency")
    soon = {"window_start": clock.now() + HOUR, "window_end": clock.now() + 2 * HOUR}
    gone = await requested(work, nonce="gone", type="emergency", **soon)
    for release in (changed, gone):
        await approve_release(work, by("U0RITA"), release, 1)
    assert len((await shown(work, catalog, clock, "U0TOM")).later_approvals) == 2
    await edit_release(work, by("U0ANN"), changed, 1, form(type="emergency", back_out_plan="Another way"))
    await cancel_release(work, by("U0ANN"), gone)
    assert (await shown(work, catalog, clock, "U0TOM")).later_approvals == ()


async def test_an_expired_request_waits_for_its_requester_to_resubmit_it(work, catalog, clock):
    release = await requested(work)
    clock.move(timedelta(days=10))
    await chase_approvals(work)
    assert await state(work, release) == "expired"
    (expired,) = (await shown(work, catalog, clock, "U0ANN")).sent_back
    assert (expired.identifier, expired.expired, expired.reason) == ("PAY-2026.001", True, "")
    assert (await shown(work, catalog, clock, "U0RITA")).sent_back == ()


async def test_many_steps_with_hostile_text_keep_within_a_home(work, catalog, clock):
    steps = tuple(
        WaitingStep(n, 1, HOSTILE[:60], LONG[:150], MORNING, MORNING, Verb.GO, (LONG,)) for n in range(40)
    )
    for everything in (False, True):
        found = await shown(work, catalog, clock, "U0ANN", everything=everything)
        view = {"type": "home", "blocks": home_view.render(replace(found, steps=steps)).blocks}
        assert_valid_view(view, "home")
        assert [one for one in active_markup(view) if not one.startswith("<!date")] == []
