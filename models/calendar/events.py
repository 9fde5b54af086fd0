"""None of these events carries the address's secret."""

from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class CalendarAddressMade(Event):
    """``owner`` is a person or a channel."""

    tag: ClassVar[str] = "calendar:address:made"
    kind: ClassVar[str] = "calendar"

    owner: str
    services: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CalendarAddressStopped(Event):
    tag: ClassVar[str] = "calendar:address:stopped"
    kind: ClassVar[str] = "calendar"

    owner: str
