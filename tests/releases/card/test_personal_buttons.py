"""The buttons of a release shown to one person are those that they may use."""

from dataclasses import replace

import pytest

from messages.releases.card import details as release_answers
from models.lifecycle.lifecycle import State, Verb
from models.releases.activities.records import ActivityProgress
from models.releases.card.available_verbs import AvailableVerbs
from models.releases.policy.records import PolicyFinding
from tests.releases.card.test_release_messages import CARD, EVERYTHING, captions
from tests.slack_limits import assert_valid_message, assert_valid_view

FINDING = PolicyFinding(3, "The soft freeze Month close holds.", "", "")

READY = replace(CARD, state=State.READY, activities=ActivityProgress(next=Verb.GO))


def menu(message) -> list[str]:
    elements = [one for block in message.blocks for one in block.get("elements", ())]
    return [one["text"]["text"] for menu in elements if menu["type"] == "overflow" for one in menu["options"]]


@pytest.mark.parametrize(
    ("offer", "shown", "in_menu"),
    [
        (AvailableVerbs(), ["Tests", "Details"], ["Plan", "Package", "Criteria"]),
        (EVERYTHING, ["Go", "No go", "Tests", "Details"], ["Plan", "Package", "Criteria", "Edit"]),
        (AvailableVerbs(frozenset((Verb.NO_GO,))), ["No go", "Tests", "Details"], ["Plan", "Package", "Criteria"]),
        (
            AvailableVerbs(frozenset((Verb.GO, Verb.CANCEL))),
            ["Go", "Tests", "Details"],
            ["Plan", "Package", "Criteria"],
        ),
        (AvailableVerbs(edit=True), ["Tests", "Details"], ["Plan", "Package", "Criteria", "Edit"]),
    ],
)
def test_a_tested_release_offers_each_what_they_may_do(offer, shown, in_menu):
    message = release_answers.release_shown(READY, offer)
    assert_valid_message(message)
    assert captions(message.blocks) == shown
    assert menu(message) == in_menu


def test_only_who_decides_is_offered_to_decide_and_to_waive():
    card = replace(CARD, state=State.REQUESTED, findings=(FINDING,))
    for offer, shown in (
        (AvailableVerbs(), ["Details"]),
        (
            AvailableVerbs(frozenset((Verb.APPROVE, Verb.REJECT, Verb.REQUEST_CHANGES))),
            ["Approve", "Request changes", "Reject", "Details", "Approve with a comment", "Waive"],
        ),
    ):
        assert captions(release_answers.release_shown(card, offer).blocks) == shown


def test_the_rare_verbs_of_the_details_are_offered_alike():
    card = replace(CARD, state=State.REQUESTED)
    for offer, shown in (
        (AvailableVerbs(), ["Package", "Plan"]),
        (AvailableVerbs(edit=True), ["Package", "Plan", "Edit"]),
        (AvailableVerbs(frozenset((Verb.CANCEL,))), ["Package", "Plan", "Cancel release"]),
    ):
        view = release_answers.details(card, offer)
        assert_valid_view(view)
        assert captions(view["blocks"])[-len(shown) :] == shown
