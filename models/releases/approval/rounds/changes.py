"""How the rules of a round differ from those of today, and what of that reaches it. No I/O.

What became stricter is added to a round that nobody has decided; what became looser isn't taken from any round:
docs/process.md#rules-of-a-round. An approval that moves between the quorum and the later approvals is needed once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from models.catalog.document import LaterApprovalTerms
from models.catalog.roles import role_word
from models.releases.approval.rounds.rules import ALWAYS, NEVER, UNLESS_SPELLING, RoundRules
from models.time.spans import parse_span, say_span

_FIELD_WORDS = {"changes": "authorised changes", "method": "deployment method", "back_out_plan": "back-out plan"}

_STRICTNESS = (NEVER, UNLESS_SPELLING, ALWAYS)

_MATERIAL_WORDS = {NEVER: "none", UNLESS_SPELLING: "all but spelling", ALWAYS: "all"}


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """What became looser and what became stricter, a phrase each: ``approvals by the owner: none, 1 before``."""

    loosened: tuple[str, ...] = ()
    tightened: tuple[str, ...] = ()

    def __add__(self, other: "RuleChanges") -> "RuleChanges":
        return RuleChanges(self.loosened + other.loosened, self.tightened + other.tightened)


def compare_rules(held: RoundRules, now: RoundRules) -> RuleChanges:
    """From the rules ``held`` to those of ``now``."""
    found = [*_quorum(held, now), *_later(held, now), *_rejection(held, now), *_material(held, now)]
    return RuleChanges(
        loosened=tuple(words for looser, words in found if looser),
        tightened=tuple(words for looser, words in found if not looser),
    )


def tighten(held: RoundRules, now: RoundRules) -> RoundRules:
    """``held`` with everything in which ``now`` is stricter."""
    required = {
        role: max(held.required.get(role, 0), now.required.get(role, 0)) for role in (*held.required, *now.required)
    }
    return RoundRules(
        required=required,
        later=_tighter_later(held, now, required),
        material={
            field: max(held.material.get(field, NEVER), now.material.get(field, NEVER), key=_STRICTNESS.index)
            for field in (*held.material, *now.material)
        },
        one_rejection_stops=held.one_rejection_stops or now.one_rejection_stops,
    )


_Change = tuple[bool, str]
"""Whether it is looser, and the phrase."""


def _quorum(held: RoundRules, now: RoundRules) -> Iterator[_Change]:
    for role in dict.fromkeys((*held.required, *now.required)):
        before, after = held.required.get(role, 0), now.required.get(role, 0)
        if before != after:
            yield after < before, f"approvals by the {role_word(role)}: {_counts(after, before)}"


def _counts(after: int, before: int) -> str:
    return f"{after or 'none'}, {before or 'none'} before"


def _later(held: RoundRules, now: RoundRules) -> Iterator[_Change]:
    if held.later is None:
        if now.later is not None:
            yield True, "may be deployed before its later approvals"
        return
    wanted = _later_counts(now)
    for role in dict.fromkeys((*held.later.approvals, *wanted)):
        before, after = held.later.approvals.get(role, 0), wanted.get(role, 0)
        moved = now.required.get(role, 0) - held.required.get(role, 0)
        if after > before + max(-moved, 0) or after < before - max(moved, 0):
            yield after < before, f"later approvals by the {role_word(role)}: {_counts(after, before)}"
    if now.later is not None and _length(now.later) != _length(held.later):
        words = f"later approvals within {say_span(now.later.within)}, {say_span(held.later.within)} before"
        yield _length(now.later) > _length(held.later), words


def _rejection(held: RoundRules, now: RoundRules) -> Iterator[_Change]:
    if held.one_rejection_stops and not now.one_rejection_stops:
        yield True, "one rejection no longer stops it"
    if now.one_rejection_stops and not held.one_rejection_stops:
        yield False, "one rejection stops it"


def _material(held: RoundRules, now: RoundRules) -> Iterator[_Change]:
    for field in dict.fromkeys((*held.material, *now.material)):
        before, after = held.material.get(field, NEVER), now.material.get(field, NEVER)
        if before != after:
            word = _FIELD_WORDS.get(field, field)
            kinds = f"{_MATERIAL_WORDS[after]}, {_MATERIAL_WORDS[before]} before"
            words = f"changes of the {word} that ask for approval again: {kinds}"
            yield _STRICTNESS.index(after) < _STRICTNESS.index(before), words


def _tighter_later(held: RoundRules, now: RoundRules, required: Mapping[str, int]) -> LaterApprovalTerms | None:
    """None when the round has none, or when all of them are now part of its quorum."""
    if held.later is None:
        return None
    wanted = _later_counts(now)
    approvals: dict[str, int] = {}
    for role in dict.fromkeys((*held.later.approvals, *wanted)):
        before, after = held.later.approvals.get(role, 0), wanted.get(role, 0)
        moved_up = min(required.get(role, 0) - held.required.get(role, 0), max(before - after, 0))
        moved_down = max(held.required.get(role, 0) - now.required.get(role, 0), 0)
        count = max(before - moved_up, after - moved_down)
        if count > 0:
            approvals[role] = count
    if not approvals:
        return None
    shortest = min((held.later, now.later or held.later), key=_length)
    return LaterApprovalTerms(approvals=approvals, within=shortest.within)


def _later_counts(rules: RoundRules) -> Mapping[str, int]:
    return rules.later.approvals if rules.later else {}


def _length(terms: LaterApprovalTerms) -> timedelta:
    return parse_span(terms.within).rough
