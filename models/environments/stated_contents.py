"""People state what is in an environment when no deployment records it (docs/process.md#contents)."""

import difflib
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, ConfigurationItem, Environment, Service
from models.catalog.numbering import fold_identifier
from models.environments.allocation import lock_environment, where_booked
from models.environments.arbiters import arbiter_names, arbiters
from models.environments.contents import contents, record_contents
from models.environments.lookup import find_environment
from models.environments.queries import current_test_data
from models.environments.records import TestData
from models.environments.tables import TEST_DATA, Booking
from models.errors import Invalid, Refused
from models.events import Actor
from models.limits import DETAIL_LIMIT, SAID_VERSION_LIMIT
from models.text import clean, cut_words, text_problem
from models.unit_of_work import Snapshot, UnitOfWork

REMOVED = ("-", "none")
"""Written in place of a version to take an item out."""


async def state_contents(work: UnitOfWork, actor: Actor, key: str, versions: str, data: str) -> None:
    """Record what is in an environment now; for its manager and the person who has it now.

    ``versions`` has an item or a service and its version on each line; others stay as they are. ``data`` is the
    test data set, empty for none. Raises :class:`~models.errors.Invalid` with what can't be read, and
    :class:`~models.errors.Refused` as :func:`environment_to_state` does.
    """
    async with work(actor) as tx:
        catalog = await tx.catalog()
        await _check_may(tx, catalog, key)
        await lock_environment(tx, key)
        problems = {"test_data": text_problem(data, DETAIL_LIMIT)}
        read, problems["versions"] = _read(versions, catalog)
        wrong = {name: problem for name, problem in problems.items() if problem}
        if wrong:
            raise Invalid(wrong)
        present = {line.ci: line.version for line in await contents(tx.session, catalog, key)}
        new = {ci: version for ci, version in read.items() if present.get(ci, "") != version}
        present_data = await current_test_data(tx.session, catalog, key, tx.now)
        if clean(data) != (present_data.name if present_data else ""):
            new[TEST_DATA] = clean(data)
        record_contents(tx, key, new, None, actor.person)


async def environment_to_state(work: UnitOfWork, actor: Actor, key: str) -> tuple[Environment, TestData | None]:
    """The environment and the test data in it now.

    Raises :class:`~models.errors.Refused`, naming who may say what is in it.
    """
    async with work.reading(actor) as snapshot:
        catalog = await snapshot.catalog()
        environment = await _check_may(snapshot, catalog, key)
        return environment, await current_test_data(snapshot.session, catalog, key, snapshot.now)


async def may_state_contents(
    session: AsyncSession, catalog: Catalog, environment: Environment, person: str, now: datetime
) -> bool:
    """The manager may, and the person who has the environment now; nobody for production."""
    if environment.production:
        return False
    if person in await arbiters(session, catalog, environment.key):
        return True
    mine = select(Booking.id).where(
        Booking.environment == environment.key,
        Booking.holder == person,
        where_booked(now),
        col(Booking.start_at) <= now,
    )
    return (await session.exec(mine.limit(1))).first() is not None


async def _check_may(snapshot: Snapshot, catalog: Catalog, key: str) -> Environment:
    environment = find_environment(catalog, key)
    if environment.production:
        raise Refused(f"What is in {environment.name} is recorded by the deployments that put it there.")
    if not await may_state_contents(snapshot.session, catalog, environment, snapshot.actor.person, snapshot.now):
        who = await arbiter_names(snapshot.session, catalog, key) or "nobody the catalog names"
        raise Refused(f"This is for who has {environment.name} now, and for its manager: {who}.")
    return environment


def _read(text: str, catalog: Catalog) -> tuple[dict[str, str], str]:
    """The versions by key of their item, and what is wrong with ``text``."""
    if text_problem(text, DETAIL_LIMIT):
        return {}, text_problem(text, DETAIL_LIMIT)
    key_of = _keys_by_name(catalog)
    versions: dict[str, str] = {}
    for line in clean(text).splitlines():
        name, _, version = " ".join(line.rstrip(" ,;").split()).rpartition(" ")
        if not line.strip():
            continue
        ci = key_of.get(fold_identifier(name))
        if not name:
            return {}, f"{cut_words(line)!r} is only one word. Write the item and its version, one item a line."
        if ci is None:
            close = difflib.get_close_matches(fold_identifier(name), key_of, n=1, cutoff=0.6)
            meant = f" Did you mean {key_of[close[0]]}?" if close else ""
            return {}, f"The catalog has no item or service {cut_words(name)!r}.{meant}"
        if len(version) > SAID_VERSION_LIMIT:
            return {}, f"The version of {ci} is longer than {SAID_VERSION_LIMIT} characters. Shorten it."
        versions[ci] = "" if version.casefold() in REMOVED else version
    return versions, ""


def _keys_by_name(catalog: Catalog) -> dict[str, str]:
    """The keys of items and services by what people call them; a key wins over a name."""
    named: tuple[Service | ConfigurationItem, ...] = (*catalog.services, *catalog.items_by_key.values())
    return {
        **{fold_identifier(one.name): one.key for one in named},
        **{fold_identifier(one.key): one.key for one in named},
    }
