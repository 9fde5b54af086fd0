"""Whether a change of a text is no more than spelling: docs/process.md#spelling. No I/O.

In doubt it is more: asking people again costs them a minute, and what they didn't see they didn't approve.
"""

import re
import unicodedata
from collections.abc import Collection
from itertools import pairwise
from typing import NamedTuple

from models.releases.request.turning_words import ALIKE, TURNING

LETTERS = 2
"""Letters that may change in a word of six or more; in a shorter one it is one, and in one of three none."""

SCRIPTS = frozenset(("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN", "HEBREW", "ARABIC"))
"""Alphabets with spaces between words. Elsewhere a single sign may be a word."""

LONGEST_WORD = 40

_QUOTES = "\"'“”„‟‘’‚‛«»‹›"

_FREE = f".,;:{_QUOTES}"
"""Marks around a word that may change, unless the word or the next one turns the sentence."""

_WORD = re.compile(rf"([(\[{_QUOTES}]*)(\w+(?:['’ʼ]\w+)*)([{_FREE}?!)\]…]*)")

_APOSTROPHES = re.compile("['’ʼ]")

_GAP = re.compile(r"\s+")


class _Word(NamedTuple):
    """A word and the marks around it; those in ``kept`` have to stay."""

    letters: str
    apostrophes: int
    free: str
    kept: str

    @property
    def folded(self) -> str:
        return self.letters.casefold()


def is_spelling(before: str, after: str, names: Collection[str] = ()) -> bool:
    """Whether ``after`` corrects the spelling of ``before`` and says the same.

    ``names`` are identifiers that look like words, such as the keys of configuration items, folded to lower case.
    """
    olds, news = _normal(before).split(), _normal(after).split()
    if len(olds) != len(news) or _widest_gap(after) > max(2, _widest_gap(before)):
        return False
    return all(
        old == new or _is_same_word(old, new, turns=_turns(next_old) or _turns(next_new), names=names)
        for (old, next_old), (new, next_new) in zip(pairwise([*olds, ""]), pairwise([*news, ""]), strict=True)
    )


def _is_same_word(before: str, after: str, *, turns: bool, names: Collection[str]) -> bool:
    """``turns`` when the next word turns the sentence, so that a comma between them counts."""
    old, new = _read(before), _read(after)
    if old is None or new is None or old.kept != new.kept:
        return False
    if old.free != new.free and (turns or _turns(before) or _turns(after)):
        return False
    return old.letters == new.letters or _is_respelled(old, new, names)


def _is_respelled(old: _Word, new: _Word, names: Collection[str]) -> bool:
    if _is_cased(old.letters) or _is_cased(new.letters):
        return False
    before, after = old.folded, new.folded
    if before == after:
        return True
    known = {before, after}
    if not TURNING.isdisjoint(known) or not known.isdisjoint(names) or known <= ALIKE:
        return False
    alike = (old.apostrophes, _script(old.letters)) == (new.apostrophes, _script(new.letters))
    return alike and _is_near(before, after)


def _is_near(one: str, other: str) -> bool:
    """At most two letters differ. A prefix makes another word (``untested``), and typos spare the first letter."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == len(longer) and _are_swapped(one, other):
        return len(shorter) > 2
    if longer.endswith(shorter) or one[0] != other[0]:
        return False
    return _distance(one, other) <= (LETTERS if len(shorter) > 5 else 1 if len(shorter) > 3 else 0)


def _are_swapped(one: str, other: str) -> bool:
    """Whether two neighbouring letters have changed places and nothing else."""
    differ = [at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(differ) != 2 or differ[0] + 1 != differ[1]:
        return False
    at = differ[0]
    return one[at] == other[at + 1] and one[at + 1] == other[at]


def _distance(one: str, other: str) -> int:
    """Letters added, removed or replaced (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, a in enumerate(one, 1):
        above, row = row, [number]
        for at, b in enumerate(other, 1):
            row.append(min(above[at] + 1, row[-1] + 1, above[at - 1] + (a != b)))
    return row[-1]


def _read(token: str) -> _Word | None:
    """None for all that isn't a plain word: numbers, versions, identifiers, links, signs."""
    match = _WORD.fullmatch(token)
    if match is None:
        return None
    opening, core, closing = match.groups()
    letters = _APOSTROPHES.sub("", core)
    if len(letters) > LONGEST_WORD or _script(letters) is None:
        return None
    marks = f"{opening}\0{closing}"
    return _Word(
        letters,
        len(core) - len(letters),
        "".join(mark for mark in marks if mark in _FREE),
        "".join(mark for mark in marks if mark not in _FREE),
    )


def _script(letters: str) -> str | None:
    """The one alphabet that all ``letters`` are of; None for letters of several, and for other signs."""
    scripts = {_script_of(sign) for sign in letters}
    script = scripts.pop() if len(scripts) == 1 else ""
    return script if script in SCRIPTS else None


def _script_of(sign: str) -> str:
    return unicodedata.name(sign, "").split(" ")[0] if unicodedata.category(sign)[0] in "LM" else ""


def _is_cased(letters: str) -> bool:
    """Whether a letter after the first is a capital, as in ``TLS`` and ``payApi``."""
    return any(sign.isupper() for sign in letters[1:])


def _turns(token: str) -> bool:
    word = _read(token)
    return word is not None and word.folded in TURNING


def _normal(text: str) -> str:
    """Letters that are written in two ways are one."""
    return unicodedata.normalize("NFC", text)


def _widest_gap(text: str) -> int:
    """The longest run of white space: a long one pushes what follows out of sight."""
    return max(map(len, _GAP.findall(text.strip())), default=0)
