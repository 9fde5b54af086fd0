"""The Home shows the next step of a release to those who may take it, and to nobody else."""

from dataclasses import replace

import pytest

from messages import home as home_view
from models.releases.home import home
from models.releases.home_steps import WaitingStep
from models.releases.lifecycle import Verb
from tests.conftest import MORNING
from tests.releases.steps import approved, ready
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_view

pytestmark = pytest.mark.usefixtures("people", "catalog")


async def shown(work, catalog, clock, person: str, *, everything: bool = False):
    async with work.database.reporting() as session:
        return await home(session, catalog, person, clock.now(), everything=everything)


async def test_the_next_step_waits_for_those_who_may_take_it(work, catalogs, catalog, clock):
    await approved(work, catalogs)
    (step,) = (await shown(work, catalog, clock, "U0BEN")).steps
    assert (step.identifier, step.verb) == ("PAY-2026.001", Verb.START_BUILD)
    assert (await shown(work, catalog, clock, "U0DANA")).steps == ()


async def test_a_release_with_its_go_waits_for_deployment_staff(work, catalogs, catalog, clock):
    await ready(work, catalogs)
    found = await shown(work, catalog, clock, "U0DANA")
    assert [step.verb for step in found.steps] == [Verb.START_DEPLOYMENT]
    view = {"type": "home", "blocks": home_view.render(found).blocks}
    assert_valid_view(view, "home")
    captions = [
        one["text"]["text"] for block in view["blocks"] for one in block.get("elements", ()) if "value" in one
    ]
    assert "Start deployment" in captions


async def test_many_steps_with_hostile_text_keep_within_a_home(work, catalog, clock):
    steps = tuple(
        WaitingStep(n, 1, HOSTILE[:60], LONG[:150], MORNING, MORNING, Verb.GO, (LONG,)) for n in range(40)
    )
    for everything in (False, True):
        found = await shown(work, catalog, clock, "U0ANN", everything=everything)
        view = {"type": "home", "blocks": home_view.render(replace(found, steps=steps)).blocks}
        assert_valid_view(view, "home")
        assert [one for one in active_markup(view) if not one.startswith("<!date")] == []
