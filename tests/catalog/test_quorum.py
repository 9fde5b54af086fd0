"""Who counts towards a quorum."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog.quorum import Approval, reachable, tally

RITA = Approval("rita", ("manager",))

SAM = Approval("sam", ("manager",))

OLGA = Approval("olga", ("owner",))

BOTH = Approval("both", ("manager", "owner"))


@pytest.mark.parametrize(
    ("required", "approvals", "missing"),
    [
        ({"manager": 1, "owner": 1}, [], {"manager": 1, "owner": 1}),
        ({"manager": 1, "owner": 1}, [RITA], {"manager": 0, "owner": 1}),
        ({"manager": 1, "owner": 1}, [RITA, OLGA], {"manager": 0, "owner": 0}),
        ({"manager": 1, "owner": 1}, [BOTH], {"manager": 0, "owner": 1}),
        ({"manager": 1, "owner": 1}, [BOTH, BOTH], {"manager": 0, "owner": 1}),
        ({"manager": 1, "owner": 1}, [BOTH, RITA], {"manager": 0, "owner": 0}),
        ({"manager": 1, "owner": 1}, [RITA, BOTH], {"manager": 0, "owner": 0}),
        ({"manager": 1, "owner": 1}, [RITA, SAM], {"manager": 0, "owner": 1}),
        ({"manager": 2}, [RITA, RITA], {"manager": 1}),
        ({"manager": 2}, [RITA, SAM], {"manager": 0}),
        ({"manager": 2}, [RITA, Approval("requester", ("manager",))], {"manager": 1}),
    ],
)
def test_a_person_fills_one_place_and_the_requester_none(required, approvals, missing):
    assert dict(tally(required, approvals, {"requester"}).missing) == missing


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(1, 3), min_size=1),
    st.lists(st.tuples(st.sampled_from("uvwxyz"), st.sets(st.sampled_from("abc"))), max_size=12),
)
def test_nobody_is_counted_twice_and_no_order_counts_more(required, given_):
    first = {}
    for person, roles in given_:
        first.setdefault(person, roles)
    approvals = [Approval(person, tuple(sorted(roles))) for person, roles in first.items()]
    counted = tally(required, approvals, {"requester"})
    people = [person for group in counted.counted.values() for person in group]
    assert len(people) == len(set(people))
    backwards = tally(required, approvals[::-1], {"requester"})
    assert sum(backwards.missing.values()) == sum(counted.missing.values())
    assert all(
        person in first and role in first[person] for role, group in counted.counted.items() for person in group
    )


@pytest.mark.parametrize(
    ("against", "expected"), [(set(), True), ({"rita"}, True), ({"rita", "sam"}, False), ({"olga"}, False)]
)
def test_a_quorum_is_out_of_reach_when_too_few_are_left(against, expected):
    holders = {"manager": {"rita", "sam"}, "owner": {"olga"}}
    assert reachable({"manager": 1, "owner": 1}, holders, {"ann"}, against) is expected
