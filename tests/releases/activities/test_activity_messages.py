"""The card after the approval, criteria, tests, and the modals of the activities."""

from dataclasses import replace

import pytest

from messages.releases.activities import build as building
from messages.releases.activities import criteria, handover, turns
from messages.releases.activities import test as testing
from messages.releases.card import card as release_card
from messages.releases.card import details as release_answers
from messages.releases.reasons import NO_GO_REASON, SEND_BACK_REASON, reason_form
from models.lifecycle.lifecycle import CHASED, PREPARING, State, Verb
from models.releases.activities.records import (
    ActivityProgress,
    ComponentLine,
    CriteriaList,
    CriterionLine,
    ReleaseTests,
    TurningPoint,
)
from models.releases.activities.settle_criterion import CriterionToSettle
from models.releases.activities.test_verdict import ComponentState
from tests.conftest import MORNING
from tests.releases.card.test_release_messages import CARD, EVERYTHING, captions, hostile
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view

TESTING = ReleaseTests(
    release_id=7,
    round=1,
    identifier="PAY-2026.014",
    state="testing",
    strategy="Risk first",
    plan="",
    components=(ComponentLine(1, "pay-api", ComponentState.FAILED, "", "Times out", "Tom", MORNING),),
    affected=(("WEB", "Web shop"),),
    build="pay-api 9.2.0",
    purpose="",
    use="",
    looked_at=(),
    accepted_by="",
)


def standing(**changes) -> ActivityProgress:
    return replace(ActivityProgress(waits_for=("U0BEN",)), **changes)


@pytest.mark.parametrize(
    ("state", "facts", "expected"),
    [
        ("approved", {"next": Verb.START_BUILD}, ["Start build", "Details"]),
        (
            "approved",
            {"next": Verb.START_DEPLOYMENT, "emergency": True},
            ["Start deployment", "Start build", "Details"],
        ),
        ("building", {"next": Verb.RECORD_BUILD, "open_criteria": 2}, ["Record build", "Criteria", "Details"]),
        (
            "building",
            {"next": Verb.START_TEST, "built": True, "open_criteria": 2},
            ["Start test", "Record build", "Criteria", "Details"],
        ),
        ("building", {"next": Verb.START_TEST, "built": True}, ["Start test", "Record build", "Details"]),
        (
            "testing",
            {"next": Verb.RECORD_TEST_RESULT, "open_criteria": 1},
            ["Record test result", "Accept tests", "Criteria", "Details"],
        ),
        ("testing", {"next": Verb.ACCEPT_TESTS}, ["Accept tests", "Record test result", "Tests", "Details"]),
        ("ready", {"next": Verb.GO}, ["Go", "No go", "Tests", "Details"]),
        ("ready", {"next": Verb.START_DEPLOYMENT, "go": True}, ["Start deployment", "No go", "Tests", "Details"]),
        ("deploying", {"next": Verb.MARK_DEPLOYED}, ["Mark deployed", "Back out", "Details"]),
        ("deployed", {"next": Verb.VERIFY}, ["Verify", "Back out", "Details"]),
        (
            "deployed",
            {"next": Verb.START_EARLY_LIFE_SUPPORT, "verified": True},
            ["Start early life support", "Back out", "Details"],
        ),
        ("early_life_support", {"next": Verb.HAND_OVER}, ["Hand over", "Details"]),
        (
            "early_life_support",
            {"next": Verb.ACCEPT_HANDOVER, "offered": True},
            ["Accept handover", "Send back", "Details"],
        ),
        ("handed_over", {"next": Verb.REVIEW}, ["Review", "Details"]),
        ("handed_over", {"reviewed": True}, ["Retire", "Details"]),
    ],
)
def test_the_next_verb_is_the_first_button_and_four_are_the_most(state, facts, expected):
    card = replace(CARD, state=state, activities=standing(**facts))
    message = release_card.render(card)
    assert captions(message.blocks) == expected
    assert_valid_message(message)
    assert_valid_message(release_answers.release_shown(card, EVERYTHING))
    assert_valid_view(release_answers.details(card, EVERYTHING))


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("many", [False, True])
def test_the_card_of_every_state_keeps_slacks_limits_and_lets_nothing_typed_act(state, many):
    people = ("U0BEN", "S0MANAGERS") * (20 if many else 1)
    now = standing(
        next=Verb.GO, waits_for=people, lacking=(LONG, LONG), built=True, build=LONG, go=True, go_by=HOSTILE[:80]
    )
    message = release_card.render(replace(hostile(), state=state, activities=now))
    assert_valid_message(message)
    allowed = ("<!date^", "U0BEN", "S0MANAGERS", "U0OLGA")
    assert [one for one in active_markup(message) if not any(part in one for part in allowed)] == []


def test_the_bar_marks_the_activity_and_the_card_says_whom_it_waits_for():
    now = standing(next=Verb.RECORD_TEST_RESULT, lacking=("no test result is recorded",))
    (headline, *_) = release_card.render(replace(CARD, state="testing", activities=now)).blocks
    bar = headline["elements"][2]["elements"]
    assert "".join(one["text"] for one in bar) == "Plan - Build - Test - Deploy - ELS - Handed over"
    assert [one["text"] for one in bar if one.get("style", {}).get("bold")] == ["Test"]
    waits = headline["elements"][3]["elements"]
    assert {"type": "user", "user_id": "U0BEN"} in waits
    assert waits[-1]["text"] == " - no test result is recorded"


def test_the_menu_leads_to_plan_and_package_and_has_no_more_than_five_options():
    for state in State:
        card = replace(CARD, state=state, activities=standing(next=Verb.GO, built=True))
        menus = [
            one
            for block in release_card.render(card).blocks
            if block["type"] == "actions"
            for one in block["elements"]
            if one["type"] == "overflow"
        ]
        labels = [option["text"]["text"] for menu in menus for option in menu["options"]]
        assert len(labels) <= 5
        if state is State.REQUESTED:
            assert labels == ["Approve with a comment", "Withdraw approval", "Supersede"]
        else:
            assert labels[:2] == (["Plan", "Package"] if state in (*CHASED, State.HANDED_OVER) else [])
        assert ("Edit" in labels) == (state in PREPARING)
        assert "Cancel release" not in labels, "a menu cannot ask once more"


@pytest.mark.parametrize("kind", ["tests_accepted", "go", "no_go", "offered", "handed_over", "sent_back"])
def test_a_turning_point_mentions_those_who_act_and_quotes_the_reason(kind):
    turn = TurningPoint(kind, HOSTILE[:60], HOSTILE[:80], ("U0RITA", "S0MANAGERS") * 10, LONG[:3000])
    message = turns.render(turn)
    assert_valid_message(message)
    assert set(active_markup(message)) == {"<@U0RITA>", "<!subteam^S0MANAGERS>"}


def listed(count: int, outcome: str = "", *, closed: bool = False) -> CriteriaList:
    lines = tuple(
        CriterionLine(n + 100 * place, gate, HOSTILE[:300], outcome, LONG[:3000], HOSTILE[:80], MORNING)
        for place, gate in enumerate(("entry", "exit", "early_life_support"))
        for n in range(count)
    )
    return CriteriaList(
        7, "PAY-2026.014", closed, lines, dict.fromkeys(("entry", "exit", "early_life_support"), "x")
    )


@pytest.mark.parametrize("count", [0, 1, 5, 40])
@pytest.mark.parametrize("outcome", ["", "met", "waived"])
def test_criteria_are_valid_however_many(count, outcome):
    found = listed(count, outcome)
    assert_valid_message(criteria.criteria(found))
    assert_valid_view(criteria.criteria_view(found))
    assert active_markup(criteria.criteria(found)) == []


def test_open_criteria_have_met_and_waive_and_closed_ones_have_no_dead_button():
    assert captions(criteria.criteria(listed(1)).blocks) == ["Met", "Waive"] * 3
    assert captions(criteria.criteria(listed(1, closed=True)).blocks) == []
    assert captions(criteria.criteria(listed(1, "met")).blocks) == []


def test_the_modals_have_the_promised_titles_and_labels():
    settling = CriterionToSettle(3, "PAY-2026.014", HOSTILE[:300])
    forms = {
        "Record build": building.build_form(7, HOSTILE[:60], "n"),
        "Review": handover.review_form(7, HOSTILE[:60]),
        "Met": criteria.meet_form(settling),
        "Waive": criteria.waive_form(settling),
        "Record test result": testing.result_form(7, HOSTILE[:60], "n", {}),
        "Record test result ": testing.result_form(7, HOSTILE[:60], "n", {HOSTILE[:40]: HOSTILE[:60]}),
        "Accept tests": testing.verdict_form(TESTING),
        "Test strategy and plan": testing.strategy_form(7, HOSTILE[:60], LONG, LONG),
        "No go": reason_form(NO_GO_REASON, HOSTILE[:60], 7, 1),
        "Send back": reason_form(SEND_BACK_REASON, HOSTILE[:60], 7, 1),
    }
    for title, view in forms.items():
        assert_valid_view(view)
        assert view["title"]["text"] == title.strip()
    labels = {
        title: [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]
        for title, view in forms.items()
    }
    assert labels["Met"] == ["Evidence"]
    assert labels["Waive"] == labels["No go"] == labels["Send back"] == ["Reason"]
    assert labels["Record build"] == [
        "What was built",
        "Source",
        "Revision",
        "Checksum or link",
        "Pre-handover check",
    ]
    assert labels["Record test result"] == ["Component", "Result", "Note or link", "Known error"]
    assert labels["Record test result "][:3] == ["Component", "Another component", "Result"]
    assert labels["Accept tests"] == ["Fit for purpose", "Fit for use", "Services looked at"]


@pytest.mark.parametrize("state", list(State))
def test_tests_are_valid_with_hundreds_of_hostile_components_in_every_state(state):
    results = tuple(
        ComponentLine(n, HOSTILE[:100], one, f"KE-{n}", LONG[:3000], HOSTILE[:80], MORNING)
        for n, one in enumerate(list(ComponentState) * 60)
    )
    many = replace(
        TESTING,
        state=state,
        strategy=LONG[:3000],
        plan=LONG[:3000],
        components=results,
        affected=tuple((f"S{n}", HOSTILE[:75]) for n in range(150)),
        build=LONG,
        purpose=LONG[:3000],
        use=LONG[:3000],
        looked_at=(HOSTILE[:75],) * 150,
        accepted_by=HOSTILE[:80],
    )
    message = testing.tests(many)
    assert_valid_message(message)
    assert active_markup(message) == []
    assert_valid_view(testing.tests_view(many))
    assert_valid_view(testing.verdict_form(many))


def test_a_failed_component_can_become_a_known_error():
    assert captions(testing.tests(TESTING).blocks) == [
        "Record a known error",
        "Record test result",
        "Accept tests",
        "Test strategy",
    ]
    assert "nothing is tested yet" in testing.tests(replace(TESTING, components=())).text
