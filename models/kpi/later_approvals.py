"""What emergencies owe that went out before their approvals: the part of a digest that names whom it waits for."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.kpi.people import People
from models.lifecycle.tables.release import Release
from models.releases.approval.decisions import decisions_by_release
from models.releases.approval.progress import holders_of_missing, later_progress
from models.releases.approval.queries import incomplete_later_approvals

READ = 100
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
    query = incomplete_later_approvals()
    if services:
        query = query.where(col(Release.service).in_(services))
    rows = (await session.exec(query.limit(READ))).all()
    decisions = await decisions_by_release(session, [release for _, release in rows])
    progress = {
        release.id: later_progress(owed.required, decisions.get(release.id, ()), release.requester)
        for owed, release in rows
    }
    waits_for = {
        release.id: holders_of_missing(catalog.by_key.get(release.service), progress[release.id])
        for _, release in rows
    }
    people = await People.known(
        session, (one for roles in waits_for.values() for held in roles.values() for one in held)
    )
    return tuple(
        EmergencyToApprove(
            identifier=release.identifier,
            title=release.title,
            due_at=owed.due_at,
            waits_for=people.in_roles(waits_for[release.id], progress[release.id].spent),
        )
        for owed, release in rows
    )
