"""Cards, lists and outcomes: valid for Slack, safe with hostile text, and with the right buttons."""

from dataclasses import replace
from datetime import timedelta

import pytest

from messages.releases.approval.decisions import approved_already
from messages.releases.card import card as release_card
from messages.releases.card import details as release_answers
from messages.releases.card import outcome as release_outcome
from messages.releases.card.history import history
from messages.releases.card.lists import release_line, release_list
from messages.releases.reasons import BACK_OUT_REASON, CHANGES_REASON, REJECT_REASON, reason_form
from messages.releases.request.form import Editing, edit_form, request_form
from models.catalog.document import Catalog
from models.catalog.quorum import Tally
from models.lifecycle.lifecycle import State, Verb
from models.releases.approval.records import GivenApproval, Objection, RoleProgress
from models.releases.card.available_verbs import AvailableVerbs
from models.releases.card.records import (
    HistoryLine,
    KnownErrorLine,
    NextTask,
    OtherRelease,
    PlanProgress,
    ReleaseCard,
    ReleaseLine,
    ReleaseOutcome,
)
from models.releases.policy.records import PolicyFinding
from tests.conftest import MORNING, example_document
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view

EVERYTHING = AvailableVerbs(frozenset(Verb), edit=True, later_approval=True)

CARD = ReleaseCard(
    id=7,
    identifier="PAY-2026.014",
    round=1,
    service_name="Payments",
    type="minor",
    title="Card payments 9.2",
    description="Faster settlement",
    changes=("CHG0000132",),
    window_start=MORNING + timedelta(days=2),
    window_end=MORNING + timedelta(days=2, hours=2),
    zone="Europe/Amsterdam",
    method="rolling",
    back_out_plan="Redeploy 9.1",
    requester="U0ANN",
    requester_name="Ann",
    state="requested",
    state_since=MORNING,
    requested_at=MORNING,
    progress=(
        RoleProgress("release_manager", 1, ("Rita",), ()),
        RoleProgress("owner", 1, (), ("U0OLGA",)),
    ),
    objections=(),
    plan=None,
    known_errors=(KnownErrorLine("KE-12", "Refund shows twice", True),),
    known_error_count=1,
    previous="PAY-2026.013",
)


def hostile(card: ReleaseCard = CARD) -> ReleaseCard:
    return replace(
        card,
        title=HOSTILE[:150],
        description=LONG[:10_000],
        changes=tuple(f"CHG{number:07d}" for number in range(50)),
        back_out_plan=LONG[:10_000],
        requester_name=HOSTILE[:80],
        approvals=tuple(
            GivenApproval(HOSTILE[:80], ("release_manager", "owner"), MORNING, HOSTILE[:200], LONG[:500])
            for _ in range(40)
        ),
        objections=(Objection("rejected", HOSTILE[:80], LONG[:3000]),),
        plan=PlanProgress(1, 200, NextTask(HOSTILE[:150], MORNING, HOSTILE[:80])),
        known_errors=tuple(KnownErrorLine(f"KE-{n}", HOSTILE[:150], False) for n in range(3)),
        known_error_count=300,
        findings=tuple(
            PolicyFinding(n, LONG[:2000], HOSTILE[:80] if n % 2 else "", LONG[:3000] if n % 2 else "")
            for n in range(30)
        ),
        progress=(RoleProgress("release_manager", 9, (HOSTILE[:80],) * 9, ("U0OLGA", "S0MANAGERS") * 20),),
    )


def captions(blocks) -> list[str]:
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return [one["text"]["text"] for row in rows for one in row if one["type"] == "button"]


@pytest.mark.parametrize("state", list(State))
def test_the_card_of_every_state_is_valid_even_with_hostile_text(state):
    card = replace(hostile(), state=state)
    assert_valid_message(release_card.render(card))
    assert_valid_message(release_answers.release_shown(card, EVERYTHING))
    assert_valid_view(release_answers.details(card, EVERYTHING))


@pytest.mark.parametrize("state", list(State))
def test_nothing_typed_acts_on_a_card(state):
    acting = active_markup(release_card.render(replace(hostile(), state=state)))
    expected = ("<!date^", '{"type": "user", "user_id": "U0OLGA"}', '"usergroup_id": "S0MANAGERS"')
    assert [one for one in acting if not any(part in one for part in expected)] == []


def test_typed_text_stands_on_the_card_literally():
    card = replace(CARD, title="*not bold* <!channel> {{ 7*7 }}")
    elements = release_card.render(card).blocks[0]["elements"][0]["elements"]
    assert "*not bold* <!channel> {{ 7*7 }}" in [one.get("text") for one in elements]


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("requested", ["Approve", "Request changes", "Reject", "Details"]),
        ("changes_requested", ["Edit and resubmit", "Details"]),
        ("rejected", ["Details"]),
        ("cancelled", ["Details"]),
        ("backed_out", ["Details"]),
        ("retired", ["Details"]),
    ],
)
def test_a_card_has_only_the_buttons_its_state_can_use(state, expected):
    assert captions(release_card.render(replace(CARD, state=state)).blocks) == expected


def test_only_those_who_must_act_now_are_mentioned():
    assert active_markup(release_card.render(CARD).blocks) == ['{"type": "user", "user_id": "U0OLGA"}']


@pytest.mark.parametrize(
    "kind",
    ["approved", "rejected", "objected", "changes_requested", "voided", "cancelled", "deployed", "backed_out"],
)
def test_every_turning_point_is_told_in_a_valid_message(kind):
    outcome = ReleaseOutcome(
        kind,
        7,
        1,
        HOSTILE[:60],
        HOSTILE,
        HOSTILE[:80],
        "U0ANN",
        LONG[:3000],
        "changes_requested",
        ("window",),
        ("KE-1",),
    )
    message = release_outcome.render(outcome)
    assert_valid_message(message)
    assert {one for one in active_markup(message) if not one.startswith("<!date")} <= {"<@U0ANN>"}


def test_who_cancelled_or_backed_out_their_own_release_is_not_told_so():
    for kind in ("cancelled", "backed_out"):
        told = ReleaseOutcome(
            kind, 7, 1, "PAY-2026.014", "Card payments 9.2", "Olga", "U0ANN", "Late", kind, (), ()
        )
        assert release_outcome.render(told).text.startswith("<@U0ANN> ")
        assert active_markup(release_outcome.render(replace(told, mention=""))) == []


def test_what_runs_again_is_told_with_the_reason():
    told = ReleaseOutcome(
        "backed_out", 7, 1, "PAY-2026.014", "Card", "Dana", "", "Slow", "backed_out", (), (), "Card 9.1"
    )
    shown = str(release_outcome.render(told).blocks)
    assert "Runs again: " in shown
    assert "Card 9.1" in shown


def test_the_request_form_has_the_promised_title_and_labels():
    view = request_form(Catalog.model_validate(example_document()), {}, "nonce")
    assert_valid_view(view)
    assert view["title"]["text"] == "Request a release"
    assert [block["label"]["text"] for block in view["blocks"]] == [
        "Service",
        "Type",
        "Window start",
        "Window end",
        "Deployment method",
        "Configuration items",
        "Title",
        "What changes and why",
        "Authorised changes",
        "Back-out plan",
    ]


def test_choosing_a_service_offers_its_types_and_keeps_what_is_typed():
    catalog = Catalog.model_validate(example_document())
    view = request_form(catalog, {"service": "WEB", "title": "Kept", "type": "major"}, "nonce")
    by_id = {block["block_id"]: block["element"] for block in view["blocks"]}
    assert [one["value"] for one in by_id["type"]["options"]] == ["minor"]
    assert "initial_option" not in by_id["type"]
    assert by_id["title"]["initial_value"] == "Kept"


def test_more_services_than_a_menu_holds_are_searched_for():
    document = example_document()
    document["services"] = [
        {**document["services"][1], "key": f"S{number}", "depends_on": []} for number in range(150)
    ]
    view = request_form(Catalog.model_validate(document), {"service": "S3"}, "nonce")
    assert_valid_view(view)
    assert view["blocks"][0]["element"]["type"] == "external_select"


def test_forms_for_editing_and_reasons_are_valid():
    catalog = Catalog.model_validate(example_document())
    entered = {"service": "PAY", "title": HOSTILE[:150], "description": LONG[:3000], "window_start": MORNING}
    for resubmit in (True, False):
        assert_valid_view(edit_form(catalog, entered, Editing(7, 1, HOSTILE[:80], resubmit)))
    for callback in (REJECT_REASON, CHANGES_REASON, BACK_OUT_REASON):
        view = reason_form(callback, HOSTILE[:80], 7, 1)
        assert_valid_view(view)
        assert view["blocks"][1]["label"]["text"] == "Reason"


def test_lists_and_trails_are_valid_and_an_empty_list_says_how_to_fill_it():
    lines = [
        ReleaseLine(n, f"PAY-2026.{n:03d}", "minor", HOSTILE[:150], "approved", MORNING, HOSTILE[:80])
        for n in range(20)
    ]
    assert_valid_message(release_list(lines, "Open releases", more=True))
    empty = release_list([], "Open releases", more=False)
    assert "/release request" in empty.text
    trail = [
        HistoryLine(n, MORNING, HOSTILE[:80], "button", "release:approval:granted", LONG[:3000], {"title": LONG})
        for n in range(20)
    ]
    assert_valid_message(history(HOSTILE[:60], trail, older=3, release_id=7))
    assert_valid_message(approved_already("PAY-1", Tally({}, {"owner": 1})))


APPROVALS = (
    GivenApproval("Rita", ("release_manager",), MORNING, "holds release manager", "Not before the month close"),
    GivenApproval("Sam for Olga", ("owner",), MORNING, "stands in for Olga, who holds owner", ""),
)


@pytest.mark.parametrize("state", list(State))
def test_a_card_keeps_who_approved_in_every_state(state):
    card = replace(CARD, state=state, approvals=APPROVALS)
    shown = release_card.render(card)
    assert_valid_message(shown)
    said = str(shown.blocks)
    assert "Rita (release manager, " in said
    assert "Rita: Not before the month close" in said
    whole = str(release_answers.details(card, AvailableVerbs())["blocks"])
    assert "Sam for Olga stands in for Olga, who holds owner" in whole


def test_a_superseded_release_says_by_which_everywhere_and_leads_there():
    card = replace(CARD, state=State.CANCELLED, superseded_by=OtherRelease(9, "PAY-2026.015"))
    shown = release_card.render(card)
    assert_valid_message(shown)
    said = "Cancelled, superseded by PAY-2026.015"
    assert said in str(shown.blocks)
    assert said in shown.text
    assert_valid_view(release_answers.details(card, AvailableVerbs()))
    line = ReleaseLine(7, "PAY-2026.014", "minor", "Card", State.CANCELLED, MORNING, "Ann", "PAY-2026.015")
    assert "cancelled, superseded by PAY-2026.015" in str(release_line(line))
    newer = replace(CARD, supersedes=(OtherRelease(7, "PAY-2026.014"), OtherRelease(8, "PAY-2026.010")))
    assert "supersedes PAY-2026.014 and PAY-2026.010" in str(release_card.render(newer).blocks)
    assert_valid_view(release_answers.details(newer, AvailableVerbs()))
