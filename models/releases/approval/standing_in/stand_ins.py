"""Who stands in for whom, by the delegations that hold at a moment."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service
from models.lifecycle.tables.approvals import Delegation
from models.membership.tables import Person


def delegation_holds(delegation: Delegation, service: str, now: datetime, away: Collection[str]) -> bool:
    """Whether ``delegation`` holds for ``service`` at ``now``; one without dates while its maker is ``away``."""
    if delegation.stopped_at is not None or (delegation.services and service not in delegation.services):
        return False
    if delegation.starts_at is None and delegation.ends_at is None:
        return delegation.delegator in away
    begun = delegation.starts_at is None or delegation.starts_at <= now
    return begun and (delegation.ends_at is None or now < delegation.ends_at)


async def delegators_of(session: AsyncSession, service: Service, person: str, now: datetime) -> list[str]:
    """The people for whom ``person`` stands in, the oldest delegation first."""
    rows = await _holding(session, service, now, col(Delegation.delegate) == person)
    return [one.delegator for one in rows]


async def delegates_of(
    session: AsyncSession, service: Service, people: Collection[str], now: datetime
) -> dict[str, tuple[str, ...]]:
    """The stand-ins of each of ``people`` who has any; without those who hold no right any more."""
    delegates: dict[str, tuple[str, ...]] = {}
    for one in await _holding(session, service, now, col(Delegation.delegator).in_(people)):
        if one.delegate in service.barred:
            continue
        delegates[one.delegator] = (*delegates.get(one.delegator, ()), one.delegate)
    return delegates


async def delegated_to(session: AsyncSession, person: str) -> list[tuple[Delegation, bool]]:
    """The delegations to ``person`` that nobody stopped, whenever they hold; with whether the delegator is away."""
    return await _unstopped(session, col(Delegation.delegate) == person)


async def _holding(
    session: AsyncSession, service: Service, now: datetime, whose: ColumnElement[bool]
) -> list[Delegation]:
    rows = await _unstopped(session, whose)
    return [one for one, away in rows if delegation_holds(one, service.key, now, (one.delegator,) if away else ())]


async def _unstopped(session: AsyncSession, whose: ColumnElement[bool]) -> list[tuple[Delegation, bool]]:
    query = (
        select(Delegation, Person.away)
        .outerjoin(Person, col(Person.id) == col(Delegation.delegator))
        .where(whose, col(Delegation.stopped_at).is_(None))
        .order_by(col(Delegation.id))
    )
    return [(one, bool(away)) for one, away in (await session.exec(query)).all()]
