"""Who holds which role, and what people are called. People who hold no right at all are left out of every role."""

from collections.abc import Collection, Iterable

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service, is_group
from models.events import SYSTEM
from models.membership.rights import Kind
from models.membership.tables import GroupMember, Person, UserGroup
from models.unit_of_work import UnitOfWork


async def expand(session: AsyncSession, subjects: Iterable[str], barred: Collection[str] = frozenset()) -> set[str]:
    """The people in ``subjects``, with user groups replaced by their members, and without those ``barred``."""
    wanted = set(subjects).difference(barred)
    groups = set(filter(is_group, wanted))
    people = wanted - groups
    if groups:
        members = select(GroupMember.person_id).where(col(GroupMember.group_id).in_(groups))
        people |= set((await session.exec(members)).all())
    return people.difference(barred)


async def people_in(session: AsyncSession, service: Service, role: str) -> set[str]:
    """The people who hold ``role`` in ``service``, with groups expanded."""
    return await expand(session, service.holders(role), service.barred)


async def unread_groups(session: AsyncSession, service: Service, roles: Iterable[str]) -> list[str]:
    """The user groups in ``roles`` whose members haven't been read yet."""
    groups = {subject for role in roles for subject in service.holders(role) if is_group(subject)}
    if not groups:
        return []
    known = set((await session.exec(select(UserGroup.id).where(col(UserGroup.id).in_(groups)))).all())
    return sorted(groups - known)


async def roles_of(session: AsyncSession, service: Service, person: str) -> frozenset[str]:
    """The roles that ``person`` holds in ``service``, directly or through a user group."""
    if not service.names_groups or person in service.barred:
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
        query = select(Person.id).where(fits, col(Person.active).is_(True), col(Person.kind) != Kind.BOT)
        if found := (await session.exec(query.order_by(col(Person.id)).limit(2))).all():
            return list(found)
    return []


async def remember_first_contact(work: UnitOfWork, person: str, name: str) -> None:
    """Keep the name that came with a click until the directory is read."""
    async with work(SYSTEM) as tx:
        if await tx.session.get(Person, person) is None:
            tx.session.add(Person(id=person, name=name or person))
