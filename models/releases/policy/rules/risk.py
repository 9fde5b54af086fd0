"""The risk of a request: the highest of its factors, with the one that decided (docs/risk.md)."""

from dataclasses import dataclass

from models.releases.policy.rules.facts import PolicyFacts, Surroundings
from models.releases.policy.rules.risk_factors import FACTORS, Factor
from models.risk_levels import LOW, RISKS


@dataclass(frozen=True, slots=True)
class Risk:
    """``factors`` are the highest first; the first of them decided."""

    level: str
    factors: tuple[Factor, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """As they are stored and shown: ``high: 22 configuration items.``"""
        return tuple(f"{one.level}: {one.sentence}" for one in self.factors)


def reckon_risk(facts: PolicyFacts, around: Surroundings) -> Risk:
    """What is not chosen yet raises nothing."""
    found = [factor for rule in FACTORS for factor in rule(facts, around)]
    ordered = tuple(sorted(found, key=lambda one: -RISKS.index(one.level)))
    return Risk(ordered[0].level if ordered else LOW, ordered)
