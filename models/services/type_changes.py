"""How the rules and the criteria of a service's types of release differ between two catalogs. No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.catalog.document import Service
from models.releases.activities.criteria.release_criteria import required_criteria
from models.releases.activities.gates import CRITERIA, CRITERIA_WORDS
from models.releases.approval.rounds.changes import RuleChanges, compare_rules
from models.releases.approval.rounds.rules import RoundRules, rules_in_force


@dataclass(frozen=True, slots=True)
class TypeChanges:
    """How the rules and the criteria of one type of release have changed, and its rules ``now``."""

    now: RoundRules
    rules: RuleChanges
    criteria: RuleChanges
    new_criteria: Mapping[str, tuple[str, ...]]

    @property
    def loosened(self) -> tuple[str, ...]:
        return self.rules.loosened + self.criteria.loosened


def type_changes(before: Service, after: Service, risk: str = "") -> dict[str, TypeChanges]:
    """For each type that the service has had and still has, for releases at ``risk``."""
    found: dict[str, TypeChanges] = {}
    for name in after.policy.types:
        held, now = rules_in_force(before, name, risk), rules_in_force(after, name, risk)
        if held is None or now is None:
            continue
        old, new = (
            {gate: tuple(required_criteria(gate, one, name)) for gate in CRITERIA} for one in (before, after)
        )
        compared = [compare_criteria(gate, old[gate], new[gate]) for gate in CRITERIA]
        found[name] = TypeChanges(
            now,
            compare_rules(held, now),
            sum(compared, RuleChanges()),
            {gate: tuple(text for text in new[gate] if text not in old[gate]) for gate in CRITERIA},
        )
    return found


def compare_criteria(gate: str, held: Sequence[str], now: Sequence[str]) -> RuleChanges:
    """Another wording is another criterion."""
    word = CRITERIA_WORDS[gate]
    return RuleChanges(
        loosened=tuple(f"{word} criterion dropped: {text}" for text in held if text not in now),
        tightened=tuple(f"{word} criterion: {text}" for text in now if text not in held),
    )
