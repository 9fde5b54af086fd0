import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.support.search_words import TERMS_LIMIT, fold_words, needle, search_terms


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Refund shows twice", " refund shows twice "),
        ("R\u00e9sum\u00e9 STRASSE Stra\u00dfe", " resume strasse strasse "),
        ("pay-api/pay_db (v2.1)", " pay api pay db v2 1 "),
        ("100% _wild_ *card*", " 100 wild card "),
        ("", ""),
        ("... !!", ""),
        ("\u0130stanbul \u01c5", " istanbul dz "),
        ("a\x00b", " a b "),
    ],
)
def test_case_accents_and_punctuation_do_not_matter(text, folded):
    assert fold_words(text) == folded


@given(st.text(max_size=80))
def test_a_text_is_found_by_each_of_its_own_words(text):
    folded = fold_words(text)
    for word in search_terms(text):
        assert needle(word) in folded


def test_only_so_many_words_count():
    assert len(search_terms(" ".join(f"word{n}" for n in range(100)))) == TERMS_LIMIT
