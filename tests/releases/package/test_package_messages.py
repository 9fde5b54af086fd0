"""What people see of a package: valid for Slack at any size, and harmless."""

from dataclasses import replace

import pytest

from bot.workspace.blockkit.messages_and_views import text_length
from messages.kit.blocks import Message
from messages.releases.card import card as release_card
from messages.releases.card import details as release_answers
from messages.releases.package import forms
from messages.releases.package.show import package_shown, package_view, pages
from models.catalog.document import ConfigurationItem
from models.lifecycle.release_choices import ReleaseChoice
from models.packages.compatibility import Incompatibility
from models.packages.difference import Difference, VersionChange
from models.packages.records import NO_SUMMARY, PackageRecord, PackageSummary
from models.packages.tree import Node, NodeType, arrange
from models.releases.package.edit_session import EditedPackage
from tests.releases.card.test_release_messages import CARD, EVERYTHING, hostile
from tests.slack_limits import HOSTILE, active_markup, assert_valid_message, assert_valid_view

SINCE = Difference(
    "9.1", 2, 1, (VersionChange("pay-api", "9.1.0", "9.2.0"),), (("new", "1"),), (("pay-runbook", "31"),)
)
NODES = [
    Node("#1", NodeType.PACKAGE, "Card payments", version="9.2"),
    Node("#2", NodeType.UNIT, "Settlement", "#1"),
    Node("#3", NodeType.ITEM, "pay-api", "#2", "Payments API", "software", "9.2.0"),
    Node("#4", NodeType.ITEM, "Fraud rules", kind="process", version="11"),
    Node("CHG1", NodeType.CHANGE, "CHG1", "#2", link="https://change.example/CHG1"),
]
FOUND = PackageRecord(7, "PAY-2026.014", "Card payments 9.2", 1, True, tuple(arrange(NODES)), NO_SUMMARY)


def typed(what: str, number: int, parent: str = "") -> Node:
    link = f"https://{'x' * 490}"
    return Node(f"#{number}", what, f"{number}{HOSTILE}"[:75], parent, HOSTILE[:75], "software", HOSTILE[:50], link)


def large() -> PackageRecord:
    boxes = [typed(NodeType.PACKAGE, 1), *(typed(NodeType.UNIT, number, "#1") for number in range(2, 100))]
    items = [typed(NodeType.ITEM, number, f"#{number % 98 + 2}") for number in range(100, 400)]
    changes = [Node(f"CHG{number}", NodeType.CHANGE, f"CHG{number}", link="https://x") for number in range(50)]
    sentence = f"{HOSTILE[:75]} needs {HOSTILE[:75]} >=1; it is {HOSTILE[:50]} now"
    wrong = tuple(Incompatibility(HOSTILE[:75], HOSTILE[:75], sentence) for _ in range(300))
    changed = tuple((HOSTILE[:75], HOSTILE[:50]) for _ in range(300))
    since = Difference(HOSTILE[:60], 50, 98, (), changed, changed)
    placed = tuple(arrange([*boxes, *items, *changes]))
    return PackageRecord(7, HOSTILE[:60], HOSTILE[:150], 1, True, placed, PackageSummary(since, wrong))


def text_of(block) -> list[str]:
    return ["".join(one.get("text", "") for one in line["elements"]) for line in block["elements"]]


def tree(message: Message) -> list[tuple[int, str]]:
    block = next(one for one in message.blocks if one.get("block_id") == "tree")
    return [
        (part["indent"], "".join(one["text"] for one in line["elements"]))
        for part in block["elements"]
        for line in part["elements"]
    ]


def captions(message: Message) -> list[str]:
    rows = [block["elements"] for block in message.blocks if block["type"] == "actions"]
    return [one["text"]["text"] for row in rows for one in row]


def test_a_package_is_shown_as_nested_lists():
    shown = package_shown(FOUND)
    assert_valid_message(shown)
    assert shown.text == ("*PAY-2026.014* Card payments 9.2: 1 package, 1 unit, 2 configuration items, 1 change.")
    assert tree(shown) == [
        (0, "Card payments 9.2 - package"),
        (1, "Settlement - unit"),
        (2, "pay-api 9.2.0 - Payments API, software"),
        (2, "CHG1 - authorised change - change.example/CHG1"),
        (0, "Fraud rules 11 - process"),
    ]
    assert captions(shown) == ["Add", "Change", "Remove", "Copy from"]


def test_an_empty_package_says_how_to_fill_it_and_a_deployed_one_has_no_buttons():
    empty = replace(FOUND, placed=tuple(arrange([Node("CHG1", NodeType.CHANGE, "CHG1")])))
    assert "*Add* them one by one, or *Copy from* an earlier release." in package_shown(empty).text
    done = package_shown(replace(empty, editable=False))
    assert captions(done) == []
    assert "Add" not in done.text


def test_every_entry_of_the_largest_package_is_on_one_page_that_slack_takes():
    found = large()
    seen: list[str] = []
    count = len(pages(found.placed))
    for page in range(count):
        shown = package_shown(found, page)
        assert_valid_message(shown)
        urls = sum(len(one.node.link) for one, _ in pages(found.placed)[page])
        assert text_length(shown.blocks) + urls <= 13_000
        assert [one for one in active_markup(shown.blocks) if '"link"' not in one] == []
        assert_valid_view(package_view(found, page))
        seen += [words for _, words in tree(shown)]
        turning = [one for one in captions(shown) if one in ("Earlier", "Later")]
        assert turning == [*(["Earlier"] if page else []), *(["Later"] if page + 1 < count else [])]
    assert len(seen) == len(found.placed) == 449


def test_three_hundred_ordinary_items_take_eight_pages():
    items = [
        Node(f"#{number}", NodeType.ITEM, f"ci-{number}", kind="software", version="1") for number in range(300)
    ]
    found = pages(arrange(items))
    assert [len(one) for one in found] == [40] * 7 + [20]


def test_a_later_page_says_what_its_first_entry_is_part_of():
    items = [Node(f"#{number}", NodeType.ITEM, f"ci-{number}", "#2", kind="software") for number in range(10, 60)]
    found = replace(FOUND, placed=tuple(arrange([*NODES, *items])))
    first, second = (str(package_shown(found, page).blocks) for page in (0, 1))
    assert "in Card payments 9.2 / Settlement" not in first
    assert "in Card payments 9.2 / Settlement" in second


@pytest.mark.parametrize("page", [-1, 999])
def test_a_page_that_is_gone_shows_the_nearest_one(page):
    assert_valid_message(package_shown(large(), page))
    assert tree(package_shown(FOUND, page)) == tree(package_shown(FOUND))


@pytest.mark.parametrize(
    ("edited", "said"),
    [
        (EditedPackage("PAY-1", "pay-api 9.2.0"), "Saved: pay-api 9.2.0."),
        (EditedPackage("PAY-1", "pay-api 9.2.0", voided=True), "The approvals given so far no longer hold"),
        (EditedPackage("PAY-1", "PAY-0", count=12), "12 entries copied from PAY-0."),
        (EditedPackage("PAY-1", "pay-api", count=0), "Nothing was changed."),
    ],
)
def test_what_an_edit_came_to_is_said_above_the_package(edited, said):
    view = package_view(FOUND, edited=edited)
    assert_valid_view(view)
    assert said in view["blocks"][0]["text"]["text"]


def test_the_card_says_what_changed_since_the_last_release_and_what_does_not_fit():
    sentence = "pay-api 9.2.0 needs pay-db >=14,<16; it is 16.1 from PAY-2026.015"
    wrong = (Incompatibility("pay-api", "pay-db", sentence),)
    card = replace(CARD, package=PackageSummary(SINCE, wrong))
    lines = text_of(release_card.render(card).blocks[1])
    assert "Since 9.1: 2 changes, 1 unit, pay-api 9.1.0 -> 9.2.0, new 1 added, without pay-runbook 31" in lines
    assert f" {sentence}" in lines
    details = release_answers.details(card, EVERYTHING)
    assert_valid_view(details)
    assert "Package" in [one["text"]["text"] for one in details["blocks"][-1]["elements"]]


def test_a_card_with_the_largest_package_stays_within_slacks_limits():
    card = replace(hostile(), package=large().summary)
    assert_valid_message(release_card.render(card))
    assert_valid_view(release_answers.details(card, EVERYTHING))


@pytest.mark.parametrize("found", [FOUND, large()])
def test_every_form_is_taken_by_slack(found):
    for what in NodeType:
        assert_valid_view(forms.add_form(found, {"what": what, "parent": "#2", "key": HOSTILE}, "n"))
    for node in found.nodes[:110]:
        assert_valid_view(forms.change_form(found, node, "n"))
        assert_valid_view(forms.remove_form(found, node, "n"))
        assert active_markup(forms.remove_form(found, node, "n")) == []
    for remove in (True, False):
        view = forms.choose_form(found, remove=remove)
        assert_valid_view(view)
        assert view["blocks"][0]["label"]["text"].startswith("What of ")
    assert_valid_view(forms.copy_form(found, "n"))


def test_a_node_may_move_anywhere_but_into_itself():
    element = forms.change_form(FOUND, NODES[0], "n")["blocks"][1]["element"]
    assert [one["value"] for one in element["options"]] == [forms.RELEASE_ITSELF]
    element = forms.change_form(FOUND, NODES[2], "n")["blocks"][1]["element"]
    assert [one["value"] for one in element["options"]] == [forms.RELEASE_ITSELF, "#1", "#2"]
    assert element["initial_option"]["value"] == "#2"


def test_removing_names_what_goes_with_it():
    text = forms.remove_form(FOUND, NODES[0], "n")["blocks"][0]["text"]["text"]
    assert "What is in it goes with it: unit Settlement, pay-api 9.2.0, CHG1." in text
    assert "goes with it" not in forms.remove_form(FOUND, NODES[3], "n")["blocks"][0]["text"]["text"]


def test_options_are_found_by_any_part_of_what_people_know():
    item = ConfigurationItem(key="pay-api", kind="software", name="Payments API", version="9.1.0")
    assert [one["text"]["text"] for one in forms.item_options([item], "PAYMENTS")] == ["pay-api 9.1.0"]
    assert forms.item_options([item], "web") == []
    assert [one["value"] for one in forms.node_options(NODES, "api")] == ["#3"]
    assert len(forms.node_options(large().nodes, "")) == 100
    assert forms.source_options([ReleaseChoice(3, "PAY-1", HOSTILE)])[0]["value"] == "3"
