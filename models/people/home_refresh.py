from collections.abc import Iterable
from datetime import timedelta

from models.events import SYSTEM
from models.outbox import Post
from models.unit_of_work import Transaction, UnitOfWork

REFRESH_DELAY = timedelta(seconds=1)
"""A Home waits this long for further changes, because Slack limits views (docs/slack-facts.md#rates)."""


def home_key(person: str) -> str:
    """The key of a person's Home in the outbox."""
    return f"home:{person}"


async def open_home(work: UnitOfWork, person: str, *, everything: bool = False, known: bool = True) -> None:
    """Show the Home of ``person``, who is looking at it; ``known``: Slack has said who they are."""
    facts = {"all": everything} if known else {"all": everything, "unknown": True}
    async with work(SYSTEM) as tx:
        tx.wish([Post(key=home_key(person), message="home", recipient=person, facts=facts)])


async def refresh_homes_of(tx: Transaction, people: Iterable[str]) -> None:
    """Refresh the Homes of ``people`` who have ever opened theirs."""
    await tx.wish_again([home_key(person) for person in people], REFRESH_DELAY)
