"""Who may decide in place of whom: in the roles that the delegator holds (DOMAIN.md, approval rules).

The rules do no I/O: a delegation reaches one step only, the requester never acts for anybody on their own release,
and nobody acts for the requester.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service
from models.lifecycle.tables.approvals import Delegation
from models.people.directory import Person, roles_of


@dataclass(frozen=True, slots=True)
class DecisionRight:
    """The roles in which somebody decides; ``standing_in_for`` whom, or empty for themselves."""

    roles: tuple[str, ...]
    standing_in_for: str = ""


def delegation_holds(delegation: Delegation, service: str, now: datetime, away: Collection[str]) -> bool:
    """Whether ``delegation`` holds for ``service`` at ``now``; one without dates while its maker is ``away``."""
    if delegation.stopped_at is not None or (delegation.services and service not in delegation.services):
        return False
    if delegation.starts_at is None and delegation.ends_at is None:
        return delegation.delegator in away
    begun = delegation.starts_at is None or delegation.starts_at <= now
    return begun and (delegation.ends_at is None or now < delegation.ends_at)


def decision_rights(
    person: str,
    requester: str,
    required: Iterable[str],
    delegators: Iterable[str],
    held: Mapping[str, Collection[str]],
) -> list[DecisionRight]:
    """In which of the ``required`` roles ``person`` may decide for each of ``delegators``.

    ``held`` gives the roles that the catalog itself gives to each delegator: what somebody only stands in for
    cannot be passed on.
    """
    if person == requester:
        return []
    asked = tuple(required)
    found = []
    for delegator in dict.fromkeys(delegators):
        roles = tuple(role for role in asked if role in held.get(delegator, ()))
        if roles and delegator not in (person, requester):
            found.append(DecisionRight(roles, delegator))
    return found


async def decision_rights_of(
    session: AsyncSession, service: Service, required: Iterable[str], person: str, requester: str, now: datetime
) -> list[DecisionRight]:
    """Whom ``person`` may stand in for at ``now`` in ``service``, the oldest delegation first."""
    rows = await _rows(session, service, now, col(Delegation.delegate) == person)
    delegators = [one.delegator for one in rows]
    held = {one: await roles_of(session, service, one) for one in delegators}
    return decision_rights(person, requester, required, delegators, held)


async def delegates_of(
    session: AsyncSession, service: Service, people: Collection[str], now: datetime
) -> dict[str, tuple[str, ...]]:
    """For each of ``people`` who has any, the people who may stand in for them in ``service`` at ``now``."""
    found: dict[str, tuple[str, ...]] = {}
    for one in await _rows(session, service, now, col(Delegation.delegator).in_(people)):
        found[one.delegator] = (*found.get(one.delegator, ()), one.delegate)
    return found


async def delegated_to(session: AsyncSession, person: str) -> list[tuple[Delegation, bool]]:
    """What others have delegated to ``person``, whenever it holds, each with whether its maker is away now."""
    query = (
        select(Delegation, Person.away)
        .outerjoin(Person, col(Person.id) == col(Delegation.delegator))
        .where(col(Delegation.delegate) == person, col(Delegation.stopped_at).is_(None))
    )
    return [(one, bool(away)) for one, away in (await session.exec(query.order_by(col(Delegation.id)))).all()]


async def _rows(session: AsyncSession, service: Service, now: datetime, whose: object) -> list[Delegation]:
    query = (
        select(Delegation, Person.away)
        .outerjoin(Person, col(Person.id) == col(Delegation.delegator))
        .where(whose, col(Delegation.stopped_at).is_(None))  # type: ignore[arg-type]
        .order_by(col(Delegation.id))
    )
    rows = (await session.exec(query)).all()
    return [one for one, away in rows if delegation_holds(one, service.key, now, (one.delegator,) if away else ())]
