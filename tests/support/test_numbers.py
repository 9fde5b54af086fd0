from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Invalid
from models.support.numbers import fold_incident, read_incident, read_known_error, read_known_errors, read_link


@pytest.mark.parametrize(
    ("typed", "number", "rest"),
    [
        ("KE-1", 1, ""),
        ("ke-1", 1, ""),
        ("ke1", 1, ""),
        ("Ke 1", 1, ""),
        ('"KE-1",', 1, ""),
        ("(ke-1)", 1, ""),
        ("`KE-1`", 1, ""),
        ("*_KE-1_*", 1, ""),
        ("\u201cKE\u20131\u201d", 1, ""),
        ("KE\u20141.", 1, ""),
        ("KE\u22121", 1, ""),
        ("\uff2b\uff25\uff0d\uff11", 1, ""),
        ("KE-0012", 12, ""),
        ("ke#12", 12, ""),
        ("12", 12, ""),
        ("#12", 12, ""),
        ("KE-1 restarted the job", 1, "restarted the job"),
        ("KE-1: restarted (twice)", 1, "restarted (twice)"),
        ("KE-1 (restarted)", 1, "(restarted)"),
        ("KE-999999999", 999999999, ""),
    ],
)
def test_a_known_error_is_read_however_it_is_typed(typed, number, rest):
    assert read_known_error(typed) == (number, rest)


@pytest.mark.parametrize(
    "typed", ["", "  ", "KE", "KE-", "KE-1x", "KEN-1", "make 5", "INC0000045", "refund", "KE-1234567890"]
)
def test_what_is_no_known_error_is_said_with_how_to_write_one(typed):
    with pytest.raises(Invalid, match=r"KE-1"):
        read_known_error(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("INC0000045", "INC0000045"),
        ("inc0000045.", "INC0000045"),
        ("(Inc0000045)", "INC0000045"),
        ('"INC0000045",', "INC0000045"),
        ("<INC0000045>", "INC0000045"),
        ("&lt;INC0000045&gt;", "INC0000045"),
        ("inc 0000045", "INC0000045"),
        ("INC-0000045", "INC0000045"),
        ("INC\u20110000045", "INC0000045"),
        ("incident 45", "INC45"),
        ("ops-123", "OPS-123"),
        ("IM12345", "IM12345"),
        ("4711", "4711"),
        ("\uff29\uff2e\uff23\uff14\uff15", "INC45"),
    ],
)
def test_an_incident_is_read_however_it_is_typed(typed, number):
    assert read_incident(typed) == number


@pytest.mark.parametrize("typed", ["", "refund", "INC1 INC2", "INC", "<!channel>", "45; drop table"])
def test_what_is_no_incident_is_said_with_how_to_write_one(typed):
    with pytest.raises(Invalid, match=r"INC0000045"):
        read_incident(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "INC0000045 KE-1 KE-2",
        "inc0000045, ke-1, ke-2.",
        "inc0000045 to ke 1 and ke 2",
        "KE-1 INC0000045 KE-2",
        '"INC0000045": (ke1; KE\u20132)',
        "INC0000045 KE-1 KE-2 ke-1",
        "incident 0000045 with KE-1 + KE-2",
    ],
)
def test_a_link_is_read_in_any_order_and_with_any_punctuation(typed):
    named = read_link(typed)
    assert (named.incident, named.known_errors) == ("INC0000045", (1, 2))


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ("", {"incident", "known_error"}),
        ("INC0000045", {"known_error"}),
        ("KE-1", {"incident"}),
        ("INC1 INC2 KE-1", {"incident"}),
        ("INC0000045 KE-x", {"incident"}),
        ("INC0000045 KE-1 refund", {"incident"}),
    ],
)
def test_a_link_that_lacks_something_or_names_something_else_is_refused(typed, fields):
    with pytest.raises(Invalid) as refusal:
        read_link(typed)
    assert set(refusal.value.problems) == fields


def test_several_known_errors_are_read_once_each_with_or_without_their_letters():
    assert read_known_errors("KE-2, 7 and ke 2") == (2, 7)
    with pytest.raises(Invalid, match="refund"):
        read_known_errors("KE-2 refund")


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_and_nothing_else(text):
    for read in (read_known_error, read_known_errors, read_incident, read_link):
        with suppress(Invalid):
            read(text)


@given(
    st.integers(1, 999_999_999),
    st.sampled_from(["KE-", "ke ", "Ke", "kE\u2013"]),
    st.text(alphabet=" .,;:!?()[]{}<>\"'*`~|", max_size=4),
    st.text(alphabet=" .,;:!?()[]{}<>\"'*`~|", max_size=4),
)
def test_punctuation_and_case_around_a_known_error_never_matter(number, prefix, before, after):
    assert read_known_error(f"{before}{prefix}{number}{after}")[0] == number


@given(st.text(max_size=50))
def test_folding_an_incident_twice_is_folding_it_once(text):
    assert fold_incident(fold_incident(text)) == fold_incident(text)
