"""What a pipeline deploys against what was approved, and how long an answer holds: rules as tables."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.catalog.document import Catalog
from models.catalog.freezes import FreezeInForce
from models.lifecycle.lifecycle import State
from models.lifecycle.obstacle_codes import Code
from models.pipelines.binding import ApprovedContent, Bound, Deployed, bind, same_version
from models.pipelines.decision import PipelineDecision, decide, opened_only_by
from models.pipelines.holds import answer_holds_until
from models.pipelines.question import Tool
from models.pipelines.telling import is_told
from models.pipelines.which_release import ReleaseInTurn, choose_release
from models.releases.clearance.facts import ClearanceFacts
from models.releases.clearance.obstacles import Asked, Obstacle
from models.releases.policy.rules.findings import Weight
from tests.conftest import example_document

ONE, OTHER = "a" * 64, "b" * 64

PACKAGE = ApprovedContent({"pay-api": "9.2.0", "pay-db": ""})
BUILT = ApprovedContent({"pay-api": "9.2.0"}, revision="5d1c0fe9", artefact=f"registry/pay-api@sha256:{ONE}")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("9.2.0", "9.2.0", True),
        ("9.2", "9.2.0", True),
        ("v9.2.0", "9.2.0", True),
        ("V9.2.0-RC.1", "9.2.0-rc.1", True),
        ("9.2.0", "9.2.1", False),
        ("9.2.0", "9.2.0-rc.1", False),
        ("9.2.0+1", "9.2.0+2", False),
        ("9.2.0+1", "9.2.0", False),
        ("Jessie", "jessie", True),
        ("Jessie", "Stretch", False),
        ("very", "ery", False),
    ],
)
def test_versions_are_compared(one: str, other: str, same: bool) -> None:
    assert same_version(one, other) is same_version(other, one) is same


@pytest.mark.parametrize(
    ("approved", "deployed", "bound", "says"),
    [
        (PACKAGE, Deployed("pay-api", "9.2.0"), Bound.VERSION, ""),
        (PACKAGE, Deployed("", "9.2.0"), Bound.VERSION, ""),
        (PACKAGE, Deployed("pay-api", "9.3.0"), None, "PAY-1 was approved with pay-api 9.2.0, this is 9.3.0."),
        (PACKAGE, Deployed("", "9.3.0"), None, "PAY-1 was approved with pay-api 9.2.0, this is 9.3.0."),
        (PACKAGE, Deployed("shop", "9.2.0"), None, "shop isn't in PAY-1: it brings pay-api 9.2.0 or pay-db."),
        (PACKAGE, Deployed("pay-api"), None, "PAY-1 was approved with pay-api 9.2.0. Say what is deployed."),
        (PACKAGE, Deployed("pay-db", "16"), None, "PAY-1 was approved with pay-api 9.2.0. Say what is deployed."),
        (PACKAGE, Deployed(commit="5d1c0fe"), None, "PAY-1 was approved with pay-api 9.2.0. Say what is deployed."),
        (BUILT, Deployed(digest=f"sha256:{ONE}"), Bound.DIGEST, ""),
        (BUILT, Deployed(digest=ONE.upper()), Bound.DIGEST, ""),
        (BUILT, Deployed(digest=f"sha256:{OTHER}"), None, "has the digest aaaaaaaaaaaa…, this is bbbbbbbbbbbb…."),
        (BUILT, Deployed(digest="latest"), None, "has the digest aaaaaaaaaaaa…, this is latest."),
        (BUILT, Deployed(digest=f"{ONE} {OTHER}"), None, "has the digest"),
        (BUILT, Deployed(commit="5d1c0fe9aa11"), Bound.VERSION, ""),
        (BUILT, Deployed(commit="9f2c1a4"), None, "PAY-1 was built from commit 5d1c0fe9, this is 9f2c1a4."),
        (BUILT, Deployed("pay-api", "9.2.0", f"sha256:{ONE}", "5d1c0fe9"), Bound.DIGEST, ""),
        (BUILT, Deployed("pay-api", "9.2.0", f"sha256:{OTHER}"), None, "this is bbbbbbbbbbbb…."),
        (BUILT, Deployed("pay-api", "9.3.0", f"sha256:{ONE}"), None, "this is 9.3.0."),
        (BUILT, Deployed(), None, "pay-api 9.2.0, a build of commit 5d1c0fe9 and the digest aaaaaaaaaaaa…. Say"),
        (ApprovedContent({}), Deployed("pay-api", "9.2.0"), Bound.NOTHING, ""),
        (ApprovedContent({}), Deployed(), Bound.NOTHING, ""),
        (ApprovedContent({"pay-db": ""}), Deployed("pay-db", "16"), Bound.NOTHING, ""),
        (ApprovedContent({}, "main", "https://ci/812"), Deployed(commit="5d1c0fe"), Bound.NOTHING, ""),
    ],
)
def test_whatever_both_sides_name_has_to_be_the_same(
    approved: ApprovedContent, deployed: Deployed, bound: Bound | None, says: str
) -> None:
    found = bind("PAY-1", approved, deployed)
    assert (found.difference or found.missing) == "" if bound else says in (found.difference or found.missing)
    assert found.bound_to == (bound or Bound.NOTHING)


NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def release(number: int, state: State, hours: float, *, brings: str = "", **more: Any) -> ReleaseInTurn:
    start = NOW + timedelta(hours=hours)
    versions = {"pay-api": brings} if brings else {}
    return ReleaseInTurn(number, state, start, start + timedelta(hours=2), versions=versions, **more)


WINDOW_NOW = release(1, State.READY, -1)
NEXT = release(2, State.APPROVED, 3)
LATER = release(3, State.READY, 30)
MISSED = release(4, State.READY, -5)
REQUESTED = release(5, State.REQUESTED, 1)
SENT_BACK = release(6, State.CHANGES_REQUESTED, 1)
DEPLOYING = release(7, State.DEPLOYING, -9)
EMERGENCY = release(8, State.APPROVED, -8, goes_now=True)


@pytest.mark.parametrize(
    ("among", "chosen"),
    [
        ([SENT_BACK, REQUESTED, MISSED, LATER, NEXT, WINDOW_NOW, DEPLOYING], DEPLOYING),
        ([SENT_BACK, REQUESTED, MISSED, LATER, NEXT, WINDOW_NOW], WINDOW_NOW),
        ([WINDOW_NOW, EMERGENCY], EMERGENCY),
        ([SENT_BACK, REQUESTED, MISSED, LATER, NEXT], NEXT),
        ([SENT_BACK, REQUESTED, MISSED], MISSED),
        ([SENT_BACK, REQUESTED], REQUESTED),
        ([SENT_BACK], SENT_BACK),
        ([], None),
    ],
)
def test_without_a_name_it_is_the_release_nearest_its_turn(
    among: list[ReleaseInTurn], chosen: ReleaseInTurn | None
) -> None:
    assert choose_release(among, Deployed(), NOW) == chosen
    assert choose_release(among[::-1], Deployed(), NOW) == chosen


def test_the_release_that_brings_it_comes_before_others() -> None:
    brings = replace(LATER, versions={"pay-api": "9.3.0"})
    assert choose_release([WINDOW_NOW, brings], Deployed("pay-api", "v9.3.0"), NOW) == brings
    assert choose_release([WINDOW_NOW, brings], Deployed("", "9.3"), NOW) == brings
    assert choose_release([WINDOW_NOW, brings], Deployed("pay-db", "9.3.0"), NOW) == WINDOW_NOW
    built = replace(LATER, artefact=f"sha256:{ONE}")
    assert choose_release([WINDOW_NOW, built], Deployed(digest=f"sha256:{ONE}"), NOW) == built


@pytest.mark.parametrize(
    ("state", "codes", "decision"),
    [
        (State.READY, [], PipelineDecision.ALLOWED),
        (State.READY, [Code.FREEZE], PipelineDecision.AWAITING),
        (State.READY, [Code.WINDOW_NOT_BEGUN, Code.OTHER_DEPLOYMENT], PipelineDecision.AWAITING),
        (State.APPROVED, [Code.GATE], PipelineDecision.AWAITING),
        (State.REQUESTED, [Code.GATE, Code.APPROVALS], PipelineDecision.AWAITING),
        (State.READY, [Code.VERSION], PipelineDecision.PREVENTED),
        (State.READY, [Code.FREEZE, Code.VERSION], PipelineDecision.PREVENTED),
        (State.READY, [Code.WINDOW_OVER], PipelineDecision.PREVENTED),
        (State.CHANGES_REQUESTED, [Code.GATE], PipelineDecision.PREVENTED),
        (State.CANCELLED, [Code.GATE], PipelineDecision.PREVENTED),
        (State.DEPLOYED, [Code.GATE], PipelineDecision.PREVENTED),
    ],
)
def test_time_or_a_person_opens_it_or_the_release_has_to_change(
    state: State, codes: list[Code], decision: PipelineDecision
) -> None:
    assert decide(state, [Obstacle(code, Weight.HARD, "") for code in codes]) is decision


FREEZE, CLOSED = ("freeze", "x"), ("closed", "")


@pytest.mark.parametrize(
    ("person", "passed", "overrides", "own"),
    [
        ("U1", [FREEZE], [("U1", frozenset([FREEZE]))], True),
        ("U1", [FREEZE], [("U1", frozenset([FREEZE])), ("U2", frozenset([FREEZE]))], False),
        ("U1", [CLOSED], [("U1", frozenset([FREEZE]))], False),
        ("U1", [FREEZE, CLOSED], [("U1", frozenset([CLOSED])), ("U2", frozenset([FREEZE]))], True),
        ("U2", [FREEZE], [("U1", frozenset([FREEZE]))], False),
    ],
)
def test_nobody_deploys_what_needs_their_own_override(
    person: str, passed: list[Any], overrides: list[Any], own: bool
) -> None:
    assert opened_only_by(person, passed, overrides) is own


CATALOG = Catalog.model_validate(example_document())


def facts(**changes: Any) -> ClearanceFacts:
    values: dict[str, Any] = {
        "catalog": CATALOG,
        "service": CATALOG.by_key["PAY"],
        "asked": Asked.START,
        "now": NOW,
        "start": NOW,
        "end": NOW + timedelta(hours=2),
    }
    return ClearanceFacts(**(values | changes))


def frozen(minutes: float, kind: str = "soft") -> FreezeInForce:
    begins = NOW + timedelta(minutes=minutes)
    return FreezeInForce("Sale", kind, begins, begins + timedelta(days=1), "Sale")


@pytest.mark.parametrize(
    ("changes", "overrides", "minutes"),
    [
        ({}, [], 5),
        ({"end": NOW + timedelta(minutes=2)}, [], 2),
        ({"end": NOW + timedelta(minutes=2), "emergency": True}, [], 5),
        ({"freezes": (frozen(3),)}, [], 3),
        ({"freezes": (frozen(3),), "waived_freezes": frozenset(["Sale"])}, [], 5),
        ({"freezes": (frozen(3, "hard"),), "waived_freezes": frozenset(["Sale"])}, [], 3),
        ({"freezes": (frozen(-3),)}, [], 5),
        ({}, [NOW + timedelta(minutes=1)], 1),
        ({"now": datetime(2026, 11, 24, 14, 58, tzinfo=UTC), "end": NOW + timedelta(hours=9)}, [], 2),
        ({"end": NOW - timedelta(hours=1)}, [NOW + timedelta(minutes=4)], 4),
    ],
)
def test_an_answer_holds_until_what_is_known_comes_in_the_way(
    changes: dict[str, Any], overrides: list[datetime], minutes: float
) -> None:
    given = facts(**changes)
    assert answer_holds_until(given, overrides) == given.now + timedelta(minutes=minutes)


FIRST, CHANGED, SAME = (True, False), (False, True), (False, False)


@pytest.mark.parametrize(
    ("tool", "decision", "when", "told", "since", "is_called"),
    [
        (Tool.GENERIC, "allowed", FIRST, 0, None, False),
        (Tool.GENERIC, "awaiting", FIRST, 0, None, False),
        (Tool.GENERIC, "allowed", CHANGED, 0, None, True),
        (Tool.GENERIC, "awaiting", CHANGED, 0, None, False),
        (Tool.AZURE, "allowed", FIRST, 0, None, True),
        (Tool.AZURE, "awaiting", FIRST, 0, None, False),
        (Tool.AZURE, "prevented", CHANGED, 0, None, True),
        (Tool.GITHUB, "awaiting", FIRST, 0, None, True),
        (Tool.GITHUB, "awaiting", SAME, 1, 60, False),
        (Tool.GITHUB, "awaiting", CHANGED, 7, 1, True),
        (Tool.GITHUB, "awaiting", CHANGED, 8, 1, False),
        (Tool.GITHUB, "allowed", CHANGED, 8, 1, True),
        (Tool.TERRAFORM, "awaiting", FIRST, 0, None, True),
        (Tool.TERRAFORM, "awaiting", SAME, 1, 4, False),
        (Tool.TERRAFORM, "awaiting", SAME, 1, 5, True),
        (Tool.TERRAFORM, "allowed", CHANGED, 3, 1, True),
    ],
)
def test_when_a_tool_is_called_back(
    tool: Tool, decision: str, when: tuple[bool, bool], told: int, since: int | None, is_called: bool
) -> None:
    first, changed = when
    ago = None if since is None else timedelta(minutes=since)
    assert is_told(tool, decision, first=first, changed=changed, told=told, since_told=ago) is is_called
