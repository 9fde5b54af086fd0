"""What emergencies owe that went out before their approvals: the part of a digest that names whom it waits for."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.kpi.name_lookup import NameLookup
from models.lifecycle.tables.release import Release
from models.releases.approval.decisions import deciders, decisions_by_release
from models.releases.approval.later_progress import incomplete, tally_later

READ_LIMIT = 100
"""Emergencies that are read at most, the earliest due first."""


@dataclass(frozen=True, slots=True)
class EmergencyToApprove:
    """An emergency that owes approvals by ``due_at``, and of whom by role (roles in words, people by name)."""

    identifier: str
    title: str
    due_at: datetime
    waits_for: tuple[tuple[str, tuple[str, ...]], ...]


async def emergencies_to_approve(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...]
) -> tuple[EmergencyToApprove, ...]:
    """The earliest due first; of all services where none is named."""
    query = incomplete()
    if services:
        query = query.where(col(Release.service).in_(services))
    rows = (await session.exec(query.limit(READ_LIMIT))).all()
    decisions = await decisions_by_release(session, [release for _, release in rows])
    asked: dict[int, dict[str, tuple[str, ...]]] = {}
    for owed, release in rows:
        service = catalog.by_key.get(release.service)
        missing = tally_later(owed.required, decisions.get(owed.release_id, ()), release.requester).missing
        asked[owed.release_id] = {
            role: service.holders(role) if service else () for role, count in missing.items() if count
        }
    people = await NameLookup.known(
        session, (one for roles in asked.values() for held in roles.values() for one in held)
    )
    return tuple(
        EmergencyToApprove(
            identifier=release.identifier,
            title=release.title,
            due_at=owed.due_at,
            waits_for=people.in_roles(
                asked[owed.release_id], {release.requester, *deciders(decisions.get(owed.release_id, ()))}
            ),
        )
        for owed, release in rows
    )
