"""Refreshing Homes, reminders and the checklist after a release has changed."""

from collections.abc import Iterable

from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import OWNER, Catalog
from models.events import SYSTEM
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.approvals import Delegation
from models.lifecycle.tables.plan import PlanTask
from models.outbox import Outgoing
from models.people.directory import expand
from models.people.home_refresh import REFRESH_DELAY, home_key
from models.releases.plan.reminders import refresh_reminders
from models.unit_of_work import UnitOfWork


async def refresh_dependents(work: UnitOfWork, release_id: int) -> None:
    """Refresh everything that depends on a changed release: its open reminders, its checklist and Homes.

    The Homes are those, once opened, of its requester, the owners of its tasks, and the holders of roles in its
    service with their stand-ins.
    """
    async with work.reading() as snapshot:
        people = await _people_concerned(snapshot.session, await snapshot.catalog(), release_id)
        keys = await _keys_to_refresh(snapshot.session, people, release_id)
        reminders = await _has_reminders(snapshot.session, release_id)
    if not keys and not reminders:
        return
    async with work(SYSTEM) as tx:
        if reminders:
            await refresh_reminders(tx, release_id)
        if keys:
            await tx.wish_again(keys, REFRESH_DELAY)


async def _people_concerned(session: AsyncSession, catalog: Catalog, release_id: int) -> set[str]:
    release = await load_release(session, release_id)
    service = catalog.by_key.get(release.service)
    subjects = {release.requester}
    if service:
        subjects |= {one for role in (OWNER, *service.roles) for one in service.holders(role)}
    owners = select(PlanTask.owner).where(col(PlanTask.release_id) == release_id, col(PlanTask.owner).is_not(None))
    subjects |= {owner for owner in (await session.exec(owners)).all() if owner}
    people = await expand(session, subjects, catalog.barred)
    delegates = select(Delegation.delegate).where(
        col(Delegation.delegator).in_(people), col(Delegation.stopped_at).is_(None)
    )
    return people | set((await session.exec(delegates)).all())


async def _keys_to_refresh(session: AsyncSession, people: Iterable[str], release_id: int) -> list[str]:
    """The outbox keys of the opened Homes of ``people``, and of the release's checklist."""
    homes = col(Outgoing.key).in_([home_key(person) for person in people])
    checklist = and_(col(Outgoing.release_id) == release_id, col(Outgoing.message) == "day_checklist")
    return list((await session.exec(select(Outgoing.key).where(or_(homes, checklist)))).all())


async def _has_reminders(session: AsyncSession, release_id: int) -> bool:
    query = select(PlanTask.id).where(
        col(PlanTask.release_id) == release_id, col(PlanTask.chased) > 0, col(PlanTask.done_at).is_(None)
    )
    return (await session.exec(query.limit(1))).first() is not None
