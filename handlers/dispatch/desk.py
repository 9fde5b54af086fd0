"""What a handler works with."""

from dataclasses import dataclass

from models.time.clock import Clock
from models.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Desk:
    """The use cases' surroundings; no Slack client, so that a handler can only answer.

    ``public_url`` is where the HTTP side is reached from outside; empty when it is not.
    """

    work: UnitOfWork
    clock: Clock
    public_url: str = ""
