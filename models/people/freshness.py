"""Whether what is known of people is recent enough to decide on: docs/process.md#people-of-the-workspace."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service, is_group
from models.errors import Refused
from models.membership.tables import GroupMember, Person, UserGroup
from models.unit_of_work import Snapshot

TRUSTED = timedelta(days=1)
"""How old membership may be at an approval or at *Go*."""

NOT_CONFIRMED = (
    "Slack doesn't answer, and it is more than a day since it confirmed who may decide here. Nothing was changed. "
    "Try again in a minute."
)


def is_stale(read_at: datetime | None, now: datetime) -> bool:
    """Whether it was read, but too long ago. Who was never read is asked for before anything they do."""
    return read_at is not None and read_at <= now - TRUSTED


async def check_membership(
    snapshot: Snapshot, service: Service, roles: Collection[str], person: str, read_at: datetime | None
) -> None:
    """Raise :class:`~models.errors.Refused` if the right of ``person`` by ``roles`` rests on old facts.

    ``read_at`` is when the person was read from Slack. Groups are looked at only if the catalog doesn't name the
    person in one of ``roles`` itself.
    """
    if is_stale(read_at, snapshot.now):
        raise Refused(NOT_CONFIRMED)
    holders = {subject for role in roles for subject in service.holders(role)}
    if person in holders:
        return
    query = (
        select(UserGroup.read_at)
        .join(GroupMember, col(GroupMember.group_id) == col(UserGroup.id))
        .where(col(GroupMember.person_id) == person, col(UserGroup.id).in_(set(filter(is_group, holders))))
    )
    through = (await snapshot.session.exec(query)).all()
    if through and all(is_stale(one, snapshot.now) for one in through):
        raise Refused(NOT_CONFIRMED)


async def check_membership_of_actor(snapshot: Snapshot, service: Service, roles: Collection[str]) -> None:
    """:func:`check_membership` for a caller that hasn't read when the actor was read."""
    person = snapshot.actor.person
    read = await last_read(snapshot.session, [person])
    await check_membership(snapshot, service, roles, person, read.get(person))


async def last_read(session: AsyncSession, people: Iterable[str]) -> dict[str, datetime]:
    """When each of ``people`` was read from Slack; without those who never were."""
    query = select(Person.id, Person.read_at).where(
        col(Person.id).in_(set(people)), col(Person.read_at).is_not(None)
    )
    return {person: at for person, at in (await session.exec(query)).all() if at}


async def groups_last_read(session: AsyncSession, groups: Iterable[str]) -> dict[str, datetime]:
    """As :func:`last_read`."""
    return dict(
        (
            await session.exec(select(UserGroup.id, UserGroup.read_at).where(col(UserGroup.id).in_(set(groups))))
        ).all()
    )
