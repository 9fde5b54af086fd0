"""What a rule of policy says about a request."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

EVERYTHING = 0
"""Stands for every finding that waits for a waiver, where one of them may be named by its id."""


class Kind(IntEnum):
    """How much a finding weighs; a greater one outweighs a smaller one."""

    OK = 0
    INFO = 1
    SOFT = 2
    HARD = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that policy says. ``rule`` and ``key`` name what it is about, and stay the same while it holds.

    A hard finding keeps the request from being made, a soft one waits for a waiver. ``field`` is the input of the
    form that it belongs to.
    """

    kind: Kind
    rule: str
    sentence: str
    key: str = ""
    field: str = "window_start"

    @property
    def name(self) -> tuple[str, str]:
        """What the finding is about."""
        return self.rule, self.key


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, the hardest where several say the same; the hardest first, else in the rules' order."""
    kept: dict[tuple[str, str], Finding] = {}
    for one in findings:
        if one.name not in kept or one.kind > kept[one.name].kind:
            kept[one.name] = one
    return sorted(kept.values(), key=lambda one: -one.kind)


def by_field(findings: Iterable[Finding]) -> dict[str, str]:
    """The sentences of the hard ``findings`` under the input each belongs to."""
    under: dict[str, str] = {}
    for one in findings:
        if one.kind == Kind.HARD:
            under[one.field] = f"{under[one.field]} {one.sentence}" if one.field in under else one.sentence
    return under
