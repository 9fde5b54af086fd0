"""Usable numbering schemes, and pairs that never produce the same identifier."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.catalog.numbering import could_collide, fold_identifier, scheme_problem

USABLE = (
    "{service}-{year}.{sequence:03d}",
    "Release Package {sequence} v{version}",
    "{sequence}",
    "{service} {version} ({sequence:02d})",
    "{year}{sequence}",
)

UNUSABLE = {
    "PAY": "A scheme holds {sequence} once, or every release would have the same identifier.",
    "{sequence}.{sequence}": "A scheme holds {sequence} once, or every release would have the same identifier.",
    "{sequence}{version}": "Put a character between {sequence} and {version}",
    "{foo} {sequence}": "{foo} is not a placeholder.",
    "{sequence:3d}": "{sequence:3d} is not a placeholder.",
    "{sequence:x}": "{sequence:x} is not a placeholder.",
    "{version:03d} {sequence}": "{version:03d} is not a placeholder.",
    "{service.__class__} {sequence}": "{service.__class__} is not a placeholder.",
    "{service!r} {sequence}": "{service!r} is not a placeholder.",
    "{0} {sequence}": "{0} is not a placeholder.",
    "{sequence": "A brace stands alone here.",
    "{{year}} {sequence}": "Braces stand around placeholders only.",
    "A\n{sequence}": "An identifier is one line without control characters.",
    "x" * 60 + "{sequence}": "This is too long; 60 characters and 12 words are the most.",
    "a b c d e f g h i j k l {sequence}": "This is too long; 60 characters and 12 words are the most.",
}  # fmt: skip


@pytest.mark.parametrize("scheme", USABLE)
def test_a_scheme_that_counts_is_usable(scheme):
    assert scheme_problem(scheme) == ""


@pytest.mark.parametrize("scheme", UNUSABLE)
def test_a_scheme_that_cannot_count_is_explained(scheme):
    assert scheme_problem(scheme).startswith(UNUSABLE[scheme])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("PAY", "R {sequence}"), ("WEB", "R {sequence:03d}")),
        (("PAY", "R {sequence}"), ("WEB", "r  {sequence}!")),
        (("PAY", "{service}{sequence}"), ("PAY1", "{service}{sequence}")),
        (("PAY", "{year}.{sequence}"), ("WEB", "{sequence}.1")),
        (("PAY-", "{service}{sequence}"), ("PAY", "{service}-{sequence}")),
        (("A", "{version} {sequence}"), ("B", "1.{sequence} 7")),
    ],
)
def test_schemes_that_could_give_the_same_identifier_are_found(one, other):
    assert could_collide(one, other)
    assert could_collide(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("PAY", "{service}-{sequence}"), ("WEB", "{service}-{sequence}")),
        (("PAY", "{service}-{sequence}"), ("PAY1", "{service}-{sequence}")),
        (("PAY", "R {sequence}"), ("WEB", "R {version} {sequence}")),
        (("PAY", "{year}-{sequence}"), ("WEB", "{year}.{sequence}")),
    ],
)
def test_schemes_that_keep_apart_are_left_alone(one, other):
    assert not could_collide(one, other)
    assert not could_collide(other, one)


_piece = st.sampled_from(["{service}", "{year}", "{version}", "-", ".", " ", "1", "R", "!"])
_schemes = st.builds(
    lambda before, sequence, after: "".join([*before, sequence, *after]),
    st.lists(_piece, max_size=3),
    st.sampled_from(["{sequence}", "{sequence:02d}"]),
    st.lists(_piece, max_size=3),
).filter(lambda scheme: not scheme_problem(scheme))
_uses = st.tuples(_schemes, st.integers(1, 99), st.integers(1, 3), st.integers(0, 12))


@given(one=_uses, other=_uses)
@example(one=("{service}{sequence}", 11, 1, 0), other=("R1{sequence}", 1, 1, 0))
def test_no_two_identifiers_are_the_same_where_the_schemes_keep_apart(one, other):
    identifiers = [
        fold_identifier(scheme.format(service=key, year=2026, sequence=sequence, version=f"{major}.{minor}"))
        for key, (scheme, sequence, major, minor) in (("R", one), ("R1", other))
    ]
    if not could_collide(("R", one[0]), ("R1", other[0])):
        assert identifiers[0] != identifiers[1]
