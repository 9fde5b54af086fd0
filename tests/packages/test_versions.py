from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.packages.versions import in_range, parse_version

ORDERED = (
    "0.9", "1.0-dev", "1.0-alpha", "1.0-alpha.1", "1.0a2", "1.0-beta", "1.0-beta.2", "1.0-beta.11", "1.0-rc.1",
    "1.0-rc.2", "1.0-snapshot", "1.0", "1.0.post1", "1.0.1", "1.2", "1.10", "2",
)  # fmt: skip


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(ORDERED)))
def test_versions_have_the_order_of_semantic_versioning(lower, higher):
    before, after = parse_version(lower), parse_version(higher)
    assert before is not None
    assert after is not None
    assert before < after


@pytest.mark.parametrize(
    ("one", "other"),
    [("16", "16.0.0"), ("v9.1", "9.1"), ("1.0+build.7", "1.0"), ("1.0rc1", "1.0-RC.1"), (" 31 ", "31")],
)
def test_versions_that_are_written_differently_are_the_same(one, other):
    assert parse_version(one) == parse_version(other)


@pytest.mark.parametrize("text", ["", "Jessie", "Rev B", "1..2", "1.0 final", "-1", "\u0661\u0662"])
def test_what_has_no_order_is_none(text):
    assert parse_version(text) is None


@pytest.mark.parametrize(
    ("version", "range_", "expected"),
    [
        ("15.4", ">=14,<16", True),
        ("14", ">=14,<16", True),
        ("13.9", ">=14,<16", False),
        ("16", ">=14,<16", False),
        ("16.1", ">=14,<16", False),
        ("16.0-rc.1", ">=14,<16", False),
        ("16.0-rc.1", "<16.0-rc.2", True),
        ("15.9-rc.1", "<16", True),
        ("9.10", ">9.9", True),
        ("9.9", ">9.9", False),
        ("9.9.0", "==9.9", True),
        ("9.9.1", "!=9.9", True),
        ("9.9", "<=9.9", True),
        ("Jessie", "==Jessie", True),
        ("Jessie", "!=Bookworm", True),
        ("Jessie", ">=8", None),
        ("Jessie", ">=8,==9", False),
        ("9", "about 9", None),
    ],
)
def test_a_range_holds_when_every_part_of_it_does(version, range_, expected):
    assert in_range(version, range_) is expected


VERSIONS = st.from_regex(
    r"v?[0-9]{1,3}(\.[0-9]{1,3}){0,3}([-.]?(dev|alpha|b|rc|post|x)[0-9.]{0,3})?", fullmatch=True
)


@given(VERSIONS, VERSIONS)
def test_of_two_versions_one_is_lower_or_they_are_the_same(one, other):
    verdicts = [in_range(one, f"{operator}{other}") for operator in ("<", "==", ">")]
    before_final = in_range(one, f"<={other}") and verdicts == [False, False, False]
    assert verdicts.count(True) == 1 or before_final


@given(st.text(max_size=80), st.text(max_size=80))
def test_whatever_is_written_is_compared_or_not_comparable(version, range_):
    assert in_range(version, range_) in (True, False, None)
