"""Checks and cleans texts from forms, and joins words as people do."""

import re
from collections.abc import Iterable


def clean(text: str) -> str:
    """:func:`storable`, without white space around it."""
    return storable(text).strip()


def text_problem(text: str, limit: int, missing: str = "") -> str:
    """Why ``text`` can't be taken; ``missing`` is the sentence about an empty one, if it is required."""
    if not clean(text):
        return missing
    return f"{too_long(text, limit)} Shorten it or link to the rest." if len(text) > limit else ""


def too_long(text: str, limit: int) -> str:
    """The sentence about it."""
    return f"This is {len(text):,} characters long; {limit:,} is the most."


def listed(words: Iterable[str], last: str = "and") -> str:
    """``a, b and c``."""
    all_ = list(words)
    return " ".join(all_) if len(all_) < 2 else f"{', '.join(all_[:-1])} {last} {all_[-1]}"


def either(names: Iterable[str], most: int = 0) -> str:
    """``Eva or Sam``; with ``most`` the rest is counted: ``Eva, Sam or 3 others``."""
    called = list(names)
    if most and len(called) > most:
        rest = len(called) - most
        called = [*called[:most], f"{rest} other{'s' if rest > 1 else ''}"]
    return listed(called, "or")


def cut_words(text: str) -> str:
    """A typed text, short enough to repeat."""
    return " ".join(text.split())[:80]


_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def storable(text: str) -> str:
    """Without what no database stores or no screen shows: control characters and halves of characters."""
    return _UNSTORABLE.sub("", text)
