"""The later approvals that emergencies are waiting for (docs/process.md#later-approvals)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.kpi.name_lookup import NameLookup
from models.kpi.queries import in_services
from models.lifecycle.requesters import requesters_by_release
from models.lifecycle.tables.release import Release
from models.releases.approval.decisions import decisions_by_release
from models.releases.approval.progress import holders_of_missing, later_progress
from models.releases.approval.queries import incomplete_later_approvals

READ_LIMIT = 100
"""Emergencies read, the earliest due first."""


@dataclass(frozen=True, slots=True)
class EmergencyToApprove:
    """An emergency that needs approvals by ``due_at``; ``waits_for`` has role words and people's names."""

    identifier: str
    title: str
    due_at: datetime
    waits_for: tuple[tuple[str, tuple[str, ...]], ...]


async def emergencies_to_approve(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...]
) -> tuple[EmergencyToApprove, ...]:
    """The earliest due first; no ``services`` means all."""
    query = incomplete_later_approvals().where(*in_services(Release.service, services))
    rows = (await session.exec(query.limit(READ_LIMIT))).all()
    releases = [release for _, release in rows]
    decisions = await decisions_by_release(session, releases)
    requesters = await requesters_by_release(session, releases)
    progress = {
        release.id: later_progress(requirement.required, decisions.get(release.id, ()), requesters[release.id])
        for requirement, release in rows
    }
    waits_for = {
        release.id: holders_of_missing(catalog.by_key.get(release.service), progress[release.id])
        for _, release in rows
    }
    people = await NameLookup.load(
        session, (one for roles in waits_for.values() for held in roles.values() for one in held), catalog.barred
    )
    return tuple(
        EmergencyToApprove(
            identifier=release.identifier,
            title=release.title,
            due_at=requirement.due_at,
            waits_for=people.in_roles(waits_for[release.id], progress[release.id].spent),
        )
        for requirement, release in rows
    )
