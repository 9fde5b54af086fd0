"""Gates as tables of facts, open test failures, and the diagram of the lifecycle."""

from pathlib import Path

import pytest

from models.lifecycle.lifecycle import LIFECYCLE, Gate, State, Verb, diagram, transition, verbs_from
from models.releases.activities.criteria.criterion_rules import outcome_of_evidence, too_early
from models.releases.activities.gates import GateFacts, missing_at
from models.releases.activities.next_step import next_verb
from models.releases.activities.test_verdict import ComponentResult, open_failures

ENTRY = {"entry": ("Authorised",)}

EXIT = {"exit": ("No defect", "Documented")}

SUPPORT = {"early_life_support": ("No incident",)}


FAILED = ("api failed: test it again",)


@pytest.mark.parametrize(
    ("gate", "state", "failures", "document", "why"),
    [
        ("entry", "requested", (), False, ""),
        ("exit", "requested", (), False, "test hasn't begun"),
        ("exit", "building", (), False, "test hasn't begun"),
        ("exit", "expired", (), False, "test hasn't begun"),
        ("exit", "requested", (), True, ""),
        ("exit", "testing", (), False, ""),
        ("exit", "testing", FAILED, False, "api failed"),
        ("exit", "testing", FAILED, True, ""),
        ("exit", "deploying", (), False, ""),
        ("entry", "testing", FAILED, False, ""),
        ("early_life_support", "ready", (), False, "isn't deployed"),
        ("early_life_support", "deploying", (), False, "isn't deployed"),
        ("early_life_support", "deployed", (), False, ""),
        ("early_life_support", "early_life_support", FAILED, False, ""),
    ],
)
def test_a_criterion_is_not_met_before_its_time(gate, state, failures, document, why):
    said = too_early(gate, state, failures, document=document)
    assert (why in said) if why else said == ""


@pytest.mark.parametrize(
    ("person", "others", "outcome"),
    [("U0TOM", True, "met"), ("U0ANN", True, "unconfirmed"), ("U0ANN", False, "met")],
)
def test_evidence_of_a_requester_waits_where_somebody_else_can_confirm_it(person, others, outcome):
    assert outcome_of_evidence(person, {"U0ANN"}, others) == outcome


@pytest.mark.parametrize(
    ("gate", "facts", "lacks"),
    [
        (Gate.TEST_ENTRY, {}, ["no build is recorded"]),
        (Gate.TEST_ENTRY, {"build": True}, []),
        (Gate.TEST_ENTRY, {"build": True, "open_criteria": ENTRY}, ["open entry criterion \u201cAuthorised\u201d"]),
        (Gate.TEST_ENTRY, {"build": True, "open_criteria": EXIT}, []),
        (
            Gate.TEST_ENTRY,
            {"build": True, "unconfirmed": ENTRY},
            ["entry criterion \u201cAuthorised\u201d met, waiting for confirmation"],
        ),
        (Gate.TEST_EXIT, {}, ["no test result"]),
        (Gate.TEST_EXIT, {"tested": True}, []),
        (Gate.TEST_EXIT, {"tested": True, "failures": ("api failed",)}, ["api failed"]),
        (
            Gate.TEST_EXIT,
            {"tested": True, "open_criteria": EXIT},
            ["exit criteria \u201cNo defect\u201d; \u201cDocum"],
        ),
        (Gate.DECIDED_ONCE, {}, []),
        (Gate.DECIDED_ONCE, {"go": True}, ["given already"]),
        (Gate.GO_GIVEN, {}, ["nobody has said go"]),
        (Gate.GO_GIVEN, {"go": True}, []),
        (Gate.EMERGENCY, {}, ["only an emergency"]),
        (Gate.EMERGENCY, {"emergency": True}, []),
        (Gate.VERIFIED_ONCE, {"verified": True}, ["verified already"]),
        (Gate.VERIFIED, {}, ["not verified"]),
        (Gate.VERIFIED, {"verified": True}, []),
        (
            Gate.SUPPORT_EXIT,
            {"open_criteria": SUPPORT},
            ["open early life support criterion \u201cNo incident\u201d"],
        ),
        (Gate.SUPPORT_EXIT, {}, []),
        (Gate.SUPPORT_EXIT, {"offered": True}, ["offered already"]),
        (Gate.OFFERED, {}, ["not offered"]),
        (Gate.OFFERED, {"offered": True}, []),
        (Gate.REVIEWED_ONCE, {"reviewed": True}, ["reviewed already"]),
        (Gate.REVIEWED, {}, ["review is not written"]),
        (Gate.REVIEWED, {"reviewed": True}, []),
        (None, {}, []),
    ],
)
def test_a_gate_says_what_it_lacks(gate, facts, lacks):
    found = missing_at(gate, GateFacts(**facts))
    assert len(found) == len(lacks)
    assert all(lack in one.what for one, lack in zip(found, lacks, strict=True)), found


def test_who_settles_a_criterion_depends_on_its_gate():
    (entry,) = missing_at(Gate.TEST_ENTRY, GateFacts(build=True, open_criteria=ENTRY))
    (support,) = missing_at(Gate.SUPPORT_EXIT, GateFacts(open_criteria=SUPPORT))
    assert entry.roles == ("test_manager", "release_manager", "owner")
    assert support.roles == ("els_lead", "test_manager", "release_manager", "owner")


@pytest.mark.parametrize(
    ("result", "lacks"),
    [
        (ComponentResult("api", True), ()),
        (ComponentResult("api", False), ("api failed: test it again or record a known error with a workaround",)),
        (ComponentResult("api", False, "KE-1", workaround=True), ()),
        (ComponentResult("api", False, "KE-1"), ("api failed and KE-1 has no workaround",)),
        (ComponentResult("api", False, "KE-1", resolved=True, workaround=True),
         ("api failed and KE-1 is resolved: test it again",)),
    ],
)  # fmt: skip
def test_a_failure_needs_a_later_pass_or_an_unresolved_known_error_with_a_workaround(result, lacks):
    assert open_failures([ComponentResult("db", True), result]) == lacks


@pytest.mark.parametrize(
    ("state", "facts", "verb"),
    [
        ("requested", {}, None),
        ("approved", {}, Verb.START_BUILD),
        ("approved", {"emergency": True}, Verb.START_DEPLOYMENT),
        ("building", {}, Verb.RECORD_BUILD),
        ("building", {"build": True}, Verb.START_TEST),
        ("testing", {}, Verb.RECORD_TEST_RESULT),
        ("testing", {"tested": True, "failures": ("x",)}, Verb.RECORD_TEST_RESULT),
        ("testing", {"tested": True}, Verb.ACCEPT_TESTS),
        ("ready", {}, Verb.GO),
        ("ready", {"go": True}, Verb.START_DEPLOYMENT),
        ("deploying", {}, Verb.MARK_DEPLOYED),
        ("deployed", {}, Verb.VERIFY),
        ("deployed", {"verified": True}, Verb.START_EARLY_LIFE_SUPPORT),
        ("early_life_support", {}, Verb.HAND_OVER),
        ("early_life_support", {"offered": True}, Verb.ACCEPT_HANDOVER),
        ("handed_over", {}, Verb.REVIEW),
        ("handed_over", {"reviewed": True}, None),
        ("retired", {}, None),
    ],
)
def test_the_next_verb_follows_from_the_facts_and_the_lifecycle_has_a_row_for_it(state, facts, verb):
    assert next_verb(state, GateFacts(**facts)) == verb
    assert verb is None or transition(verb, state) is not None


def test_every_state_is_reached_and_only_a_stop_leads_nowhere():
    reached = {row.target for row in LIFECYCLE} | {State.REQUESTED}
    assert reached - {None} == set(State)
    assert {state for state in State if not verbs_from(state)} == {"rejected", "cancelled", "backed_out", "retired"}


def test_a_release_is_cancelled_from_every_state_before_deploying_and_from_no_other():
    allowed = {state for state in State if transition(Verb.CANCEL, state)}
    assert allowed == {"requested", "changes_requested", "expired", "approved", "building", "testing", "ready"}


def test_the_drawing_in_the_docs_is_the_lifecycle():
    docs = (Path(__file__).parents[3] / "docs/architecture.md").read_text()
    assert f"```mermaid\n{diagram()}\n```" in docs, "paste what models.lifecycle.lifecycle.diagram() gives"
