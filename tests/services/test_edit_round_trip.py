"""For any catalog and any input, an edit changes only its own part, and the export shows it."""

import copy

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from messages.services.parts import NAMES
from models.catalog.document import Catalog, ConfigurationItem, PlanItem
from models.catalog.export import export_catalog
from models.catalog.mistakes import CatalogMistakes
from models.catalog.reader import read_catalog
from models.errors import Invalid, Refused
from models.services.edit import ServiceEdit, edited_catalog
from models.services.sections import SECTIONS, TYPE
from models.services.task_and_item_lines import item_text, read_item, read_task, task_text
from tests.catalog.test_reading_anything import JUNK, PLACES, put, written
from tests.conftest import example_document
from tests.services.forms import filled
from tests.slack_limits import HOSTILE

EXAMPLE = Catalog.model_validate(example_document())

PARTS = [part for part in NAMES if part != TYPE]

FORMS = st.sampled_from([*((part, "") for part in PARTS), (TYPE, "minor"), (TYPE, "emergency"), (TYPE, "")])

SLOWLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

TYPED = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(
            [
                "owner",
                "release_manager: 1",
                "2 release managers",
                "mon-thu 09:00-16:00",
                "Year end: hard 2026-12-18 to 2027-01-04",
                "T-1d | planning | Plan | owner | milestone",
                "pay-api | software | API | 9.1.0 | pay-db >=14",
                "pay-db|software|DB|15",
                "acme/payments",
                "4h",
                "2 days",
                "1 every 30d",
                "standard",
                "C0PAY",
                "WEB",
                "Europe/London",
                HOSTILE[:75],
            ]
        ),
    ),
    max_size=3,
).map("\n".join)


def without(catalog: Catalog, part: str, item: str) -> dict:
    """The catalog as data, without the edited part of Payments."""
    data = catalog.model_dump(mode="json", by_alias=True)
    for place in SECTIONS[part].places(item):
        here = data["services"][0]
        for step in place[:-1]:
            here = here[step]
        here.pop(place[-1], None)
    return data


@SLOWLY
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), JUNK), max_size=4), form=FORMS)
def test_a_form_in_which_nothing_is_touched_changes_nothing(changes, form):
    document = copy.deepcopy(example_document())
    for path, value in changes:
        put(document, path, value)
    try:
        catalog = read_catalog(written(document))
    except CatalogMistakes:
        catalog = EXAMPLE
    part, item = form
    if not catalog.services or (part == TYPE and item not in catalog.services[0].policy.types):
        return
    editing, entered = filled(catalog, part, item, catalog.services[0].key)
    assert edited_catalog(catalog, editing, entered) == catalog


def outcome(editing: ServiceEdit, entered: dict) -> tuple[Catalog | None, dict[str, str]]:
    """The catalog after an edit, or None and the problems."""
    try:
        return edited_catalog(EXAMPLE, editing, entered), {}
    except Invalid as error:
        return None, error.problems


@SLOWLY
@given(form=FORMS, data=st.data())
def test_whatever_is_typed_is_explained_or_changes_its_part_alone_and_is_exported(form, data):
    part, item = form
    _, untouched = filled(EXAMPLE, part, item)
    texts = [name for name, value in untouched.items() if not isinstance(value, list)]
    assume(texts)
    typed = data.draw(st.dictionaries(st.sampled_from(texts), TYPED, max_size=3))
    editing, entered = filled(EXAMPLE, part, item, **typed)
    after, problems = outcome(editing, entered)
    assert problems.keys() <= untouched.keys()
    if after is None:
        assert problems
        assert all(problems.values())
        return
    types = after.by_key["PAY"].policy.types
    new = item or next((name for name in types if name not in EXAMPLE.by_key["PAY"].policy.types), "")
    assert without(after, part, new) == without(EXAMPLE, part, new)
    again = read_catalog(export_catalog(after).encode())
    assert again == after
    assert export_catalog(again) == export_catalog(after)


@pytest.mark.parametrize("part", PARTS)
def test_a_list_longer_than_a_field_stands_in_several_and_loses_nothing(part):
    document = example_document()
    service = document["services"][0]
    service["criteria"]["exit"] = [f"Criterion {number} {'x' * 250}" for number in range(40)]
    service["policy"]["plan"] = [
        {"phase": "planning", "title": f"Task {number}", "due": "T-1d", "owner": "owner"} for number in range(200)
    ]
    service["configuration_items"] += [
        {"key": f"item-{number}", "kind": "software", "name": "Part " * 10, "version": "1"} for number in range(300)
    ]
    catalog = Catalog.model_validate(document)
    editing, entered = filled(catalog, part)
    assert edited_catalog(catalog, editing, entered) == catalog


def test_a_mistake_in_a_list_over_several_fields_stands_under_the_field_that_has_it():
    document = example_document()
    document["services"][0]["policy"]["plan"] = [
        {"phase": "planning", "title": f"Task {number}", "due": "T-1d", "owner": "owner"} for number in range(200)
    ]
    catalog = Catalog.model_validate(document)
    editing, entered = filled(catalog, "plan")
    wrong = {**entered, "plan:3": entered["plan:3"] + "\nT | party | X | owner", "plan:2": "nonsense"}
    with pytest.raises(Invalid) as caught:
        edited_catalog(catalog, editing, wrong)
    assert set(caught.value.problems) == {"plan:2", "plan:3"}


LINE = st.text(min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)


@given(title=LINE, milestone=st.booleans())
def test_any_task_is_read_as_it_was_written(title, milestone):
    task = {"phase": "early_life_support", "title": title, "due": "T+4h", "owner": "owner", "milestone": milestone}
    assert read_task(task_text(PlanItem.model_validate(task)), ["owner"]) == task


@given(name=LINE, version=LINE)
def test_any_item_is_read_as_it_was_written(name, version):
    works_with = {"pay-db": ">=14,<16", "x": "==1"}
    item = {"key": "k", "kind": "process", "name": name, "version": version, "compatible_with": works_with}
    assert read_item(item_text(ConfigurationItem.model_validate(item))) == item


def test_a_line_that_is_left_as_it_was_stays_as_the_file_said_it():
    document = example_document()
    document["services"][0]["policy"]["windows"] = [{"days": ["tue", "mon"], "from": "09:00", "to": "16:00"}]
    catalog = Catalog.model_validate(document)
    editing, entered = filled(catalog, "times", windows="mon tue 09:00-16:00\nfri 09:00-10:00")
    windows = edited_catalog(catalog, editing, entered).by_key["PAY"].policy.windows
    assert [window.days for window in windows] == [("tue", "mon"), ("fri",)]


def test_a_list_that_no_form_holds_is_refused_rather_than_cut():
    document = example_document()
    service = document["services"][0]
    service["criteria"]["exit"] = [f"{number} {'x' * 250}" for number in range(300)]
    others = [f"item-{number}" for number in range(300)]
    service["configuration_items"] = [
        {
            "key": "all",
            "kind": "software",
            "name": "All",
            "version": "1",
            "compatible_with": dict.fromkeys(others, ">1"),
        }
    ]
    catalog = Catalog.model_validate(document)
    for part in ("criteria", "items"):
        with pytest.raises(Refused, match=r"longer than a form in Slack holds\..*catalog export"):
            filled(catalog, part)
