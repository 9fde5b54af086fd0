"""Having Homes shown: to who opens it, and anew to those whom a change concerns."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, case, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import OWNER, Catalog
from models.catalog.store import CatalogCache
from models.events import SYSTEM
from models.outbox import Outgoing, Post, lock_in_order
from models.people.directory import expand
from models.releases.approval_tables import Delegation
from models.releases.chasing import refresh_reminders
from models.releases.identifiers import load
from models.releases.tables import PlanTask
from models.unit_of_work import UnitOfWork

LAG = timedelta(seconds=1)
"""How long a Home waits for further changes before it is shown anew (SLACK, *Rates*: views 100 a minute)."""


def home_key(person: str) -> str:
    """The name of a person's Home in the outbox."""
    return f"home:{person}"


async def open_home(work: UnitOfWork, person: str, *, everything: bool = False) -> None:
    """Have the Home of ``person`` shown, now that they look at it."""
    async with work(SYSTEM) as tx:
        tx.wish([Post(key=home_key(person), message="home", recipient=person, facts={"all": everything})])


async def refresh_after_card(work: UnitOfWork, catalogs: CatalogCache, release_id: int) -> bool:
    """Have shown anew what hangs on a release that has just changed: its open reminders, its checklist, and Homes.

    Homes are those of whoever holds a role in its service or stands in for somebody who does, requested it or
    owns one of its tasks, as far as they have ever opened it. Gives whether there is anything to deliver.
    """
    async with work.database.reading() as session:
        people = await _concerned(session, await catalogs.current(session), release_id)
        keys = await _standing(session, people, release_id)
        reminders = await _has_reminders(session, release_id)
    if not keys and not reminders:
        return False
    async with work.database.writing() as writing:
        now = work.clock.now()
        if reminders:
            await refresh_reminders(writing.session, release_id, now)
        if keys:
            await _want_soon(writing.session, keys, now)
    return True


async def refresh_homes_of(session: AsyncSession, people: Iterable[str], now: datetime) -> None:
    """Have the Homes of ``people`` shown anew, as far as they have opened them."""
    await _want_soon(session, [home_key(person) for person in people], now)


async def _concerned(session: AsyncSession, catalog: Catalog, release_id: int) -> set[str]:
    release = await load(session, release_id)
    service = catalog.by_key.get(release.service)
    subjects = {release.requester}
    if service:
        subjects |= {one for role in (OWNER, *service.roles) for one in service.holders(role)}
    owners = select(PlanTask.owner).where(col(PlanTask.release_id) == release_id, col(PlanTask.owner).is_not(None))
    subjects |= {owner for owner in (await session.exec(owners)).all() if owner}
    people = await expand(session, subjects)
    delegates = select(Delegation.delegate).where(
        col(Delegation.delegator).in_(people), col(Delegation.stopped_at).is_(None)
    )
    return people | set((await session.exec(delegates)).all())


async def _standing(session: AsyncSession, people: Iterable[str], release_id: int) -> list[str]:
    """The Homes of ``people`` that were ever opened, and the release's checklist where one was posted."""
    homes = col(Outgoing.key).in_([home_key(person) for person in people])
    checklist = and_(col(Outgoing.release_id) == release_id, col(Outgoing.message) == "day_checklist")
    return list((await session.exec(select(Outgoing.key).where(or_(homes, checklist)))).all())


async def _has_reminders(session: AsyncSession, release_id: int) -> bool:
    query = select(PlanTask.id).where(
        col(PlanTask.release_id) == release_id, col(PlanTask.chased) > 0, col(PlanTask.done_at).is_(None)
    )
    return (await session.exec(query.limit(1))).first() is not None


async def _want_soon(session: AsyncSession, keys: Sequence[str], now: datetime) -> None:
    """Wish for Homes that stand, so that a burst of changes costs each one a single call.

    They are locked in one order, so that two processes cannot wait for each other.
    """
    found = await lock_in_order(session, keys)
    shown = col(Outgoing.delivered) >= col(Outgoing.wanted)
    await session.exec(
        update(Outgoing)
        .where(col(Outgoing.id).in_(found))
        .values(
            wanted=col(Outgoing.wanted) + 1,
            due_at=case((shown, now + LAG), else_=col(Outgoing.due_at)),
            failure=None,
        )
        .execution_options(synchronize_session=False)
    )
