"""How words are folded for searching, so that both databases find the same.

Case and accents do not matter, and neither do punctuation marks: what is left are words of letters and digits, so a
``%`` or ``_`` that somebody types never reaches a pattern.
"""

import unicodedata

TERMS_LIMIT = 8
"""Words of a search that count; more than anybody types on purpose."""

TERM_LIMIT = 40


def fold_words(text: str) -> str:
    """The words of ``text``, folded, each with a space before and after it; empty when there are none."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    kept = (char if char.isalnum() else " " for char in decomposed if not unicodedata.combining(char))
    words = "".join(kept).split()
    return f" {' '.join(words)} " if words else ""


def search_terms(text: str) -> list[str]:
    """The words that a search is for, folded, each once, in their order."""
    words = dict.fromkeys(word[:TERM_LIMIT] for word in fold_words(text).split())
    return list(words)[:TERMS_LIMIT]


def needle(word: str) -> str:
    """What to look for in folded text: the beginning of a word, or any place where a script has no spaces."""
    return f" {word}" if word.isascii() else word
