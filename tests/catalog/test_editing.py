"""Editing a service from Slack, on both databases."""

import pytest

from messages.services import (
    EDIT_CRITERIA,
    EDIT_PEOPLE,
    EDIT_TIMES,
    criteria_form,
    people_form,
    service_shown,
    times_form,
)
from models.catalog.document import Catalog
from models.catalog.editing import (
    People,
    Times,
    check_may_edit,
    edit_criteria,
    edit_people,
    edit_times,
    editable,
    find_service,
)
from models.catalog.store import CatalogCache
from models.errors import Invalid, NotFound, Refused, Stale
from models.events import Actor
from tests.conftest import example_document, put_catalog
from tests.slack_limits import assert_valid_message, assert_valid_view

PETRA, OLGA, RITA, ANN = (Actor(person=f"U0{name}", surface="modal") for name in ("PETRA", "OLGA", "RITA", "ANN"))
EXAMPLE = Catalog.model_validate(example_document())
TIMES = Times("rolling, canary", "mon-fri 08:00-18:00", "Year end: hard 2026-12-18 to 2027-01-04")


async def held(work):
    async with work.database.reading() as session:
        return await CatalogCache().current(session)


@pytest.mark.parametrize("actor", [PETRA, OLGA, RITA])
async def test_the_owner_release_managers_and_the_process_owner_may_edit(work, catalogs, catalog, people, actor):
    changes = await edit_times(work, catalogs, actor, "PAY", catalog.revision, TIMES)
    after = (await held(work)).by_key["PAY"]
    assert changes
    assert after.policy.deployment_methods == ("rolling", "canary")
    assert [window.to for window in after.policy.windows] == ["18:00"]
    assert [freeze.name for freeze in after.policy.freezes] == ["Year end"]


async def test_anybody_else_is_told_who_may(work, catalogs, catalog, people):
    with pytest.raises(Refused, match="Olga or Rita"):
        await check_may_edit(work, catalogs, ANN, "PAY", catalog.revision)
    with pytest.raises(Refused, match="Olga or Rita"):
        await edit_criteria(work, catalogs, ANN, "PAY", catalog.revision, {})
    assert (await held(work)).revision == catalog.revision


async def test_an_edit_leaves_everything_else_as_it_was(work, catalogs, catalog, people):
    typed = {"entry": "Ready\n\n", "exit": "Tested", "early_life_support": ""}
    await edit_criteria(work, catalogs, OLGA, "PAY", catalog.revision, typed)
    after = await held(work)
    before = catalog.model_dump(mode="json", by_alias=True)
    before["services"][0]["criteria"] = {"entry": ["Ready"], "exit": ["Tested"], "early_life_support": []}
    assert after.model_dump(mode="json", by_alias=True) == before


async def test_user_groups_stay_when_people_are_edited(work, catalogs, people):
    document = example_document()
    document["services"][0]["roles"]["release_manager"] = ["S0MANAGERS", "U0SAM"]
    await put_catalog(work, document)
    revision = (await held(work)).revision
    chosen = People("U0OLGA", {"release_manager": ["U0ANN"], "test_support": ["U0BOB"]})
    await edit_people(work, catalogs, RITA, "PAY", revision, chosen)
    roles = (await held(work)).by_key["PAY"].roles
    assert roles["release_manager"] == ("S0MANAGERS", "U0ANN")
    assert roles["test_support"] == ("U0BOB",)


async def test_what_the_catalog_forbids_is_said_under_its_field(work, catalogs, catalog, people):
    with pytest.raises(Invalid) as caught:
        await edit_people(work, catalogs, OLGA, "PAY", catalog.revision, People(None, {"release_manager": []}))
    assert "release_manager" in " ".join(caught.value.problems.values())
    wrong = Times("rolling", "mon 16:00-09:00", "nonsense")
    with pytest.raises(Invalid) as caught:
        await edit_times(work, catalogs, OLGA, "PAY", catalog.revision, wrong)
    assert set(caught.value.problems) == {"freezes"}
    with pytest.raises(Invalid) as caught:
        await edit_times(work, catalogs, OLGA, "PAY", catalog.revision, Times("rolling", "mon 16:00-09:00", ""))
    assert set(caught.value.problems) == {"windows"}
    assert (await held(work)).revision == catalog.revision


async def test_a_form_opened_before_the_catalog_changed_is_refused(work, catalogs, catalog, people):
    await edit_times(work, catalogs, OLGA, "PAY", catalog.revision, TIMES)
    with pytest.raises(Stale, match="/release service PAY"):
        await edit_times(work, catalogs, OLGA, "PAY", catalog.revision, TIMES)


def test_a_service_is_found_by_its_key_and_an_unknown_one_answers_with_the_nearest():
    assert find_service(EXAMPLE, " pay. ").key == "PAY"
    with pytest.raises(NotFound, match="Did you mean 'PAY'"):
        find_service(EXAMPLE, "pya")


async def test_service_and_forms_keep_slacks_limits(work, catalogs, catalog, people):
    async with work.database.reading() as session:
        shown = await editable(session, catalogs, "U0OLGA", "PAY")
        seen = await editable(session, catalogs, "U0ANN", "PAY")
    service = shown.service
    assert_valid_message(service_shown(shown))
    for form in (people_form, times_form, criteria_form):
        assert_valid_view(form(service, 1))
    row = service_shown(shown).blocks[-1]
    assert [one["text"]["text"] for one in row["elements"]] == [
        "Edit people",
        "Edit windows and freezes",
        "Edit criteria",
    ]
    assert [one["action_id"] for one in row["elements"]] == [EDIT_PEOPLE, EDIT_TIMES, EDIT_CRITERIA]
    assert not any(block["type"] == "actions" for block in service_shown(seen).blocks)
