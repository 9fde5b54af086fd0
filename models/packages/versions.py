"""Comparing versions: dotted numbers with an optional suffix.

``16`` and ``16.0`` are the same version. A suffix sorts before the version without it, as in semantic versioning
and PEP 440: ``16.0-dev`` < ``16.0-alpha`` < ``16.0-rc.1`` < ``16.0-rc.2`` < ``16``; only ``post`` sorts after. The
build after ``+`` is ignored. Anything else, such as ``Jessie``, has no order and equals only itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

_VERSION = re.compile(
    r"v?([0-9]{1,18}(?:\.[0-9]{1,18})*)[-_.]?([a-z][a-z0-9._-]*)?(?:\+.*)?", re.IGNORECASE | re.ASCII
)
_PARTS = re.compile(r"[0-9]{1,18}|[a-z]+")
_CLAUSE = re.compile(r"\s*(<=|>=|<|>|==|!=)\s*(\S+)\s*")

_RANKS = {"dev": 0, "a": 1, "alpha": 1, "b": 2, "beta": 2, "c": 3, "rc": 3, "post": 6}
_OTHER = 4
_FINAL = 5

Suffix = tuple[tuple[int, str, int], ...]


@dataclass(frozen=True, order=True, slots=True)
class Version:
    """``numbers`` have no zeros at the end."""

    numbers: tuple[int, ...]
    suffix: Suffix

    @property
    def before_final(self) -> bool:
        """Whether this is a pre-release of the version with the same numbers."""
        return self.suffix < _NO_SUFFIX


_NO_SUFFIX: Suffix = ((_FINAL, "", 0),)


def parse_version(text: str) -> Version | None:
    """None if it has no order."""
    match = _VERSION.fullmatch(text.strip())
    if match is None:
        return None
    numbers = [int(number) for number in match[1].split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return Version(tuple(numbers), _suffix((match[2] or "").lower()))


def major_number(text: str) -> int | None:
    """The first number of a version that has several: 9 of ``9.1.0``."""
    match = _VERSION.fullmatch(text.strip())
    return int(match[1].split(".")[0]) if match and "." in match[1] else None


def in_range(version: str, range_: str) -> bool | None:
    """Whether ``version`` satisfies every part of ``range_``, such as ``>=14,<16``; None if it has no order.

    As in PEP 440, ``<16`` excludes the pre-release ``16.0-rc.1``.
    """
    results = [_satisfies(version, *clause) for clause in _clauses(range_)]
    if False in results:
        return False
    return None if None in results else True


def _clauses(range_: str) -> list[tuple[str, str]]:
    clauses = [_CLAUSE.fullmatch(part) for part in range_.split(",")]
    return [(clause[1], clause[2]) if clause else ("", "") for clause in clauses]


def _satisfies(version: str, operator: str, bound: str) -> bool | None:
    left, right = parse_version(version), parse_version(bound)
    if left is None or right is None:
        same = version.strip().casefold() == bound.casefold()
        return {"==": same, "!=": not same}.get(operator)
    compare = _COMPARE.get(operator)
    return compare(left, right) if compare else None


def _below(left: Version, right: Version) -> bool:
    is_pre_release_of_bound = left.before_final and not right.before_final and left.numbers == right.numbers
    return left < right and not is_pre_release_of_bound


_COMPARE: dict[str, Callable[[Version, Version], bool]] = {
    "<": _below,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}


def _suffix(text: str) -> Suffix:
    if not text:
        return _NO_SUFFIX
    return tuple(_part(part) for part in _PARTS.findall(text))


def _part(part: str) -> tuple[int, str, int]:
    if part.isdigit():
        return (0, "", int(part))
    rank = _RANKS.get(part, _OTHER)
    return (rank, part if rank == _OTHER else "", 0)
