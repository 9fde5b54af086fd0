"""What can happen to figures: their digest becomes due."""

from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class DigestDue(Event):
    """A digest was wished for. The subject is its key; ``day`` is an ISO date on its calendar in ``zone``.

    ``services`` are keys; none means all there are.
    """

    tag: ClassVar[str] = "digest:due"
    kind: ClassVar[str] = "digest"

    day: str
    channel: str
    zone: str
    period: str
    services: tuple[str, ...]
