"""The later approvals that emergencies are waiting for (docs/process.md#later-approvals)."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.kpi.name_lookup import NameLookup
from models.kpi.queries import in_services
from models.lifecycle.tables.release import Release
from models.releases.approval.decisions import deciders, decisions_by_release
from models.releases.approval.later_progress import incomplete, tally_later

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
    query = incomplete().where(*in_services(Release.service, services))
    rows = (await session.exec(query.limit(READ_LIMIT))).all()
    decisions = await decisions_by_release(session, [release for _, release in rows])
    approvers: dict[int, dict[str, tuple[str, ...]]] = {}
    for progress, release in rows:
        service = catalog.by_key.get(release.service)
        missing = tally_later(progress.required, decisions.get(progress.release_id, ()), release.requester).missing
        approvers[progress.release_id] = {
            role: service.holders(role) if service else () for role, count in missing.items() if count
        }
    people = await NameLookup.load(
        session, (one for roles in approvers.values() for held in roles.values() for one in held)
    )
    return tuple(
        EmergencyToApprove(
            identifier=release.identifier,
            title=release.title,
            due_at=progress.due_at,
            waits_for=people.in_roles(
                approvers[progress.release_id],
                {release.requester, *deciders(decisions.get(progress.release_id, ()))},
            ),
        )
        for progress, release in rows
    )
