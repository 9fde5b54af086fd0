"""Authorised changes as people type them: numbers with links."""

import re

_CHANGE = re.compile(r"[A-Za-z][A-Za-z0-9]{0,14}[-_ ]?\d{1,12}")

_BETWEEN = re.compile(r"[,;\s]+")


def parse_changes(text: str) -> tuple[list[str], list[str]]:
    """The change ids in ``text`` (capitals, each once, in order), and the words that are none."""
    good: dict[str, None] = {}
    bad: list[str] = []
    for word in _BETWEEN.split(text.strip()):
        if _CHANGE.fullmatch(word):
            good[word.upper()] = None
        elif word:
            bad.append(word)
    return list(good), bad
