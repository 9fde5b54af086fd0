"""Saying what is in an environment, where no deployment records it: the versions and the test data of a test."""

import difflib
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Environment
from models.catalog.numbering import fold_identifier
from models.environments.allocation import booked, lock_environment
from models.environments.contents import contents, record_contents
from models.environments.lookup import arbiters, find_environment, managers
from models.environments.queries import test_data
from models.environments.tables import TEST_DATA, Booking
from models.errors import Invalid, Refused
from models.events import Actor
from models.limits import DETAIL_LIMIT, SAID_VERSION_LIMIT
from models.text import clean, cut_words, text_problem
from models.unit_of_work import Snapshot, UnitOfWork

GONE = ("-", "none")
"""What one writes in place of a version to take something out."""


async def say_contents(work: UnitOfWork, actor: Actor, key: str, versions: str, data: str) -> None:
    """Record what ``actor`` says is in an environment now; for its manager and for who has it now.

    ``versions`` names an item or a service and its version, one a line; what it does not name stays. ``data`` is
    the test data set, empty when there is none. What is so already is not recorded again. Raises
    :class:`~models.errors.Invalid` with what cannot be read, and :class:`~models.errors.Refused` as
    :func:`check_may_say` does.
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
        there = {line.ci: line.version for line in await contents(tx.session, catalog, key)}
        new = {ci: version for ci, version in read.items() if there.get(ci, "") != version}
        shown = await test_data(tx.session, catalog, key, tx.now)
        if clean(data) != (shown.name if shown else ""):
            new[TEST_DATA] = clean(data)
        record_contents(tx, key, new, None, actor.person)


async def check_may_say(work: UnitOfWork, actor: Actor, key: str) -> None:
    """Whether ``actor`` may say what is in an environment. Raises :class:`~models.errors.Refused` with who may."""
    async with work.reading(actor) as snapshot:
        await _check_may(snapshot, await snapshot.catalog(), key)


async def may_say(
    session: AsyncSession, catalog: Catalog, environment: Environment, person: str, now: datetime
) -> bool:
    """Whether ``person`` manages the environment or has it now; nobody says what is in production."""
    if environment.production:
        return False
    if person in await managers(session, catalog, environment.key):
        return True
    mine = select(Booking.id).where(
        Booking.environment == environment.key, Booking.holder == person, booked(now), col(Booking.start_at) <= now
    )
    return (await session.exec(mine.limit(1))).first() is not None


async def _check_may(snapshot: Snapshot, catalog: Catalog, key: str) -> None:
    environment = find_environment(catalog, key)
    if environment.production:
        raise Refused(f"What is in {environment.name} is recorded by the deployments that put it there.")
    if not await may_say(snapshot.session, catalog, environment, snapshot.actor.person, snapshot.now):
        who = await arbiters(snapshot.session, catalog, key) or "nobody the catalog names"
        raise Refused(f"This is for who has {environment.name} now, and for its manager: {who}.")


def _read(text: str, catalog: Catalog) -> tuple[dict[str, str], str]:
    """The versions in ``text`` by key of their item, and what is wrong with it, if anything."""
    if text_problem(text, DETAIL_LIMIT):
        return {}, text_problem(text, DETAIL_LIMIT)
    called = _called(catalog)
    found: dict[str, str] = {}
    for line in clean(text).splitlines():
        name, _, version = " ".join(line.rstrip(" ,;").split()).rpartition(" ")
        if not line.strip():
            continue
        ci = called.get(fold_identifier(name))
        if not name:
            return {}, f"{cut_words(line)!r} is only one word. Write the item and its version, one item a line."
        if ci is None:
            close = difflib.get_close_matches(fold_identifier(name), called, n=1, cutoff=0.6)
            meant = f" Did you mean {called[close[0]]}?" if close else ""
            return {}, f"The catalog has no item or service {cut_words(name)!r}.{meant}"
        if len(version) > SAID_VERSION_LIMIT:
            return {}, f"The version of {ci} is longer than {SAID_VERSION_LIMIT} characters. Shorten it."
        found[ci] = "" if version.casefold() in GONE else version
    return found, ""


def _called(catalog: Catalog) -> dict[str, str]:
    """The key of each item and service by what people call it; a key wins over a name."""
    items = [(item.key, item.name) for service in catalog.services for item in service.configuration_items]
    everything = [*((service.key, service.name) for service in catalog.services), *items]
    return {
        **{fold_identifier(name): key for key, name in everything},
        **{fold_identifier(key): key for key, _ in everything},
    }
