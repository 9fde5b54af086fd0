from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class FreezeEvent(Event):
    """Something that ``person`` did to a typed freeze; the grounds are its reason.

    ``service`` is a key, empty for all; ``what`` is ``begun``, ``longer``, ``shorter``, ``reworded`` or ``lifted``.
    ``until`` is when it ends now, in ISO 8601. ``channels`` are told, and ``releases``, pairs of an id and what it
    means for that release. ``version`` counts the changes of the freeze.
    """

    kind: ClassVar[str] = "freeze"

    service: str
    what: str
    until: str
    person: str
    version: int
    channels: tuple[str, ...]
    releases: tuple[tuple[int, str], ...]


@dataclass(frozen=True, kw_only=True)
class ServiceFrozen(FreezeEvent):
    tag: ClassVar[str] = "freeze:begun"


@dataclass(frozen=True, kw_only=True)
class FreezeChanged(FreezeEvent):
    """``before`` is when it would have ended."""

    tag: ClassVar[str] = "freeze:changed"

    before: str


@dataclass(frozen=True, kw_only=True)
class FreezeLifted(FreezeEvent):
    """``made_by`` is who typed it; ``before`` is when it would have ended."""

    tag: ClassVar[str] = "freeze:lifted"

    made_by: str
    before: str
