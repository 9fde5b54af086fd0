"""The people and user groups of the workspace, as last read from Slack.

Rights are decided from these tables, so that a decision never waits for the network; ``scheduler/directory.py``
keeps them fresh.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import false
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service, is_group
from models.events import SYSTEM
from models.unit_of_work import UnitOfWork


class Person(SQLModel, table=True):
    """``name`` as Slack shows it, ``timezone`` an IANA name.

    ``active`` is false for people who left and for bots; ``away`` comes from their status. ``read_at`` is when they
    were read from Slack; None while only the name from a click is known.
    """

    __tablename__ = "person"

    id: str = Field(primary_key=True)
    name: str
    timezone: str = "UTC"
    active: bool = True
    away: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    read_at: datetime | None = None


class GroupMember(SQLModel, table=True):
    __tablename__ = "group_member"

    group_id: str = Field(primary_key=True)
    person_id: str = Field(primary_key=True, index=True)


class UserGroup(SQLModel, table=True):
    """A user group whose members were read at ``read_at``; one without a row hasn't been read yet."""

    __tablename__ = "user_group"

    id: str = Field(primary_key=True)
    read_at: datetime


async def expand(session: AsyncSession, subjects: Iterable[str]) -> set[str]:
    """The people in ``subjects``, with user groups replaced by their members."""
    wanted = set(subjects)
    groups = set(filter(is_group, wanted))
    people = wanted - groups
    if groups:
        members = select(GroupMember.person_id).where(col(GroupMember.group_id).in_(groups))
        people |= set((await session.exec(members)).all())
    return people


async def people_in(session: AsyncSession, service: Service, role: str) -> set[str]:
    """The people who hold ``role`` in ``service``, with groups expanded."""
    return await expand(session, service.holders(role))


async def unread_groups(session: AsyncSession, service: Service, roles: Iterable[str]) -> list[str]:
    """The user groups in ``roles`` whose members haven't been read yet."""
    groups = {subject for role in roles for subject in service.holders(role) if is_group(subject)}
    if not groups:
        return []
    known = set((await session.exec(select(UserGroup.id).where(col(UserGroup.id).in_(groups)))).all())
    return sorted(groups - known)


async def roles_of(session: AsyncSession, service: Service, person: str) -> frozenset[str]:
    """The roles that ``person`` holds in ``service``, directly or through a user group."""
    if not service.names_groups:
        return service.roles_of((person,))
    return service.roles_of(await person_and_groups(session, person))


async def person_and_groups(session: AsyncSession, person: str) -> set[str]:
    """The ids under which the catalog may name ``person``."""
    groups = select(GroupMember.group_id).where(col(GroupMember.person_id) == person)
    return {person, *(await session.exec(groups)).all()}


async def names(session: AsyncSession, people: Iterable[str]) -> dict[str, str]:
    """The names by id; unknown people are left out."""
    wanted = set(people)
    if not wanted:
        return {}
    query = select(Person.id, Person.name).where(col(Person.id).in_(wanted))
    return dict((await session.exec(query)).all())


async def name_of(session: AsyncSession, person: str) -> str:
    """The name of ``person``, or their id when Slack has not told it yet."""
    return (await names(session, [person])).get(person, person)


async def people_called(session: AsyncSession, name: str) -> list[str]:
    """The ids of active people with this name, in any case; two at most.

    If nobody has just that name, it is taken as a first name: ``sam`` is Sam Keller.
    """
    shown = func.lower(Person.name)
    for fits in (shown == name.lower(), shown.startswith(f"{name.lower()} ", autoescape=True)):
        query = select(Person.id).where(fits, col(Person.active).is_(True))
        if found := (await session.exec(query.order_by(col(Person.id)).limit(2))).all():
            return list(found)
    return []


async def remember_first_contact(work: UnitOfWork, person: str, name: str) -> None:
    """Keep the name that came with a click until the directory is read."""
    async with work(SYSTEM) as tx:
        if await tx.session.get(Person, person) is None:
            tx.session.add(Person(id=person, name=name or person))
