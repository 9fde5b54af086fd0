from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.lifecycle.obstacle_codes import Code
from models.releases.policy.rules.findings import Weight


class Asked(StrEnum):
    """At *Go* the planned window is judged, at *Start deployment* this moment."""

    GO = "go"
    START = "start"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something in the way of a deployment.

    A hard one is opened by broken glass only, a soft one by an override. ``opens`` is when it goes by itself, if
    that is known; ``key`` tells it from others of its ``code``; ``roles`` can settle it.
    """

    code: Code
    weight: Weight
    text: str
    opens: datetime | None = None
    key: str = ""
    roles: tuple[str, ...] = ()

    @property
    def name(self) -> tuple[str, str]:
        return self.code.value, self.key

    @property
    def hard(self) -> bool:
        return self.weight == Weight.HARD


@dataclass(frozen=True, slots=True)
class Clearance:
    """``obstacles`` stand in the way, the hard ones first; ``passed`` would, but an override opens them.

    ``next_allowed`` is the next moment that nothing about time is against; None if the window has none left.
    """

    obstacles: tuple[Obstacle, ...]
    passed: tuple[Obstacle, ...]
    next_allowed: datetime | None
    observed: tuple[Obstacle, ...] = ()
    """Their codes are on trial: they would be in the way, and stop nobody."""

    @property
    def allowed(self) -> bool:
        return not self.obstacles

    @property
    def prevented(self) -> bool:
        """Something hard is in the way."""
        return any(one.hard for one in self.obstacles)
