"""Trees, differences and compatibility."""

import pytest

from models.packages.compatibility import PlannedItem, PresentItem, incompatibilities
from models.packages.difference import VersionChange, difference
from models.packages.tree import Node, NodeType, arrange, depth_of, height_of, subtree


def item(key: str, version: str, parent: str = "", ref: str = "") -> Node:
    return Node(ref or key, NodeType.ITEM, key, parent, version=version, kind="software")


def change(key: str) -> Node:
    return Node(key, NodeType.CHANGE, key)


def box(ref: str, parent: str = "", what: str = NodeType.PACKAGE) -> Node:
    return Node(ref, what, ref, parent)


NODES = [
    item("c", "1", "u"),
    box("u", "p", NodeType.UNIT),
    box("p"),
    box("q", "p"),
    item("lost", "1", "gone"),
    change("CHG1"),
]


def test_a_tree_is_read_from_top_to_bottom_and_nothing_gets_lost():
    shown = [(placed.node.ref, placed.depth) for placed in arrange(NODES)]
    assert shown == [("p", 0), ("u", 1), ("c", 2), ("q", 1), ("lost", 0), ("CHG1", 0)]


def test_what_is_in_a_node_goes_with_it():
    assert [node.ref for node in subtree(NODES, "p")] == ["p", "u", "c", "q"]
    assert [node.ref for node in subtree(NODES, "c")] == ["c"]
    assert subtree(NODES, "nowhere") == []


def test_depth_and_height_are_counted_from_one():
    assert [depth_of(NODES, ref) for ref in ("", "p", "c")] == [0, 1, 3]
    assert [height_of(NODES, ref) for ref in ("", "c", "u", "p")] == [1, 1, 2, 3]


def test_the_difference_of_two_packages():
    before = [item("pay-api", "9.1.0"), item("pay-db", "15.4"), item("old", "1"), change("CHG1")]
    after = [box("u", what=NodeType.UNIT), item("pay-api", "9.2.0"), item("pay-db", "15.4"), item("new", "2")]
    after += [change("CHG1"), change("CHG2"), change("CHG3")]
    found = difference("9.1", before, after)
    assert (found.since, found.changes, found.units) == ("9.1", 2, 1)
    assert found.moved == (VersionChange("pay-api", "9.1.0", "9.2.0"),)
    assert found.added == (("new", "2"),)
    assert found.removed == (("old", "1"),)


def test_capitals_make_no_other_item():
    found = difference("9.1", [item("Fraud rules", "10")], [item("fraud Rules", "11")])
    assert (found.moved, found.added, found.removed) == ((VersionChange("fraud Rules", "10", "11"),), (), ())


def test_nothing_is_different_from_itself():
    found = difference("9.1", NODES, NODES)
    assert (found.changes, found.moved, found.added, found.removed) == (0, (), (), ())


def said(package, present, planned) -> list[str]:
    return [one.sentence for one in incompatibilities(package, present, planned)]


PRESENT = {
    "pay-api": PresentItem("9.1.0", {"pay-db": ">=14,<16"}),
    "pay-db": PresentItem("15.4"),
    "web": PresentItem("5", {"pay-api": "<10", "elsewhere": ">=1"}),
}


@pytest.mark.parametrize(
    ("package", "planned", "expected"),
    [
        ([], [PlannedItem("pay-db", "16.1", "PAY-1")], []),
        ([item("pay-api", "9.2.0")], [], []),
        (
            [item("pay-api", "9.2.0")],
            [PlannedItem("pay-db", "16.1", "PAY-2026.015")],
            ["pay-api 9.2.0 needs pay-db >=14,<16; it is 16.1 from PAY-2026.015"],
        ),
        (
            [item("pay-api", "9.2.0")],
            [PlannedItem("pay-db", "16.1", "PAY-1"), PlannedItem("pay-db", "15.9", "PAY-2")],
            [],
        ),
        (
            [item("pay-db", "16.1")],
            [],
            ["pay-api 9.1.0 needs pay-db >=14,<16; this package brings 16.1"],
        ),
        (
            [item("pay-db", "16.1")],
            [PlannedItem("pay-api", "9.2.0", "PAY-1")],
            ["pay-api 9.2.0 needs pay-db >=14,<16; this package brings 16.1"],
        ),
        (
            [item("pay-api", "10.0"), item("pay-db", "13")],
            [],
            [
                "pay-api 10.0 needs pay-db >=14,<16; this package brings 13",
                "web 5 needs pay-api <10; this package brings 10.0",
            ],
        ),
        (
            [item("pay-db", "Jessie")],
            [],
            ["pay-api 9.1.0 needs pay-db >=14,<16; this package brings Jessie, which cannot be compared"],
        ),
        ([item("something-new", "1")], [], []),
    ],
)
def test_what_does_not_work_together_is_said(package, planned, expected):
    assert said(package, PRESENT, planned) == expected


def test_what_is_wrong_already_is_not_blamed_on_a_package_that_touches_neither():
    present = {"pay-api": PresentItem("9", {"pay-db": "<9"}), "pay-db": PresentItem("15"), "x": PresentItem("1")}
    assert said([item("x", "2")], present, []) == []
    assert said([item("pay-api", "9.1")], present, []) == ["pay-api 9.1 needs pay-db <9; it is 15 now"]
