"""What can happen to calendar addresses. The secret stands in none of it."""

from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class CalendarAddressMade(Event):
    """An address was made for ``owner``, a person or a channel."""

    tag: ClassVar[str] = "calendar:address:made"
    kind: ClassVar[str] = "calendar"

    owner: str
    services: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CalendarAddressStopped(Event):
    """An address was made useless."""

    tag: ClassVar[str] = "calendar:address:stopped"
    kind: ClassVar[str] = "calendar"

    owner: str
