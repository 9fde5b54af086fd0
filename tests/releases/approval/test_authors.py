"""Who can change a release without leaving too few people to approve it."""

import pytest

from models.catalog.document import LaterApprovalTerms
from models.releases.approval.rounds.authors import leaves_enough, needed_altogether
from models.releases.approval.rounds.rules import RoundRules

HOLDERS = {"manager": {"rita", "sam"}, "owner": {"olga"}, "tester": {"tom", "rita"}}


@pytest.mark.parametrize(
    ("needed", "requesters", "author", "enough"),
    [
        ({"manager": 1}, {"ann"}, "rita", True),
        ({"manager": 2}, {"ann"}, "rita", False),
        ({"manager": 2}, {"ann"}, "ben", True),
        ({"manager": 1}, {"ann", "sam"}, "rita", False),
        ({"manager": 1}, {"ann", "rita"}, "rita", True),
        ({"manager": 1, "owner": 1}, {"ann"}, "olga", False),
        # Rita holds two roles and fills one place.
        ({"manager": 1, "tester": 1}, {"ann"}, "rita", True),
        ({"manager": 2, "tester": 1}, {"ann"}, "tom", False),
        # There are too few already, so nobody makes it worse.
        ({"owner": 1}, {"olga"}, "rita", True),
        ({"owner": 2}, {"ann"}, "olga", True),
    ],
)
def test_whether_enough_people_remain(needed, requesters, author, enough):
    assert leaves_enough(needed, HOLDERS, requesters, author) is enough


def test_an_emergency_needs_different_people_first_and_later():
    later = LaterApprovalTerms(approvals={"owner": 1, "manager": 1}, within="2d")
    rules = RoundRules({"manager": 1}, later, {}, one_rejection_stops=True)
    assert needed_altogether(rules) == {"manager": 2, "owner": 1}
