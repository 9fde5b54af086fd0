"""What people see of policy."""

from dataclasses import replace

import pytest

from messages.releases.approval.waivers import waive_form
from messages.releases.card import card as release_card
from messages.releases.policy import check_blocks
from messages.releases.request.form import Editing, edit_form, request_form
from models.catalog.document import Catalog
from models.releases.policy.free_windows import FreeWindow, PolicyCheck
from models.releases.policy.records import PolicyFinding
from models.releases.policy.rules.findings import Finding, Weight
from tests.conftest import MORNING, example_document
from tests.releases.card.test_release_messages import CARD, captions
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_view

FREE = tuple(FreeWindow(MORNING, MORNING, f"Thu {n} Dec 2026 09:00-11:00 UTC+1") for n in (3, 10, 17))

OPEN = PolicyFinding(3, "The soft freeze Month close holds.", "", "")

WAIVED = PolicyFinding(4, "Another release is planned.", "Olga", "Same team")


def result(*kinds: Weight) -> PolicyCheck:
    return PolicyCheck(tuple(Finding(kind, "rule", f"Sentence {n}.") for n, kind in enumerate(kinds)), FREE)


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    [
        ((Weight.HARD, Weight.SOFT, Weight.OK), "this cannot be requested like this"),
        ((Weight.SOFT, Weight.OK), "an approver has to waive what is marked"),
        ((Weight.INFO, Weight.OK), "nothing stands against it so far"),
    ],
)
def test_the_form_says_in_signs_and_words_what_policy_says(kinds, verdict):
    said = str(check_blocks(result(*kinds)))
    assert verdict in said
    assert ("no_entry" in said, "warning" in said) == (Weight.HARD in kinds, Weight.SOFT in kinds)
    assert all(free.words in said for free in FREE)


def test_what_is_in_order_is_one_line():
    ok = tuple(Finding(Weight.OK, rule, "Sentence.") for rule in ("notice", "windows"))
    said = str(check_blocks(PolicyCheck((Finding(Weight.SOFT, "freezes", "Frozen."), *ok), ())))
    assert "In order: notice, windows" in said
    assert said.count("white_check_mark") == 1
    assert "Sentence." not in said


def test_without_a_result_the_form_shows_none():
    assert check_blocks(None) == check_blocks(PolicyCheck((), ())) == []


def test_the_forms_with_a_long_hostile_result_are_valid_and_nothing_acts():
    findings = tuple(Finding(kind, HOSTILE, LONG[:3000]) for kind in Weight for _ in range(50))
    check = PolicyCheck(findings, FREE)
    catalog = Catalog.model_validate(example_document())
    assert_valid_view(request_form(catalog, {"service": "PAY"}, "nonce", check))
    assert_valid_view(edit_form(catalog, {"service": "PAY"}, Editing(7, 1, HOSTILE[:80], True), check))
    assert active_markup(check_blocks(check)) == []


def test_waive_is_offered_while_something_is_left_to_waive_and_it_can_be_decided():
    waiting, done = replace(CARD, findings=(WAIVED, OPEN)), replace(CARD, findings=(WAIVED,))
    assert captions(release_card.render(waiting).blocks)[-1] == "Waive"
    assert "Waive" not in captions(release_card.render(done).blocks)
    assert "Waive" not in captions(release_card.render(replace(waiting, state="approved")).blocks)


def test_a_waiver_stays_on_the_card_with_who_and_why():
    said = str(release_card.render(replace(CARD, state="deployed", findings=(WAIVED,))).blocks)
    assert "Waived by Olga" in said
    assert "Same team" in said


@pytest.mark.parametrize("count", [1, 2, 300])
def test_the_modal_for_waiving_is_valid_and_asks_which_only_of_several(count):
    findings = [PolicyFinding(n + 1, LONG[:2000], "", "") for n in range(count)]
    view = waive_form(HOSTILE[:80], findings, 7, 1)
    assert_valid_view(view)
    labels = [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]
    assert labels == (["Reason"] if count == 1 else ["Finding", "Reason"])
