"""Finds an environment as people name it, and the people who arbitrate it."""

import difflib

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Environment
from models.catalog.numbering import fold_identifier
from models.environments.booking_form import not_bookable
from models.errors import NotFound, Refused
from models.people.directory import expand, names
from models.text import cut_words, either


def find_environment(catalog: Catalog, text: str) -> Environment:
    """By key or name, without regard to case and surrounding punctuation.

    Raises :class:`~models.errors.NotFound` with the nearest ones.
    """
    if not catalog.environments:
        raise NotFound("The catalog names no environment yet. Its owners add them and apply it.")
    called = {fold_identifier(name): one for one in catalog.environments for name in (one.name, one.key)}
    wanted = fold_identifier(text)
    if wanted in called:
        return called[wanted]
    keys = [one.key for one in catalog.environments]
    if not wanted:
        raise NotFound("Say which environment, for example /environment show " + keys[0] + ".")
    close = difflib.get_close_matches(wanted, called, n=3, cutoff=0.6)
    nearest = list(dict.fromkeys(called[name].key for name in close)) or keys[:3]
    raise NotFound(f"There is no environment {cut_words(text)!r}.", nearest)


def find_bookable(catalog: Catalog, text: str) -> str:
    """The key of the environment that ``text`` names; empty for an empty text.

    Raises :class:`~models.errors.NotFound` for an unknown name or when none can be booked at all, and
    :class:`~models.errors.Refused` for production.
    """
    if not any(not one.production for one in catalog.environments):
        raise NotFound("The catalog names no environment to book yet. Its owners add them and apply it.")
    if not fold_identifier(text):
        return ""
    found = find_environment(catalog, text)
    if found.production:
        raise Refused(not_bookable(found))
    return found.key


def manager_of(catalog: Catalog, key: str) -> str | None:
    """The person or group that arbitrates: the environment's manager, else the process owner."""
    environment = catalog.environment(key)
    return (environment.manager if environment else None) or catalog.process_owner


async def arbiters(session: AsyncSession, catalog: Catalog, key: str) -> set[str]:
    """The people who arbitrate, with groups expanded."""
    manager = manager_of(catalog, key)
    return await expand(session, [manager]) if manager else set()


async def check_manages(session: AsyncSession, catalog: Catalog, key: str, person: str) -> None:
    """Raises :class:`~models.errors.Refused`, naming the people who arbitrate."""
    if person not in await arbiters(session, catalog, key):
        who = await arbiter_names(session, catalog, key) or "nobody the catalog names"
        raise Refused(f"This is for the manager of {catalog.environment_name(key)}: {who}.")


async def arbiter_names(session: AsyncSession, catalog: Catalog, key: str) -> str:
    """``Olga or Sam``, three names at most; empty if there is nobody."""
    people = await arbiters(session, catalog, key)
    called = await names(session, people)
    return either(sorted(called.get(person, person) for person in people), 3)
