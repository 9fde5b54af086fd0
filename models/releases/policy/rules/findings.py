from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

ALL_FINDINGS = 0
"""In place of the id of one finding: all that wait for a waiver."""


class Weight(IntEnum):
    """docs/process.md#release-policy; of two findings that say the same the heavier one counts."""

    OK = 0
    INFO = 1
    SOFT = 2
    HARD = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """``rule`` and ``key`` say what it is about, and stay the same while it holds.

    ``field`` is the input of the form that it belongs to. ``would`` is what it weighs where its rule isn't only
    tried out: docs/process.md#rules-on-trial.
    """

    weight: Weight
    rule: str
    sentence: str
    key: str = ""
    field: str = "window_start"
    would: Weight | None = None

    @property
    def name(self) -> tuple[str, str]:
        return self.rule, self.key


def tried_out(findings: Iterable[Finding], observe: Collection[str]) -> list[Finding]:
    """``findings``, with those of the rules in ``observe`` for information only."""
    return [
        replace(one, weight=Weight.INFO, would=one.weight)
        if one.rule in observe and one.weight > Weight.INFO
        else one
        for one in findings
    ]


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Each finding once, the hardest where several say the same; the hardest first, else in the rules' order."""
    hardest: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        if finding.name not in hardest or finding.weight > hardest[finding.name].weight:
            hardest[finding.name] = finding
    return sorted(hardest.values(), key=lambda finding: -finding.weight)


def by_field(findings: Iterable[Finding]) -> dict[str, str]:
    """The sentences of the hard ``findings`` by the input that each belongs to."""
    sentences: dict[str, list[str]] = {}
    for finding in findings:
        if finding.weight == Weight.HARD:
            sentences.setdefault(finding.field, []).append(finding.sentence)
    return {field: " ".join(several) for field, several in sentences.items()}
