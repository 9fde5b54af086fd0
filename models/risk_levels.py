"""The levels of risk: docs/risk.md."""

from typing import Literal

RaisedRisk = Literal["medium", "high"]

LOW, MEDIUM, HIGH = "low", "medium", "high"

RISKS = (LOW, MEDIUM, HIGH)

RAISED: tuple[RaisedRisk, ...] = ("medium", "high")


def is_above(risk: str, other: str) -> bool:
    """Whether ``risk`` is higher than ``other``; never if one of them isn't known."""
    return risk in RISKS and other in RISKS and RISKS.index(risk) > RISKS.index(other)
