from collections.abc import Collection
from zoneinfo import ZoneInfo

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.membership.tables import Person
from models.time.zones import parse_zone


def zone_named(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    """``otherwise`` if this machine knows no zone of that name."""
    try:
        return parse_zone(name)
    except ValueError:
        return otherwise


async def zones_of(session: AsyncSession, people: Collection[str], otherwise: ZoneInfo) -> dict[str, ZoneInfo]:
    """The zones of ``people``; ``otherwise`` for groups and for people who haven't been read from Slack."""
    query = select(Person.id, Person.timezone).where(col(Person.id).in_(people), col(Person.read_at).is_not(None))
    read = dict((await session.exec(query)).all())
    return {one: zone_named(read[one], otherwise) if one in read else otherwise for one in people}


async def person_zone(session: AsyncSession, person: str, otherwise: ZoneInfo) -> ZoneInfo:
    """``otherwise`` for a group or somebody who hasn't been read from Slack."""
    return (await zones_of(session, (person,), otherwise))[person]
