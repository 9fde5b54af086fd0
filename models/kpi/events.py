from dataclasses import dataclass
from typing import ClassVar

from models.events import Event


@dataclass(frozen=True, kw_only=True)
class DigestDue(Event):
    """The subject is the digest's key, ``day`` an ISO date in ``zone``, ``services`` are keys; none means all."""

    tag: ClassVar[str] = "digest:due"
    kind: ClassVar[str] = "digest"

    day: str
    channel: str
    zone: str
    period: str
    services: tuple[str, ...]
