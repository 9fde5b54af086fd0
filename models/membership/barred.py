"""The people and groups who hold no right, whatever the catalog gives them."""

from collections.abc import Collection

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.membership.rights import Kind, may_hold_rights
from models.membership.tables import MembershipChange, Person, UserGroup

CHANGES = select(MembershipChange.count).where(col(MembershipChange.id) == 1).scalar_subquery()
"""For a statement that reads the catalog's revision anyway."""


async def barred_subjects(session: AsyncSession, guests: Collection[str]) -> frozenset[str]:
    """The ids of people who left or are no members, unless they are among ``guests``, and of groups that are gone.

    While the catalog lists no guests, those whom it named before guests lost their rights count as listed.
    """
    query = select(Person.id, Person.kind, Person.active, Person.kept).where(
        or_(col(Person.active).is_(False), col(Person.kind).not_in((Kind.UNKNOWN, Kind.MEMBER)))
    )
    people = {
        person
        for person, kind, active, kept in (await session.exec(query)).all()
        if not may_hold_rights(kind, active=active, named=person in guests or (kept and not guests))
    }
    groups = (await session.exec(select(UserGroup.id).where(col(UserGroup.gone).is_(True)))).all()
    return frozenset(people) | frozenset(groups)
