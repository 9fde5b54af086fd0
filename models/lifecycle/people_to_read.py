"""The people whose names and status Slack has to be asked for."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.tables.approvals import Delegation
from models.lifecycle.tables.plan import PlanTask, SustainingPerson
from models.membership.tables import GroupMember, Person
from models.people.directory_refresh import PERSON_FRESH


async def people_to_read(session: AsyncSession, named: Iterable[str], now: datetime) -> list[str]:
    """People who were never read, or longer ago than :data:`PERSON_FRESH`; the never read ones first.

    Looked at are ``named``, everybody seen before, members of groups, owners of open tasks, stand-ins and
    sustaining people.
    """
    known = dict((await session.exec(select(Person.id, Person.read_at))).all())
    wanted = {*named, *known, *(await session.exec(select(GroupMember.person_id).distinct())).all()}
    owners = select(PlanTask.owner).where(col(PlanTask.owner).is_not(None), col(PlanTask.done_at).is_(None))
    wanted |= {owner for owner in (await session.exec(owners.distinct())).all() if owner}
    standing_in = select(Delegation.delegate).where(col(Delegation.stopped_at).is_(None))
    wanted |= set((await session.exec(standing_in.distinct())).all())
    wanted |= set((await session.exec(select(SustainingPerson.person).distinct())).all())
    read_at = {person: known.get(person) for person in wanted}
    due = [person for person, at in read_at.items() if at is None or at <= now - PERSON_FRESH]
    return sorted(due, key=lambda person: (read_at[person] is not None, person))
