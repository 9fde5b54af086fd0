"""Finding environments as people name them, and who manages one."""

import difflib

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Environment
from models.catalog.numbering import fold_identifier
from models.environments.forms import not_bookable
from models.errors import NotFound, Refused
from models.people.directory import expand, names
from models.text import cut_words, either


def find_environment(catalog: Catalog, text: str) -> Environment:
    """The environment that ``text`` names by key or name; case and punctuation around it do not matter.

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
    """The key of the environment that ``text`` names, which may be booked; empty when nothing is typed.

    Raises :class:`~models.errors.NotFound` when there is none by that name or none to book at all, and
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


def environments_by_key(catalog: Catalog, key: str) -> Environment | None:
    """The environment with this key, if the catalog still has it."""
    return next((one for one in catalog.environments if one.key == key), None)


def environment_name(catalog: Catalog, key: str) -> str:
    """What people call the environment; its key once the catalog dropped it."""
    found = environments_by_key(catalog, key)
    return found.name if found else key


def manager_of(catalog: Catalog, key: str) -> str | None:
    """Who arbitrates: the manager of the environment, or the process owner where it has none."""
    found = environments_by_key(catalog, key)
    return (found.manager if found else None) or catalog.process_owner


async def managers(session: AsyncSession, catalog: Catalog, key: str) -> set[str]:
    """The people who arbitrate, groups expanded."""
    manager = manager_of(catalog, key)
    return await expand(session, [manager]) if manager else set()


async def check_manages(session: AsyncSession, catalog: Catalog, key: str, person: str) -> None:
    """Ask whether ``person`` arbitrates. Raises :class:`~models.errors.Refused`, naming who does."""
    if person not in await managers(session, catalog, key):
        who = await arbiters(session, catalog, key) or "nobody the catalog names"
        raise Refused(f"This is for the manager of {environment_name(catalog, key)}: {who}.")


async def arbiters(session: AsyncSession, catalog: Catalog, key: str) -> str:
    """The names of those who arbitrate, as :func:`either` says them."""
    people = await managers(session, catalog, key)
    called = await names(session, people)
    return either(sorted(called.get(person, person) for person in people), 3)
