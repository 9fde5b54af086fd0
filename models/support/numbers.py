"""Reading the numbers of known errors and incidents that people type.

Case, punctuation and quotes around a number do not matter, nor the kind of dash in ``KE-1``: phones put in their
own. Incident numbers keep the form of the tool that made them; a dash is removed only after ``INC``.
"""

import re
import unicodedata
from dataclasses import dataclass

from models.errors import Invalid

QUOTED_LIMIT = 60
"""Characters of the input that an answer repeats."""

_DASH = r"[\s_#\-\u2010-\u2015\u2212]*"

_EDGE = r"[\W_]*"

_KNOWN_ERROR = re.compile(rf"(?<![^\W_])ke{_DASH}0*(\d{{1,9}})(?![^\W_])", re.IGNORECASE)

_LEADING = re.compile(rf"{_EDGE}(?:ke{_DASH})?0*(\d{{1,9}})(?![^\W_])[^\w\s_]*_*[^\w\s]*", re.IGNORECASE)

_SPACED = re.compile(r"(?<![^\W_])inc(?:ident)?[\s_#\-\u2010-\u2015\u2212]+(\d{1,15})(?![^\W_])", re.IGNORECASE)

_INCIDENT = re.compile(r"(?:[A-Z][A-Z0-9]{0,11}[-_]?)?\d{1,15}")

_BETWEEN = re.compile(r"[\s,;+&]+")

_ENTITY = re.compile(r"&(?:lt|gt|amp);")
"""Slack's escapes for ``<``, ``>`` and ``&``: just punctuation here."""

_FILLERS = frozenset(("", "TO", "AND", "WITH", "FROM"))


@dataclass(frozen=True, slots=True)
class LinkNumbers:
    """One incident and the known errors to link it to, each once, in the order typed."""

    incident: str
    known_errors: tuple[int, ...]


def known_error_number(id_: int) -> str:
    return f"KE-{id_}"


def read_known_error(text: str) -> tuple[int, str]:
    """The known error that ``text`` begins with (``KE-1`` or ``1``), and the words after it.

    Raises :class:`~models.errors.Invalid` if it begins with none.
    """
    normal = _normal(text)
    match = _LEADING.match(normal)
    if match is None:
        raise Invalid({"known_error": _no_known_error(text)})
    return int(match[1]), normal[match.end() :].strip()


def read_known_errors(text: str) -> tuple[int, ...]:
    """Raises :class:`~models.errors.Invalid` for any other word, and if ``text`` names none."""
    normal = _normal(text)
    found = dict.fromkeys(int(match[1]) for match in _KNOWN_ERROR.finditer(normal))
    for word, typed in _words(_KNOWN_ERROR.sub(" ", normal)):
        if not re.fullmatch(r"\d{1,9}", word):
            raise Invalid({"known_error": _no_known_error(typed)})
        found[int(word)] = None
    if not found:
        raise Invalid({"known_error": _no_known_error(text)})
    return tuple(found)


def read_incident(text: str) -> str:
    """Raises :class:`~models.errors.Invalid` unless ``text`` names exactly one incident and nothing else."""
    numbers = _incidents(_normal(text))
    if len(numbers) != 1:
        raise Invalid({"incident": _no_incident(text)})
    return numbers[0]


def read_link(text: str) -> LinkNumbers:
    """An incident and the known errors it is linked to, in any order.

    Raises :class:`~models.errors.Invalid` if one of them is missing or a word is neither.
    """
    normal = _normal(text)
    known_errors = tuple(dict.fromkeys(int(match[1]) for match in _KNOWN_ERROR.finditer(normal)))
    numbers = _incidents(_KNOWN_ERROR.sub(" ", normal))
    problems = {}
    if not numbers:
        problems["incident"] = "Name the incident first, for example INC0000045 KE-1."
    elif len(numbers) > 1:
        problems["incident"] = f"Name one incident at a time; these are {len(numbers)}."
    if not known_errors:
        problems["known_error"] = "Name the known error, for example INC0000045 KE-1; /known-error search finds it."
    if problems:
        raise Invalid(problems)
    return LinkNumbers(numbers[0], known_errors)


def fold_incident(number: str) -> str:
    """An incident's number as stored: upper case, single spaces, no punctuation around it; may be empty."""
    folded = " ".join(unicodedata.normalize("NFKC", number).split()).upper()
    return re.sub(rf"^{_EDGE}|{_EDGE}$", "", folded)


def _incidents(normal: str) -> list[str]:
    found: dict[str, None] = {}
    joined = _SPACED.sub(lambda match: f" INC{match[1]} ", normal)
    for word, typed in _words(joined):
        if not _INCIDENT.fullmatch(word):
            raise Invalid({"incident": _no_incident(typed)})
        found[word] = None
    return list(found)


def _words(text: str) -> list[tuple[str, str]]:
    """The words that may be numbers: folded, and as typed."""
    words = ((fold_incident(word), word) for word in _BETWEEN.split(text))
    return [(folded, word) for folded, word in words if folded not in _FILLERS]


def _normal(text: str) -> str:
    return _ENTITY.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def _quotable(text: str) -> str:
    return " ".join(text.split())[:QUOTED_LIMIT]


def _no_known_error(text: str) -> str:
    if not _quotable(text):
        return "Say which known error, for example KE-1; /known-error list names them."
    return f"{_quotable(text)!r} is no known error's number. Write it as in KE-1; /known-error list names them."


def _no_incident(text: str) -> str:
    if not _quotable(text):
        return "Say which incident, for example INC0000045."
    return f"{_quotable(text)!r} is no incident's number. Write it as in INC0000045."
