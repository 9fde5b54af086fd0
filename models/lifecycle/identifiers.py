"""Identifiers of releases, made without gaps and found as people type them: docs/process.md#identifiers.

The number is taken in the transaction that makes the release, so a request that fails takes none. Two requests for
one service wait for each other on its row.
"""

import difflib
from collections.abc import Iterable

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service
from models.catalog.numbering import MOST_WORDS, fold_identifier
from models.errors import NotFound
from models.lifecycle.tables.release import Numbering, Release
from models.storage.database import insert_into
from models.text import cut_words
from models.unit_of_work import Transaction

MAJOR = "major"
"""The release type that begins a new major version; every other type begins a minor one."""


async def next_identifier(tx: Transaction, service: Service, type_name: str, year: int) -> str:
    """Take the next identifier of ``service``; ``year`` is the year on the service's calendar."""
    period = str(year) if "{year" in service.numbering else ""
    counter = await _locked_counter(tx.session, service.key, period)
    counter.last += 1
    major, minor = await _next_version(tx.session, service, type_name)
    return service.numbering.format(
        service=service.key, year=year, sequence=counter.last, version=f"{major}.{minor}"
    )


async def find_release(session: AsyncSession, text: str) -> tuple[Release, str]:
    """The release that ``text`` begins with, and the words after it.

    Identifiers may hold spaces, so the longest beginning that names a release counts. Raises
    :class:`~models.errors.NotFound` with the nearest ones.
    """
    words = text.split()
    names = [fold_identifier(" ".join(words[:count])) for count in range(1, min(len(words), MOST_WORDS) + 1)]
    if not any(names):
        raise NotFound("Say which release, for example /release show PAY-2026.014.")
    query = select(Release).where(col(Release.name).in_(names))
    matches = (await session.exec(query)).all()
    if not matches:
        nearest = await _nearest(session, names)
        hint = "" if nearest else " /release list shows those that are open."
        raise NotFound(f"There is no release {cut_words(text)!r}.{hint}", nearest)
    release = max(matches, key=lambda one: len(one.name))
    return release, " ".join(words[names.index(release.name) + 1 :])


async def load_release(session: AsyncSession, release_id: int, *, lock: bool = False) -> Release:
    """The release with this id, as a button carries it. Raises :class:`~models.errors.NotFound`."""
    release = await session.get(Release, release_id, with_for_update=lock)
    if release is None:
        raise NotFound("This release is not in the database any more.")
    return release


async def identifiers(session: AsyncSession, ids: Iterable[int | None]) -> dict[int, str]:
    """The identifiers by id of the release."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    query = select(Release.id, Release.identifier).where(col(Release.id).in_(wanted))
    return dict((await session.exec(query)).all())


async def _locked_counter(session: AsyncSession, service: str, period: str) -> Numbering:
    """The counter of ``service``, locked. The first request of a period makes it, even if several come at once."""
    query = select(Numbering).where(Numbering.service == service, Numbering.period == period).with_for_update()
    counter = (await session.exec(query)).first()
    if counter is None:
        dialect = (await session.connection()).dialect.name
        first = insert_into(Numbering, dialect).values(service=service, period=period, last=0)
        await session.exec(first.on_conflict_do_nothing())
        counter = (await session.exec(query)).one()
    return counter


async def _next_version(session: AsyncSession, service: Service, type_name: str) -> tuple[int, int]:
    if "{version" not in service.numbering:
        return (0, 0)
    major = await _locked_counter(session, service.key, "version:major")
    minor = await _locked_counter(session, service.key, f"version:{major.last}")
    if type_name == MAJOR or major.last == 0:
        major.last += 1
        return (major.last, 0)
    minor.last += 1
    return (major.last, minor.last)


async def _nearest(session: AsyncSession, names: list[str], count: int = 3) -> list[str]:
    recent = select(Release.name, Release.identifier).order_by(col(Release.id).desc()).limit(2000)
    known = dict((await session.exec(recent)).all())
    for name in (names[-1], names[0]):
        close = difflib.get_close_matches(name, known, n=count, cutoff=0.6)
        if close:
            return [known[match] for match in close]
    return []
