"""Folding words for searching, so that SQLite and PostgreSQL find the same.

Case, accents and punctuation do not matter: only letters and digits remain, so a typed ``%`` or ``_`` never reaches
a pattern.
"""

import unicodedata

TERMS_LIMIT = 8
"""Words of a search that count."""

TERM_LIMIT = 40


def fold_words(text: str) -> str:
    """The folded words, each with a space before and after it; empty if there are none."""
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    folded = (char if char.isalnum() else " " for char in decomposed if not unicodedata.combining(char))
    words = "".join(folded).split()
    return f" {' '.join(words)} " if words else ""


def search_terms(text: str) -> list[str]:
    """The folded words of ``text``, each once, in their order."""
    words = dict.fromkeys(word[:TERM_LIMIT] for word in fold_words(text).split())
    return list(words)[:TERMS_LIMIT]


def needle(word: str) -> str:
    """What to find in folded text: the beginning of a word; anywhere for scripts without spaces."""
    return f" {word}" if word.isascii() else word
