"""What a handler works with."""

from dataclasses import dataclass

from models.catalog.document import Catalog
from models.membership.rights import NOWHERE, Workspace
from models.time.clock import Clock
from models.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Desk:
    """The surroundings of the use cases; no Slack client, so that a handler can only answer.

    ``public_url`` is where the HTTP side is reached from outside; empty when it is not. ``workspace`` is the one
    that Release Desk is installed in.
    """

    work: UnitOfWork
    clock: Clock
    public_url: str = ""
    workspace: Workspace = NOWHERE

    async def catalog(self) -> Catalog:
        """The catalog as it is now."""
        async with self.work.reading() as snapshot:
            return await snapshot.catalog()
