"""The Home: valid for Slack, safe with hostile text, and short."""

from dataclasses import replace
from datetime import timedelta

import pytest

from messages.home import render
from messages.kit.blocks import Message
from messages.kit.sizes import LONG_HOME
from messages.releases.action_ids import APPROVE, APPROVE_AFTERWARDS, DETAILS, EDIT, REJECT, REQUEST_CHANGES
from messages.releases.approval.decisions import decisions
from models.home.approvals import ENTRIES_READ, WaitingApproval
from models.home.home import Home, SentBack
from models.home.later_approvals import WaitingLaterApproval
from models.home.waiting_steps import WaitingStep
from models.kpi.buckets import buckets
from models.kpi.figures import Compared, Figures, Ratio, Series, Unresolved
from models.kpi.periods import parse_period
from models.lifecycle.lifecycle import Verb
from models.releases.card.records import ReleaseLine
from models.releases.plan.records import TaskLine
from tests.conftest import MORNING
from tests.releases.plan.test_plan import AMSTERDAM
from tests.slack_limits import HOSTILE, active_markup, assert_valid_view

EMPTY = Home((), (), (), (), (), None, everything=False, has_services=True)

APPROVAL = WaitingApproval(
    release_id=7,
    round=2,
    identifier="PAY-2026.014",
    title="Card payments 9.2",
    type="minor",
    service_name="Payments",
    window_start=MORNING + timedelta(days=2),
    since=MORNING,
    requester_name="Ann",
    missing=("release_manager", "owner"),
)

TASK = TaskLine(
    5, 7, "PAY-2026.014", "Train first line", "training", "knowledge manager", True, MORNING, False, "", None
)

SENT_BACK = SentBack(8, 1, "PAY-2026.015", "Refunds", "Rita", "Say how you test it")

OWED = WaitingLaterApproval(
    12, 1, "PAY-2026.016", "Stop fraud", "Payments", MORNING + timedelta(days=2), late=False, missing=("owner",)
)

STEP = WaitingStep(13, 1, "PAY-2026.017", "Refunds", MORNING, MORNING, Verb.GO, ("one thing",))

LINE = ReleaseLine(9, "WEB-1", "minor", "Shop window", "approved", MORNING, "Ann")


def some_figures() -> Figures:
    period = parse_period("30d", MORNING, AMSTERDAM)
    nothing = Ratio(0, 0)
    return Figures(
        period,
        (),
        (),
        Compared(Ratio(25, 26), Ratio(23, 25)),
        Compared(Unresolved(7, 2), Unresolved(8, 2)),
        Compared(nothing, nothing),
        Series(buckets(period), (), (), (), ()),
    )


def full() -> Home:
    return Home(
        tuple(replace(APPROVAL, release_id=n) for n in range(ENTRIES_READ)),
        tuple(replace(SENT_BACK, release_id=100 + n) for n in range(ENTRIES_READ)),
        tuple(replace(TASK, id=n) for n in range(ENTRIES_READ)),
        (LINE,) * ENTRIES_READ,
        (LINE,) * ENTRIES_READ,
        some_figures(),
        everything=False,
        has_services=True,
        environment_requests=3,
        steps=tuple(replace(STEP, release_id=200 + n) for n in range(ENTRIES_READ)),
        later_approvals=tuple(replace(OWED, release_id=300 + n) for n in range(ENTRIES_READ)),
    )


def view(message: Message) -> dict[str, object]:
    return {"type": "home", "blocks": message.blocks}


def words(message: Message) -> str:
    found: list[str] = []

    def walk(node):
        if isinstance(node, dict):
            if isinstance(node.get("text"), str):
                found.append(node["text"])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(message.blocks)
    return " ".join(found)


def action_ids(message: Message) -> list[str]:
    return [one["action_id"] for block in message.blocks if block["type"] == "actions" for one in block["elements"]]


def test_an_approval_has_the_very_buttons_of_the_card():
    message = render(replace(EMPTY, approvals=(APPROVAL,)))
    (row,) = [block for block in message.blocks if block["type"] == "actions"]
    assert row["elements"][:3] == decisions(7, 2)
    assert action_ids(message) == [APPROVE, REQUEST_CHANGES, REJECT, DETAILS]
    assert row["elements"][3]["value"] == '{"v":1,"r":7,"n":2}'
    assert "waits for release manager, owner since" in words(message)


def test_a_milestone_can_be_snoozed_and_another_task_only_done_or_handed_on():
    assert action_ids(render(replace(EMPTY, tasks=(TASK,)))) == ["task:done", "task:snooze", "task:hand_to"]
    other = replace(TASK, milestone=False)
    assert action_ids(render(replace(EMPTY, tasks=(other,)))) == ["task:done", "task:hand_to"]


def test_an_owed_approval_says_by_when_and_is_given_on_the_spot():
    message = render(replace(EMPTY, later_approvals=(OWED,)))
    assert action_ids(message) == [APPROVE_AFTERWARDS, DETAILS]
    said = words(message)
    assert "PAY-2026.016" in said
    assert "went first, owes the approval of" in said
    assert "owner by" in said
    late = words(render(replace(EMPTY, later_approvals=(replace(OWED, late=True),))))
    assert "went first, owed the approval of" in late


def test_an_expired_request_says_so_and_is_resubmitted_from_here():
    expired = replace(SENT_BACK, asked_by="", reason="", expired=True)
    message = render(replace(EMPTY, sent_back=(expired,)))
    assert action_ids(message) == [EDIT, DETAILS]
    assert "expired, because nobody decided in time" in words(message)
    assert "asks for changes" not in words(message)


def test_an_empty_home_says_how_to_fill_it():
    said = words(render(EMPTY))
    assert "Nothing waits for you. Requests that you may decide on and tasks that you own appear here." in said
    assert "You have requested none. `/release request` begins one." in said
    assert "Nothing is planned." in said
    assert "releasedesk catalog apply" in words(render(replace(EMPTY, has_services=False)))


def test_a_short_home_offers_the_rest_and_the_long_one_to_be_short_again():
    short, long = render(full()), render(replace(full(), everything=True))
    assert "627 more entries than a Home holds." in words(long)
    assert "more" not in words(render(replace(EMPTY, everything=True)))
    assert len(short.blocks) <= 30
    assert "Show all (681 more)" in words(short)
    assert "Show less" in words(long)
    assert words(long).count("Card payments 9.2") == LONG_HOME.approvals
    assert "Show" not in words(render(replace(EMPTY, approvals=(APPROVAL,))))


def test_the_figures_stand_there_in_small():
    said = words(render(replace(EMPTY, figures=some_figures())))
    assert "96 %" in said
    assert "no data" in said


@pytest.mark.parametrize("everything", [False, True])
def test_a_home_of_any_length_is_valid_and_harmless(everything):
    text = HOSTILE[:150]
    home = replace(
        full(),
        approvals=tuple(
            replace(one, identifier=text, title=text, requester_name=text, missing=(text,) * 5)
            for one in full().approvals
        ),
        sent_back=tuple(replace(one, title=text, asked_by=text, reason=text * 20) for one in full().sent_back),
        tasks=tuple(replace(one, title=text, owner=text, overdue=True) for one in full().tasks),
        mine=tuple(replace(LINE, identifier=text, title=text, requester_name=text) for _ in range(ENTRIES_READ)),
        later_approvals=tuple(
            replace(one, identifier=text, title=text, missing=(text,) * 5) for one in full().later_approvals
        ),
        everything=everything,
    )
    for one in (home, replace(full(), everything=everything), EMPTY):
        assert_valid_view(view(render(one)), "home")
    assert [one for one in active_markup(render(home).blocks) if not one.startswith("<!date")] == []
