"""The rules of clearance: which obstacle stands when, and when the next allowed time is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from models.catalog.allowed_choices import CLEARANCE_CODES
from models.catalog.document import Catalog
from models.catalog.freezes import FreezeInForce
from models.lifecycle.obstacle_codes import ABOUT_TIME, Code
from models.lifecycle.overlaps import Planned
from models.releases.clearance.facts import ApproverWhoLeft, ClearanceFacts, DeploymentUnderWay, GateLack
from models.releases.clearance.judge import judge_clearance
from models.releases.clearance.obstacles import Asked
from models.releases.clearance.rules import RULES, WEIGHTS
from models.releases.clearance.table import obstacle_table
from models.releases.policy.rules.findings import Weight
from tests.conftest import example_document

START = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
"""Wednesday 10:00 in Amsterdam, when Payments may be deployed."""
END = START + timedelta(hours=4)
HOUR = timedelta(hours=1)
CATALOG = Catalog.model_validate(example_document())
HARD = FreezeInForce("Sale", "hard", START - HOUR, START + HOUR, "Sale")
SOFT = FreezeInForce("Month close", "soft", START + HOUR, START + 3 * HOUR, "Month close 2026-12")
OTHER = Planned(9, "WEB 9", "WEB", START + HOUR, END)


def facts(asked: Asked = Asked.START, **changes: Any) -> ClearanceFacts:
    clear = ClearanceFacts(
        catalog=CATALOG, service=CATALOG.by_key["PAY"], asked=asked, now=START, start=START, end=END
    )
    return replace(clear, **changes)


def opened(*names: tuple[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(names)


LEFT = (ApproverWhoLeft("U0OLGA", "Olga", "owner"),)
LACK = (GateLack("nobody has said go", ("owner",)),)
UNDER_WAY = (DeploymentUnderWay("PAY-2026.001", "Payments"),)

CASES: list[tuple[str, ClearanceFacts, list[str]]] = [
    ("clear", facts(), []),
    ("the last moment", facts(now=END - timedelta(microseconds=1)), []),
    ("too early", facts(now=START - timedelta(microseconds=1)), ["window_not_begun"]),
    ("over", facts(now=END), ["window_over"]),
    ("weeks late and at night", facts(now=END + timedelta(days=20, hours=9)), ["window_over", "closed"]),
    ("closed within its window", facts(now=START + 6 * HOUR, end=START + 9 * HOUR), ["closed"]),
    ("a hard freeze", facts(freezes=(HARD,)), ["freeze"]),
    ("a hard freeze that ended", facts(now=START + HOUR, freezes=(HARD,)), []),
    ("a hard freeze that was waived", facts(freezes=(HARD,), waived_freezes=frozenset(["Sale"])), ["freeze"]),
    ("a soft freeze later on", facts(freezes=(SOFT,)), []),
    ("a soft freeze", facts(now=START + HOUR, freezes=(SOFT,)), ["freeze"]),
    (
        "a soft freeze that was waived",
        facts(now=START + HOUR, freezes=(SOFT,), waived_freezes=frozenset([SOFT.key])),
        [],
    ),
    (
        "another occurrence was waived",
        facts(now=START + HOUR, freezes=(SOFT,), waived_freezes=frozenset(["Month close 2026-11"])),
        ["freeze"],
    ),
    ("another deployment", facts(under_way=UNDER_WAY), ["other_deployment"]),
    ("approvals", facts(missing_roles=("owner",)), ["approvals"]),
    ("an approver left", facts(left=LEFT), ["approver_left"]),
    ("a gate", facts(lacking=LACK), ["gate"]),
    ("another version", facts(difference="pay-api is 9.3, approved was 9.2."), ["version"]),
    ("at start nobody asks for collisions", facts(planned=(OTHER,)), []),
    (
        "everything, the hard ones first",
        facts(
            now=START - HOUR,
            freezes=(HARD,),
            under_way=UNDER_WAY,
            left=LEFT,
            lacking=LACK,
            missing_roles=("owner",),
        ),
        ["freeze", "approvals", "gate", "window_not_begun", "other_deployment", "approver_left"],
    ),
    ("overridden", facts(now=START - HOUR, opened=opened(("window_not_begun", ""))), []),
    ("another one overridden", facts(now=START - HOUR, opened=opened(("closed", ""))), ["window_not_begun"]),
    ("broken glass", facts(freezes=(HARD,), opened=opened(("freeze", "Sale"))), []),
    ("no glass for another version", facts(difference="9.3", opened=opened(("version", "9.3"))), ["version"]),
    # Emergencies
    ("an emergency in a freeze", facts(emergency=True, freezes=(HARD,)), []),
    ("an emergency too early at night", facts(emergency=True, now=START - 12 * HOUR), []),
    ("an emergency after its window", facts(emergency=True, now=END + 24 * HOUR - timedelta(seconds=1)), []),
    ("an emergency a day after", facts(emergency=True, now=END + 24 * HOUR), ["window_over"]),
    ("an emergency beside another", facts(emergency=True, under_way=UNDER_WAY), ["other_deployment"]),
    ("an emergency without approvals", facts(emergency=True, missing_roles=("owner",)), ["approvals"]),
    # Go
    ("go", facts(Asked.GO, now=START - timedelta(days=3)), []),
    ("go for a window that is over", facts(Asked.GO, now=END), ["window_over"]),
    ("go with a freeze in the window", facts(Asked.GO, now=START - 5 * HOUR, freezes=(SOFT,)), ["freeze"]),
    ("go with a freeze before the window", facts(Asked.GO, now=START + HOUR, freezes=(HARD,)), []),
    ("go for a window that isn't open to its end", facts(Asked.GO, end=START + 9 * HOUR), ["closed"]),
    ("go with a collision", facts(Asked.GO, planned=(OTHER,)), ["collision"]),
    (
        "go with a collision that was waived",
        facts(Asked.GO, planned=(OTHER,), waived_collisions=frozenset(["WEB 9"])),
        [],
    ),
    ("go beside another deployment", facts(Asked.GO, under_way=UNDER_WAY), []),
    ("go with a higher risk", facts(Asked.GO, risk="high", risk_at_request="low"), ["risk"]),
    ("go with a lower risk", facts(Asked.GO, risk="low", risk_at_request="high"), []),
    ("go without approvals", facts(Asked.GO, missing_roles=("owner",)), ["approvals"]),
]


@pytest.mark.parametrize(("given", "codes"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_stands_in_the_way(given: ClearanceFacts, codes: list[str]) -> None:
    assert [one.code for one in judge_clearance(given).obstacles] == codes


NIGHT = (FreezeInForce("Night", "hard", START, START + timedelta(hours=20), "Night"),)

NEXT: list[tuple[str, ClearanceFacts, datetime | None]] = [
    ("now", facts(), START),
    ("the window's start", facts(now=START - timedelta(days=3)), START),
    ("never: it is over", facts(now=END), None),
    ("after the freeze", facts(freezes=(HARD,)), START + HOUR),
    ("after two freezes that meet", facts(freezes=(HARD, SOFT)), START + 3 * HOUR),
    ("a waived freeze counts for nothing", facts(freezes=(HARD, SOFT), waived_freezes={SOFT.key}), START + HOUR),
    ("never: the freeze outlasts it", facts(freezes=NIGHT), None),
    (
        "the next day's deployment window",
        facts(now=START + 7 * HOUR, end=END + timedelta(days=1)),
        datetime(2026, 12, 3, 8, 0, tzinfo=UTC),
    ),
    (
        "within all three: past the freeze of the next morning",
        facts(
            now=START + 7 * HOUR,
            end=END + timedelta(days=1),
            freezes=(FreezeInForce("x", "soft", START, START + timedelta(hours=24, minutes=30), "x"),),
        ),
        START + timedelta(hours=24, minutes=30),
    ),
    ("an emergency: now", facts(emergency=True, now=START - timedelta(days=1), freezes=NIGHT), START - 24 * HOUR),
    ("overridden: now", facts(now=START - HOUR, opened=opened(("window_not_begun", ""))), START - HOUR),
    ("broken glass: now", facts(now=END + HOUR, opened=opened(("window_over", ""))), END + HOUR),
]


@pytest.mark.parametrize(("given", "moment"), [case[1:] for case in NEXT], ids=[case[0] for case in NEXT])
def test_the_next_allowed_time(given: ClearanceFacts, moment: datetime | None) -> None:
    assert judge_clearance(given).next_allowed == moment


def test_each_obstacle_says_what_opens_it_and_who_settles_it() -> None:
    early = judge_clearance(facts(now=START - 3 * HOUR, lacking=LACK, freezes=(HARD,)))
    assert [(one.code, one.opens, one.roles) for one in early.obstacles] == [
        (Code.GATE, None, ("owner",)),
        (Code.WINDOW_NOT_BEGUN, START, ()),
        (Code.CLOSED, START - HOUR, ()),
    ]
    assert judge_clearance(facts(freezes=(HARD,))).obstacles[0].opens == HARD.ends


def test_each_obstacle_can_be_tried_out() -> None:
    assert tuple(Code) == CLEARANCE_CODES
    document = example_document()
    document["services"][0]["policy"]["observe"] = ["freeze", "window_not_begun"]
    catalog = Catalog.model_validate(document)
    tried = facts(catalog=catalog, service=catalog.by_key["PAY"], now=START - HOUR, freezes=(HARD,))
    found = judge_clearance(tried)
    assert (found.obstacles, found.next_allowed) == ((), START - HOUR)
    assert [one.code for one in found.observed] == [Code.WINDOW_NOT_BEGUN, Code.FREEZE]


def test_a_freeze_alone_has_no_weight_of_its_own() -> None:
    assert set(WEIGHTS) == set(Code)
    assert [code for code, weight in WEIGHTS.items() if weight is None] == [Code.FREEZE]
    weights = {one.key: one.weight for one in judge_clearance(facts(Asked.GO, freezes=(HARD, SOFT))).obstacles}
    assert weights == {"Sale": Weight.HARD, SOFT.key: Weight.SOFT}


def test_the_table_in_the_docs_is_made_from_the_rules() -> None:
    page = (Path(__file__).parents[3] / "docs" / "clearance.md").read_text()
    assert obstacle_table() in page, "paste what models.releases.clearance.table.obstacle_table() gives"


@pytest.mark.parametrize("code", Code)
def test_what_the_table_says_of_emergencies_and_of_when_it_is_asked_holds(code: Code) -> None:
    """Each obstacle is found by a case above, is asked at these acts only, and an emergency passes what it says."""
    found = {
        (given.asked, given.emergency)
        for _, given, _ in CASES
        if code in {one.code for one in (*judge_clearance(given).obstacles, *judge_clearance(given).passed)}
    }
    assert {asked for asked, _ in found} <= set(RULES[code][1])
    assert found
    for _, given, _ in CASES:
        here = judge_clearance(replace(given, emergency=True, now=min(given.now, END)))
        assert not any(one.code is code for one in here.obstacles) or code not in ABOUT_TIME


def test_what_an_override_opens_is_named() -> None:
    early = facts(now=START - HOUR, opened=opened(("window_not_begun", "")))
    assert [one.code for one in judge_clearance(early).passed] == [Code.WINDOW_NOT_BEGUN]
    assert [one.code for one in judge_clearance(facts(emergency=True, freezes=(HARD,))).passed] == [Code.FREEZE]
