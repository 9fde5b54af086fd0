"""Numbering schemes: whether one can be counted with, and whether two could give the same identifier.

A scheme such as ``{service}-{year}.{sequence:03d}`` names the service and carries the sequence (DOMAIN.md, further
policy per service). Identifiers are compared as they are looked up: case, spaces and punctuation
around them do not count.
"""

import re
import string
from collections.abc import Iterator
from itertools import pairwise

PLACEHOLDERS = ("{service}", "{year}", "{sequence}", "{sequence:03d}", "{version}")
"""What a scheme may hold; the width of the sequence is free, from 01 to 09."""

LONGEST_SCHEME = 60

PRIVATE = 0xE000
"""The first of the characters that no text means anything by: they stand for placeholders while folding."""

_WIDTH = re.compile(r"0[1-9]d")

_DIGITS = frozenset("0123456789")

Part = tuple[str, str]
"""A placeholder's name and its format; for literal text the empty name and the text."""

Step = tuple[frozenset[str], bool]
"""The characters that may stand at one place of an identifier, and whether any number of them may follow."""


def scheme_problem(scheme: str) -> str:
    """What is wrong with ``scheme``, as a sentence; empty when nothing is."""
    if len(scheme) > LONGEST_SCHEME or len(scheme.split()) > LONGEST:
        return f"This is too long; {LONGEST_SCHEME} characters and {LONGEST} words are the most."
    if not scheme.isprintable():
        return "An identifier is one line without control characters."
    try:
        parts = list(_parts(scheme))
    except ValueError as error:
        return f"{error} A scheme may hold {', '.join(PLACEHOLDERS)} and plain text."
    names = [name for name, _ in parts]
    if names.count("sequence") != 1:
        return "A scheme holds {sequence} once, or every release would have the same identifier."
    counting = ({one, other} for one, other in pairwise(names))
    if {"sequence", "version"} in counting:
        return "Put a character between {sequence} and {version}, or two releases may get the same identifier."
    return ""


def could_collide(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two services, each given as (key, usable scheme), could ever give the same identifier."""
    left, right = _steps(*one), _steps(*other)
    seen: set[tuple[int, int]] = set()
    waiting = [(0, 0)]
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        if at == (len(left), len(right)):
            return True
        waiting += [
            (i, j) for i, first in _moves(left, at[0]) for j, second in _moves(right, at[1]) if first & second
        ]
    return False


def _moves(steps: list[Step], at: int) -> Iterator[tuple[int, frozenset[str]]]:
    """Where one more character leads from ``at``, and which characters lead there."""
    if at < len(steps):
        yield at + 1, steps[at][0]
    if at > 0 and steps[at - 1][1]:
        yield at, steps[at - 1][0]


def _parts(scheme: str) -> Iterator[Part]:
    """Raises ValueError with a sentence for anything that is neither plain text nor a known placeholder."""
    try:
        parsed = list(string.Formatter().parse(scheme))
    except ValueError:
        raise ValueError("A brace stands alone here.") from None
    for literal, name, width, conversion in parsed:
        if "{" in literal or "}" in literal:
            raise ValueError("Braces stand around placeholders only.")
        if literal:
            yield "", literal
        if name is not None:
            yield _placeholder(name, width or "", conversion)


def _placeholder(name: str, width: str, conversion: str | None) -> Part:
    known = f"{{{name}}}" in PLACEHOLDERS and not conversion
    if not known or (width and not (name == "sequence" and _WIDTH.fullmatch(width))):
        shown = f"{{{name}{'!' + conversion if conversion else ''}{':' + width if width else ''}}}"
        raise ValueError(f"{shown} is not a placeholder.")
    return name, width


def _steps(service: str, scheme: str) -> list[Step]:
    """What identifiers of ``scheme`` look like when they are looked up, character by character."""
    written = ""
    marks: dict[str, Part] = {}
    for name, text in _parts(scheme):
        if name in ("", "service"):
            written += service if name else text
        else:
            marks[chr(PRIVATE + len(marks))] = (name, text)
            written += chr(PRIVATE + len(marks) - 1)
    return [
        step for character in fold_identifier(written) for step in _shape(*marks.get(character, ("", character)))
    ]


def _shape(name: str, text: str) -> list[Step]:
    if name == "sequence":
        return _number(int(text[1]) if text else 1)
    if name == "version":
        return [*_number(1), (frozenset("."), False), *_number(1)]
    if name == "year":
        return [(_DIGITS, False)] * 4
    return [(frozenset(text), False)]


def _number(width: int) -> list[Step]:
    """A number of at least ``width`` digits."""
    return [*[(_DIGITS, False)] * (width - 1), (_DIGITS, True)]


LONGEST = 12
"""Words that an identifier may have when it is looked for."""

_EDGES = string.punctuation + string.whitespace + "\u201c\u201d\u2018\u2019\u00ab\u00bb\u2026"


def fold_identifier(identifier: str) -> str:
    """An identifier as it is looked up: case, white space and punctuation around it do not matter."""
    return " ".join(identifier.casefold().split()).strip(_EDGES)
