"""The approvals that emergencies owe and that wait for one person, for their Home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.releases.afterwards import OWES_NOTHING, tally_afterwards, would_count
from models.releases.approval_tables import Afterwards
from models.releases.decided import deciders
from models.releases.standing_in import Standing, standings
from models.releases.tables import Decision, Release

READ = 40
"""Emergencies that are looked through, those that are due first."""

Roles = Mapping[str, frozenset[str]]
"""Roles by whoever holds them."""


@dataclass(frozen=True, slots=True)
class OwedApproval:
    """An emergency that went first, and the roles whose approvals it still owes until ``due_at``."""

    release_id: int
    round: int
    identifier: str
    title: str
    due_at: datetime
    missing: tuple[str, ...]


async def owed_approvals(
    session: AsyncSession, person: str, held: Mapping[str, frozenset[str]], others: Mapping[str, Roles]
) -> tuple[OwedApproval, ...]:
    """What waits for ``person``, who holds ``held`` roles by service, and stands in for ``others`` there."""
    query = (
        select(Afterwards, Release)
        .join(
            Release,
            and_(col(Release.id) == col(Afterwards.release_id), col(Release.round) == col(Afterwards.round)),
        )
        .where(
            col(Afterwards.completed_at).is_(None),
            col(Release.state).not_in(OWES_NOTHING),
            col(Release.service).in_({*held, *others}),
            col(Release.requester) != person,
        )
        .order_by(col(Afterwards.due_at), col(Release.id))
        .limit(READ)
    )
    rows = (await session.exec(query)).all()
    decided = await _decided(session, [owed for owed, _ in rows])
    found = []
    for owed, release in rows:
        decisions = decided.get((owed.release_id, owed.round), [])
        if person in deciders(decisions):
            continue
        own = Standing(tuple(role for role in owed.required if role in held.get(release.service, ())))
        absent = others.get(release.service, {})
        stand_ins = standings(person, release.requester, owed.required, absent, absent)
        if would_count(owed, decisions, release.requester, person, (own, *stand_ins)):
            missing = tally_afterwards(owed.required, decisions, release.requester).missing
            roles = tuple(role for role, count in missing.items() if count)
            found.append(
                OwedApproval(owed.release_id, owed.round, release.identifier, release.title, owed.due_at, roles)
            )
    return tuple(found)


async def _decided(session: AsyncSession, owed: Sequence[Afterwards]) -> dict[tuple[int, int], list[Decision]]:
    query = select(Decision).where(col(Decision.release_id).in_([one.release_id for one in owed]))
    found: dict[tuple[int, int], list[Decision]] = {}
    for one in (await session.exec(query.order_by(col(Decision.id)))).all():
        found.setdefault((one.release_id, one.round), []).append(one)
    return found
