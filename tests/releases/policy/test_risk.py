"""The risk of a request, as a table: what raises it to which level, and which factor decided."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog.document import ReleaseType
from models.lifecycle.overlaps import Planned
from models.packages.compatibility import PresentItem
from models.packages.tree import Node, NodeType
from models.releases.policy.judge import judge
from models.releases.policy.rules.facts import BusyPerson, SharedChanges, Surroundings
from models.releases.policy.rules.findings import Weight
from models.releases.policy.rules.risk import reckon_risk
from models.releases.policy.rules.service_record import ServiceRecord
from models.risk_levels import RISKS, is_above
from tests.conftest import MORNING
from tests.releases.policy.test_rules import HELD, asked

START, END = "2026-12-02T10:00", "2026-12-02T12:00"

CALM = Surroundings(
    holders=HELD, present={"pay-api": PresentItem("9.1.0"), "pay-runbook": PresentItem("31")}, planned=()
)


def item(key: str, version: str, kind: str = "software") -> Node:
    return Node(f"#{key}", NodeType.ITEM, key, kind=kind, version=version)


def items(count: int) -> tuple[Node, ...]:
    return tuple(item(f"pay-{number}", "1") for number in range(count))


def changes(count: int) -> tuple[str, ...]:
    return tuple(f"CHG{number:07d}" for number in range(count))


def beside(*identifiers: str) -> Surroundings:
    start = MORNING + timedelta(days=8)
    planned = tuple(Planned(number, name, "WEB", start, start) for number, name in enumerate(identifiers, 2))
    planned = tuple(Planned(one.id, one.identifier, "WEB", start, start + timedelta(hours=1)) for one in planned)
    return Surroundings(holders=HELD, planned=planned)


def went(**counts: int) -> Surroundings:
    return Surroundings(holders=HELD, record=ServiceRecord(**counts))


def rule(level: str, **when: object) -> dict:
    return {"risk": [{"when": when, "is": level}]}


OFFICE = {"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "17:00"}
NIGHT = {"days": ["wed"], "from": "12:00", "to": "24:00"}

CASES = [
    ("nothing in particular", {"changes": changes(1)}, CALM, "low", "It brings 1 authorised change."),
    # rules of the catalog: all that one names has to hold
    ("its type", {"policy": rule("high", type="minor")}, CALM, "high", "Payments calls this high: type minor."),
    (
        "one of its types",
        {"policy": rule("medium", type=["major", "minor"])},
        CALM,
        "medium",
        "type major or minor",
    ),
    ("another type", {"policy": rule("high", type="major")}, CALM, "low", ""),
    ("its method", {"policy": rule("high", method="rolling")}, CALM, "high", "method rolling"),
    ("another method", {"policy": rule("high", method="blue-green")}, CALM, "low", ""),
    (
        "an item it brings",
        {"policy": rule("high", items=["pay-db", "pay-api"]), "items": (item("pay-api", "9.1.1"),)},
        CALM,
        "high",
        "brings pay-db or pay-api",
    ),
    ("an item it doesn't bring", {"policy": rule("high", items="pay-db")}, CALM, "low", ""),
    (
        "as many changes",
        {"policy": rule("high", changes=3), "changes": changes(3)},
        CALM,
        "high",
        "3 changes or more",
    ),
    ("fewer changes", {"policy": rule("high", changes=3), "changes": changes(2)}, CALM, "low", ""),
    (
        "within the hours",
        {"policy": rule("high", hours=[OFFICE])},
        CALM,
        "high",
        "within Mon, Tue, Wed, Thu and Fri",
    ),
    ("over before the hours", {"policy": rule("high", hours=[NIGHT])}, CALM, "low", ""),
    (
        "both",
        {"policy": rule("high", type="minor", changes=2), "changes": changes(2)},
        CALM,
        "high",
        "type minor, 2",
    ),
    ("only one of two", {"policy": rule("high", type="minor", changes=2)}, CALM, "low", ""),
    (
        "the highest of several rules",
        {"policy": {"risk": [*rule("medium", type="minor")["risk"], *rule("high", method="rolling")["risk"]]}},
        CALM,
        "high",
        "method rolling",
    ),
    # size and kind of the package
    ("five changes", {"changes": changes(5)}, CALM, "low", ""),
    ("six changes", {"changes": changes(6)}, CALM, "medium", "It brings 6 authorised changes."),
    ("twenty changes", {"changes": changes(20)}, CALM, "medium", ""),
    ("more than twenty changes", {"changes": changes(21)}, CALM, "high", "It brings 21 authorised changes."),
    ("five items", {"items": items(5)}, CALM, "low", ""),
    ("six items", {"items": items(6)}, CALM, "medium", "It brings 6 configuration items."),
    ("more than twenty items", {"items": items(21)}, CALM, "high", "It brings 21 configuration items."),
    ("hardware", {"items": (item("pay-hsm", "2", "hardware"),)}, CALM, "medium", "pay-hsm is hardware"),
    (
        "a new major version",
        {"items": (item("pay-api", "10.0"),)},
        CALM,
        "medium",
        "A new major version: pay-api from 9.1.0 to 10.0.",
    ),
    ("a new minor version", {"items": (item("pay-api", "9.2.0"),)}, CALM, "low", ""),
    ("an older major version", {"items": (item("pay-api", "8.4.1"),)}, CALM, "low", ""),
    ("a document's next number", {"items": (item("pay-runbook", "32", "documentation"),)}, CALM, "low", ""),
    ("an item that isn't there yet", {"items": (item("pay-new", "10.0"),)}, CALM, "low", ""),
    # the service's record
    ("no record", {}, went(successful=2), "low", "Payments has no record: fewer than 3 deployments"),
    ("both of two backed out", {}, went(backed_out=2), "low", "no record"),
    (
        "none failed",
        {},
        went(successful=9),
        "low",
        "Of 9 deployments of Payments in the last 180 days none failed.",
    ),
    ("one of eight backed out", {}, went(successful=7, backed_out=1), "low", "1 was backed out"),
    ("one of seven backed out", {}, went(successful=6, backed_out=1), "medium", "1 was backed out"),
    ("three of eight backed out", {}, went(successful=5, backed_out=3), "medium", "3 were backed out"),
    ("three of seven backed out", {}, went(successful=4, backed_out=3), "high", "3 were backed out"),
    ("one of twelve caused a P1", {}, went(successful=11, critical=1), "medium", "an incident of priority 1"),
    ("one of thirteen caused a P1", {}, went(successful=12, critical=1), "low", ""),
    ("one of seven caused a P2", {}, went(successful=6, major=1), "medium", "an incident of priority 2"),
    ("one of six caused a lesser incident", {}, went(successful=5, minor=1), "low", "of a lower priority"),
    ("two of six caused a lesser incident", {}, went(successful=4, minor=2), "medium", "of a lower priority"),
    # collisions
    ("one other release", {}, beside("WEB 9"), "medium", "WEB 9 is planned for that time, too."),
    ("two other releases", {}, beside("WEB 9", "WEB 10"), "high", "WEB 9 and WEB 10 are planned for that time"),
    # lead time
    ("on time", {}, CALM, "low", ""),
    ("too late where notice is on trial", {"requested_at": MORNING + timedelta(days=6)}, CALM, "medium", "3 days"),
    (
        "an emergency at once",
        {"type": "emergency", "requested_at": MORNING + timedelta(days=7)},
        CALM,
        "medium",
        "",
    ),
    ("an emergency that can wait", {"type": "emergency"}, CALM, "low", ""),
]


@pytest.mark.parametrize(
    ("given_", "around", "level", "says"), [one[1:] for one in CASES], ids=[one[0] for one in CASES]
)
def test_the_risk_is_the_highest_of_its_factors_and_says_which_decided(given_, around, level, says):
    risk = reckon_risk(asked(START, END, **given_), around)
    assert (risk.level, risk.factors[0].level) == (level, level)
    assert [one for one in risk.factors if one.level == level and says in one.sentence]


def test_while_nothing_is_chosen_nothing_raises_it():
    assert reckon_risk(asked(START, type="", method="", start=None), Surroundings()).level == "low"


@given(st.lists(st.sampled_from(["changes", "items", "record", "collision"]), unique=True))
def test_another_factor_never_lowers_it(raised):
    given_ = {
        "changes": changes(6 if "changes" in raised else 1),
        "items": items(21 if "items" in raised else 1),
    }
    around = Surroundings(
        holders=HELD,
        record=ServiceRecord(successful=6, backed_out=1) if "record" in raised else ServiceRecord(),
        planned=beside("WEB 9").planned if "collision" in raised else (),
    )
    risk = reckon_risk(asked(START, END, **given_), around)
    assert risk.level == ("high" if "items" in raised else "medium" if raised else "low")
    assert list(risk.sentences) == sorted(risk.sentences, key=lambda one: -RISKS.index(one.split(":")[0]))


@pytest.mark.parametrize(
    ("risk", "needed"),
    [
        ("", {"owner": 1}),
        ("low", {"owner": 1}),
        ("medium", {"owner": 1, "test_manager": 1}),
        ("high", {"owner": 2, "test_manager": 1}),
    ],
)
def test_from_a_risk_on_a_type_needs_more_approvals(risk, needed):
    more = {"medium": {"test_manager": 1}, "high": {"owner": 2}}
    kind = ReleaseType.model_validate({"approvals": {"owner": 1}, "approvals_from": more})
    assert kind.approvals_at(risk) == needed


def test_only_known_levels_compare():
    assert is_above("high", "low")
    assert not is_above("low", "low")
    assert not is_above("high", "")
    assert not is_above("", "low")


def test_the_people_rule_asks_for_what_the_risk_asks_for():
    policy = rule("high", type="minor")
    facts = asked(START, END, policy=policy)
    facts.service.policy.types["minor"].__dict__["approvals_from"] = {"high": {"owner": 2}}
    (finding,) = [one for one in judge(facts, CALM) if one.weight == Weight.SOFT]
    assert (finding.rule, finding.key) == ("people", "quorum")
    assert "2 owner" in finding.sentence


SHARED = Surroundings(holders=HELD, shared=(SharedChanges("WEB 9", "WEB", changes(5)),))
BUSY = Surroundings(holders=HELD, busy=(BusyPerson("U0DANA", "Dana", "WEB 9", "WEB"),))


@pytest.mark.parametrize(
    ("around", "name", "key", "says"),
    [
        (SHARED, "same_change", "WEB 9", "and 2 more are in another open release, too: WEB 9 of Web shop."),
        (
            BUSY,
            "same_person",
            "U0DANA WEB 9",
            "Dana is needed for another deployment at that time: WEB 9 of Web shop.",
        ),
    ],
)
@pytest.mark.parametrize(
    ("policy", "weight", "would"),
    [
        ({}, Weight.INFO, None),
        ({"soft": ["same_change", "same_person"]}, Weight.SOFT, None),
        (
            {"soft": ["same_change", "same_person"], "observe": ["same_change", "same_person"]},
            Weight.INFO,
            Weight.SOFT,
        ),
    ],
)
def test_what_two_deployments_share_is_for_information_unless_the_service_wants_it_waived(
    around, name, key, says, policy, weight, would
):
    found = [one for one in judge(asked(START, END, policy=policy), around) if one.rule == name]
    assert [(one.weight, one.would, one.key) for one in found] == [(weight, would, key)]
    assert says in found[0].sentence
