"""What an edit changes, what of it is material, and what those who decided before are shown."""

from datetime import timedelta

import pytest

from models.catalog.document import Catalog, Material
from models.packages.tree import Node, NodeType
from models.releases.package.package_changes import package_changes
from models.releases.request.content_changes import (
    ContentChange,
    News,
    changes_of_request,
    material_among,
    merge_changes,
    names_in,
    news_of_edit,
    read_news,
)
from tests.conftest import MORNING, example_document

REQUEST = {
    "type": "minor",
    "title": "Card payments 9.2",
    "description": "Faster settlement",
    "changes": ["CHG1", "CHG2"],
    "window_start": MORNING,
    "window_end": MORNING + timedelta(hours=2),
    "method": "rolling",
    "back_out_plan": "Redeploy 9.1",
}

UNIT = Node("#1", NodeType.UNIT, "Chekout", version="9.2")

ITEM = Node("#2", NodeType.ITEM, "pay-api", parent="#1", kind="software", version="9.2.0")

CHANGE = Node("CHG1", NodeType.CHANGE, "CHG1")


def fields(changes) -> list[str]:
    return [one.field for one in changes]


@pytest.mark.parametrize(
    ("edit", "found"),
    [
        ({}, []),
        ({"changes": ["CHG2", "CHG1"]}, []),
        ({"changes": ["CHG2", "CHG3"]}, [("changes", "CHG1, CHG2", "CHG2, CHG3")]),
        ({"type": "major"}, [("type", "minor", "major")]),
        ({"title": "X"}, [("title", "Card payments 9.2", "X")]),
        (
            {"window_end": MORNING + timedelta(hours=3)},
            [
                (
                    "window",
                    "2026-11-24T09:00:00+00:00/2026-11-24T11:00:00+00:00",
                    "2026-11-24T09:00:00+00:00/2026-11-24T12:00:00+00:00",
                )
            ],
        ),
    ],
)
def test_what_an_edit_of_the_changes_of_request(edit, found):
    changes = changes_of_request(REQUEST, REQUEST | edit)
    assert [(one.field, one.before, one.after) for one in changes] == found


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ([UNIT, ITEM, CHANGE], []),
        ([UNIT, CHANGE], [("package", "pay-api 9.2.0 (software), in unit Chekout 9.2", "")]),
        (
            [UNIT, Node("#2", NodeType.ITEM, "pay-api", kind="software", version="9.3.0"), CHANGE],
            [
                (
                    "package",
                    "pay-api 9.2.0 (software), in unit Chekout 9.2",
                    "pay-api 9.3.0 (software)",
                )
            ],
        ),
        ([UNIT, ITEM, CHANGE, Node("CHG9", NodeType.CHANGE, "CHG9")], [("changes", "CHG1", "CHG1, CHG9")]),
        (
            [UNIT, ITEM, Node("CHG1", NodeType.CHANGE, "CHG1", link="https://change.example/1")],
            [("package", "CHG1", "CHG1, https://change.example/1")],
        ),
        (
            [CHANGE],
            [("package", "unit Chekout 9.2", ""), ("package", "pay-api 9.2.0 (software), in unit Chekout 9.2", "")],
        ),
    ],
)
def test_what_an_edit_of_the_package_changes(after, found):
    changes = package_changes([UNIT, ITEM, CHANGE], after)
    assert [(one.field, one.before, one.after) for one in changes] == found


TITLE = ("title", "Card payments 9.2", "Card paymetns 9.2")

OTHER = ("title", "Card payments 9.2", "Card payments 9.3")


@pytest.mark.parametrize(
    ("said", "change", "material"),
    [
        ({}, TITLE, False),
        ({}, OTHER, True),
        ({"title": "always"}, TITLE, True),
        ({"title": "never"}, OTHER, False),
        ({}, ("back_out_plan", "Redeploy", "Redeplyo"), True),
        ({"back_out_plan": "unless_spelling"}, ("back_out_plan", "Redeploy", "Redeplyo"), False),
        ({}, ("method", "rolling", "phased"), True),
        ({"method": "never"}, ("method", "rolling", "phased"), False),
        # Nobody spells a method, so a letter makes another one.
        ({"method": "unless_spelling"}, ("method", "rolling", "rollling"), True),
    ],
)
def test_what_is_material(said, change, material):
    field, before, after = change
    spelled = (before, after) if field != "method" else None
    rules = Material(**said).as_written()
    found = material_among([ContentChange(field, field, before, after, spelled)], rules, {}, ())
    assert bool(found) is material


def test_the_name_of_a_unit_is_spelled_and_its_version_is_not():
    rules = Material(package="unless_spelling").as_written()
    for after, material in (("Checkout", False), ("Basket", True)):
        changed = package_changes([UNIT], [Node("#1", NodeType.UNIT, after, version="9.2")])
        assert bool(material_among(changed, rules, {}, ())) is material
    moved = package_changes([UNIT], [Node("#1", NodeType.UNIT, "Checkout", version="9.3")])
    assert material_among(moved, rules, {}, ())


def test_small_corrections_do_not_add_up_to_another_text():
    rules, began = Material().as_written(), {"title": "Faster settlement"}
    step = ContentChange(
        "title", "title", "Faster settlelant", "Faster sattlelant", ("Faster settlelant", "Faster sattlelant")
    )
    assert not material_among([step], rules, {}, ())
    assert material_among([step], rules, began, ())


def test_what_the_catalog_calls_something_is_no_matter_of_spelling():
    names = names_in(Catalog.model_validate(example_document()))
    assert {"pay", "pay-api", "minor", "rolling", "staging"} <= names


def test_a_series_of_edits_shows_from_before_the_first_to_after_the_last():
    first = [ContentChange("title", "title", "A", "B"), ContentChange("package", "package:#1", "", "pay-db 16")]
    then = [ContentChange("title", "title", "B", "C"), ContentChange("package", "package:#1", "pay-db 16", "")]
    assert merge_changes(first, then) == (ContentChange("title", "title", "A", "C"),)


A, B, C = (ContentChange("title", "title", *texts) for texts in (("A", "B"), ("B", "C"), ("C", "D")))


def test_those_who_have_still_to_decide_see_all_that_changed_since_they_did():
    first = news_of_edit(News(), 1, ("olga", "tom"), "rita", [A])
    assert (first.since, first.people, first.changes) == (1, ("olga", "tom"), (A,))
    again = news_of_edit(first, 2, (), "ann", [B])
    assert (again.since, again.people, again.editors) == (1, ("olga", "tom"), ("rita", "ann"))
    assert [(one.before, one.after) for one in again.changes] == [("A", "C")]
    # Olga has decided on round 3 meanwhile, so a new message tells the next change to both.
    third = news_of_edit(again, 3, ("olga",), "ann", [C])
    assert (third.since, third.people, third.changes) == (3, ("tom", "olga"), (C,))


def test_news_come_back_as_they_were_written():
    news = news_of_edit(News(), 1, ("olga",), "rita", [A])
    assert read_news(news.as_written()) == news
    assert read_news({}) == News()


def test_fields_are_those_of_the_catalog():
    changed = changes_of_request(
        REQUEST, {name: "x" if isinstance(value, str) else value for name, value in REQUEST.items()}
    )
    assert set(fields(changed)) <= set(Material.model_fields)
