"""How the rules of a round compare with those of today, as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog.document import LaterApprovalTerms, Material
from models.releases.approval.rounds.changes import compare_rules, tighten
from models.releases.approval.rounds.rules import ALWAYS, NEVER, UNLESS_SPELLING, RoundRules


def rules(required, later=None, within="2d", stops=True, **material) -> RoundRules:
    terms = LaterApprovalTerms(approvals=later, within=within) if later else None
    return RoundRules(required, terms, Material(**material).as_written(), stops)


MANAGER = {"release_manager": 1}
BOTH = {"release_manager": 1, "owner": 1}

COMPARED = [
    (rules(BOTH), rules(BOTH), [], []),
    (rules(BOTH), rules({"owner": 1, "release_manager": 1}), [], []),
    (rules(BOTH), rules(MANAGER), ["approvals by the owner: none, 1 before"], []),
    (rules(MANAGER), rules(BOTH), [], ["approvals by the owner: 1, none before"]),
    (rules({"owner": 3}), rules({"owner": 1}), ["approvals by the owner: 1, 3 before"], []),
    (
        rules(MANAGER),
        rules({"owner": 2}),
        ["approvals by the release manager: none, 1 before"],
        ["approvals by the owner: 2, none before"],
    ),
    (rules(MANAGER, {"owner": 1}), rules(MANAGER, {"owner": 1}), [], []),
    (
        rules(MANAGER, {"owner": 1, "test_manager": 1}),
        rules(MANAGER, {"owner": 2}),
        ["later approvals by the test manager: none, 1 before"],
        ["later approvals by the owner: 2, 1 before"],
    ),
    (
        rules(MANAGER, {"owner": 1}),
        rules(MANAGER, {"owner": 1}, "5d"),
        ["later approvals within 5 days, 2 days before"],
        [],
    ),
    (
        rules(MANAGER, {"owner": 1}),
        rules(MANAGER, {"owner": 1}, "4h"),
        [],
        ["later approvals within 4 hours, 2 days before"],
    ),
    (
        rules(BOTH),
        rules(MANAGER, {"owner": 1}),
        ["approvals by the owner: none, 1 before", "may be deployed before its later approvals"],
        [],
    ),
    (rules(MANAGER, {"owner": 1}), rules(BOTH), [], ["approvals by the owner: 1, none before"]),
    (
        rules(MANAGER, {"owner": 1}),
        rules(MANAGER),
        ["later approvals by the owner: none, 1 before"],
        [],
    ),
    (rules(MANAGER), rules(MANAGER, stops=False), ["one rejection no longer stops it"], []),
    (rules(MANAGER, stops=False), rules(MANAGER), [], ["one rejection stops it"]),
    (
        rules(MANAGER),
        rules(MANAGER, title=NEVER, description=ALWAYS, back_out_plan=UNLESS_SPELLING),
        [
            "changes of the title that ask for approval again: none, all but spelling before",
            "changes of the back-out plan that ask for approval again: all but spelling, all before",
        ],
        ["changes of the description that ask for approval again: all, all but spelling before"],
    ),
]


@pytest.mark.parametrize(("held", "now", "loosened", "tightened"), COMPARED)
def test_what_became_looser_and_what_stricter(held, now, loosened, tightened):
    found = compare_rules(held, now)
    assert (list(found.loosened), list(found.tightened)) == (loosened, tightened)


TIGHTENED = [
    (rules(BOTH), rules(MANAGER), rules(BOTH)),
    (rules(MANAGER), rules(BOTH), rules(BOTH)),
    (
        rules({"release_manager": 2, "owner": 1}),
        rules({"release_manager": 1, "test_manager": 1}),
        rules({"release_manager": 2, "owner": 1, "test_manager": 1}),
    ),
    (rules(BOTH), rules(MANAGER, {"owner": 1}), rules(BOTH)),
    (rules(MANAGER, {"owner": 1}), rules(BOTH), rules(BOTH)),
    (
        rules(MANAGER, {"owner": 1, "test_manager": 1}),
        rules(BOTH, {"test_manager": 1}),
        rules(BOTH, {"test_manager": 1}),
    ),
    (
        rules(BOTH, {"test_manager": 1}),
        rules(MANAGER, {"test_manager": 1, "owner": 1}),
        rules(BOTH, {"test_manager": 1}),
    ),
    (rules(MANAGER, {"owner": 1}), rules(MANAGER), rules(MANAGER, {"owner": 1})),
    (rules(MANAGER, {"owner": 2}), rules(MANAGER, {"owner": 1}, "1d"), rules(MANAGER, {"owner": 2}, "1d")),
    (rules(MANAGER, {"owner": 1}, "4h"), rules(MANAGER, {"owner": 1}, "1d"), rules(MANAGER, {"owner": 1}, "4h")),
    (rules(MANAGER, stops=False), rules(MANAGER), rules(MANAGER)),
    (
        rules(MANAGER, title=NEVER, description=ALWAYS),
        rules(MANAGER, title=UNLESS_SPELLING, description=NEVER),
        rules(MANAGER, title=UNLESS_SPELLING, description=ALWAYS),
    ),
]


@pytest.mark.parametrize(("held", "now", "expected"), TIGHTENED)
def test_an_undecided_round_takes_what_became_stricter_and_nothing_else(held, now, expected):
    assert tighten(held, now) == expected


_COUNTS = st.dictionaries(st.sampled_from(["owner", "release_manager", "test_manager"]), st.integers(1, 3))
_RULES = st.builds(
    rules,
    _COUNTS.filter(bool),
    _COUNTS,
    st.sampled_from(["4h", "2d", "1w"]),
    st.booleans(),
    title=st.sampled_from([ALWAYS, UNLESS_SPELLING, NEVER]),
)


@given(_RULES, _RULES)
def test_tightening_loosens_nothing_and_leaves_nothing_to_tighten(held, now):
    tightened = tighten(held, now)
    assert compare_rules(held, tightened).loosened == ()
    assert compare_rules(tightened, now).tightened == ()
    assert tighten(tightened, now) == tightened
