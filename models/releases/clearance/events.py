from dataclasses import dataclass
from typing import ClassVar

from models.lifecycle.events import ReleaseEvent


@dataclass(frozen=True, kw_only=True)
class ObstaclesOverridden(ReleaseEvent):
    """``obstacles`` are in words. ``mentions`` are the people and user groups who have to act or to know."""

    tag: ClassVar[str] = "release:overridden"

    override: int
    round: int
    person: str
    obstacles: tuple[str, ...]
    until: str
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class GuardBroken(ObstaclesOverridden):
    """Somebody broke the glass to deploy."""

    tag: ClassVar[str] = "release:glass_broken"
