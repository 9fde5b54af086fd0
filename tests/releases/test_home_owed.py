"""The Home shows what an emergency owes to those whose approval would count, and to nobody else."""

from dataclasses import replace

import pytest

from messages import home as home_view
from models.releases.afterwards import approve_afterwards
from models.releases.home_owed import OwedApproval
from tests.conftest import MORNING
from tests.releases.steps import by
from tests.releases.test_emergencies import emergency
from tests.releases.test_home_steps import shown
from tests.releases.test_standing_in import delegated
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_view

pytestmark = pytest.mark.usefixtures("people", "catalog")


async def test_what_is_owed_waits_for_those_who_can_give_it(work, catalogs, catalog, clock):
    release = await emergency(work, catalogs)
    for person, roles in (
        ("U0OLGA", ("owner", "test_manager")),
        ("U0RITA", None),
        ("U0ANN", None),
        ("U0DANA", None),
    ):
        found = (await shown(work, catalog, clock, person)).owed
        assert [one.missing for one in found] == ([roles] if roles else []), person
    await approve_afterwards(work, catalogs, by("U0OLGA"), release, 1)
    assert (await shown(work, catalog, clock, "U0OLGA")).owed == ()
    assert [one.missing for one in (await shown(work, catalog, clock, "U0TOM")).owed] == [("test_manager",)]
    await approve_afterwards(work, catalogs, by("U0TOM"), release, 1)
    assert (await shown(work, catalog, clock, "U0TOM")).owed == ()


async def test_it_waits_for_whoever_stands_in_as_well(work, catalogs, catalog, clock):
    await delegated(work, "U0OLGA", "U0PETRA")
    await emergency(work, catalogs)
    assert len((await shown(work, catalog, clock, "U0PETRA")).owed) == 1
    assert (await shown(work, catalog, clock, "U0KIM")).owed == ()


async def test_many_with_hostile_text_keep_within_a_home(work, catalog, clock):
    owed = tuple(OwedApproval(n, 1, HOSTILE[:60], LONG[:150], MORNING, (LONG[:40],) * 5) for n in range(40))
    for everything in (False, True):
        found = await shown(work, catalog, clock, "U0ANN", everything=everything)
        view = {"type": "home", "blocks": home_view.render(replace(found, owed=owed)).blocks}
        assert_valid_view(view, "home")
        assert [one for one in active_markup(view) if not one.startswith("<!date")] == []
        assert "Show all" in str(view) or everything
