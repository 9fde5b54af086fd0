"""What people see of approvals: cards of emergencies and expired requests, and every notice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from messages.kit.signs import sign, word
from messages.releases.approval import notices as approval_notices
from messages.releases.approval.break_glass import break_glass_form
from messages.releases.card import card as release_card
from messages.releases.card import details as release_answers
from models.lifecycle.lifecycle import State
from models.releases.approval.break_glass import Breakable
from models.releases.approval.records import ApprovalNotice, Bypass, LateApprovals, RoleProgress
from tests.conftest import MORNING
from tests.releases.card.test_release_messages import CARD, EVERYTHING, captions, hostile
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message, assert_valid_view

KINDS = ("chased", "escalated", "expired", "complete", "owed", "late", "bypassed")

NOTICE = ApprovalNotice(
    kind="chased",
    release_id=7,
    round=1,
    identifier="PAY-2026.014",
    title="Card payments 9.2",
    mentioned=("U0OLGA", "S0MANAGERS"),
    roles=("owner", "test manager"),
    since=MORNING,
    due_at=MORNING,
    late=False,
    person_name="Dana",
    requester="U0ANN",
    reason="Fraud in progress",
    state="requested",
)

OWED = LateApprovals(
    (RoleProgress("owner", 1, (), ("U0OLGA",)), RoleProgress("test_manager", 1, ("Sam for Tom",), ())),
    due_at=MORNING + timedelta(days=2),
    completed_at=None,
    late=False,
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_notice_fits_slack_and_mentions_whoever_has_to_act_or_know(kind):
    message = approval_notices.render(replace(NOTICE, kind=kind))
    assert_valid_message(message)
    asked = ["<@U0OLGA>", "<!subteam^S0MANAGERS>"]
    mentioned = {"expired": ["<@U0ANN>"], "complete": [], "bypassed": [*asked, "<@U0ANN>"]}.get(kind, asked)
    found = [one for one in active_markup(message.text and [message.blocks]) if not one.startswith("<!date^")]
    assert found == mentioned


@pytest.mark.parametrize("kind", KINDS)
def test_what_people_typed_never_acts_and_always_fits(kind):
    bad = replace(
        NOTICE,
        kind=kind,
        title=HOSTILE[:150],
        reason=LONG[:3000],
        person_name=HOSTILE[:80],
        roles=("a" * 40,) * 9,
        mentioned=tuple(f"U0{number:09d}" for number in range(300)),
    )
    message = approval_notices.render(bad)
    assert_valid_message(message)
    real = ("<!date^", "<@U0")
    assert [one for one in active_markup(message) if not one.startswith(real)] == []
    assert "<@U0RITA>" not in message.text


def test_an_expired_request_has_its_own_word_and_sign_and_only_its_requester_acts():
    card = replace(CARD, state="expired")
    assert (word("expired"), sign("expired")) == ("Expired", "hourglass")
    assert [one for one in State if sign(one) == "hourglass"] == [State.EXPIRED]
    message = release_card.render(card)
    assert_valid_message(message)
    assert captions(message.blocks) == ["Edit and resubmit", "Details"]
    told = approval_notices.render(replace(NOTICE, kind="expired", state="expired"))
    assert captions(told.blocks) == ["Edit and resubmit"]
    assert "not a rejection" in told.text
    assert captions(approval_notices.render(replace(NOTICE, kind="expired")).blocks) == []


@pytest.mark.parametrize("state", ["approved", "deploying", "deployed", "backed_out"])
def test_an_emergency_says_what_it_owes_and_has_a_button_for_it(state):
    card = replace(CARD, state=state, later_approvals=OWED)
    message = release_card.render(card)
    assert_valid_message(message)
    assert "Approve" in captions(message.blocks)
    assert all(len(block["elements"]) <= 4 for block in message.blocks if block["type"] == "actions")
    assert "owner 0 of 1" in str(message.blocks)
    assert "Sam for Tom" in str(message.blocks)
    assert " - until " in str(message.blocks)
    assert_valid_message(release_answers.release_shown(card, EVERYTHING))
    assert_valid_view(release_answers.details(card, EVERYTHING))


@pytest.mark.parametrize(("late", "words"), [(False, " - complete"), (True, " - complete, but late")])
def test_what_is_given_has_no_button_any_more(late, words):
    card = replace(CARD, state="deployed", later_approvals=replace(OWED, completed_at=MORNING, late=late))
    message = release_card.render(card)
    assert "Approve" not in captions(message.blocks)
    assert f"'text': '{words}'" in str(message.blocks)


def test_a_card_says_for_good_whose_glass_was_broken():
    for state in ("approved", "deploying", "deployed", "backed_out", "cancelled"):
        message = release_card.render(replace(CARD, state=state, bypass=Bypass("Dana", "Fraud in progress")))
        assert "Approved without its approvals by Dana" in str(message.blocks)
        assert "Fraud in progress" in str(message.blocks)
    many = tuple(RoleProgress("owner", 9, (HOSTILE[:80],) * 9, ("U0OLGA",) * 20) for _ in range(5))
    broken = Bypass(HOSTILE, LONG[:3000])
    bad = replace(hostile(), state="deployed", later_approvals=replace(OWED, progress=many), bypass=broken)
    assert_valid_message(release_card.render(bad))


def test_the_modal_says_what_breaking_the_glass_does():
    view = break_glass_form(Breakable(7, "PAY-2026.014", 1, "release manager, owner"))
    assert_valid_view(view)
    assert view["title"]["text"] == "Break the glass"
    assert "becomes approved although approvals are missing: release manager, owner" in str(view)
