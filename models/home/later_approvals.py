"""What emergencies still owe that waits for one person, for their Home."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.home.approvals import ENTRIES_READ, RolesByService
from models.lifecycle.requesters import requesters_by_release
from models.lifecycle.tables.release import Release
from models.releases.approval.decisions import decisions_by_release
from models.releases.approval.progress import later_progress
from models.releases.approval.queries import incomplete_later_approvals
from models.releases.approval.rights import approval_would_count

EMERGENCIES_READ = 100
"""Emergencies that are looked through, the earliest due first."""


@dataclass(frozen=True, slots=True)
class WaitingLaterApproval:
    """An emergency whose owed approvals the person can bring on, by ``due_at``; ``missing`` are the roles owed."""

    release_id: int
    round: int
    identifier: str
    title: str
    service_name: str
    due_at: datetime
    late: bool
    missing: tuple[str, ...]


async def waiting_later_approvals(
    session: AsyncSession,
    catalog: Catalog,
    person: str,
    held: RolesByService,
    others: Mapping[str, RolesByService],
    now: datetime,
) -> tuple[WaitingLaterApproval, ...]:
    """What ``person`` may give, who holds ``held`` roles by service.

    ``others`` are, by service, the roles of those whom they may stand in for.
    """
    query = incomplete_later_approvals().where(
        col(Release.service).in_({*held, *others}), col(Release.requester) != person
    )
    rows = (await session.exec(query.limit(EMERGENCIES_READ))).all()
    releases = [release for _, release in rows]
    decisions = await decisions_by_release(session, releases)
    requesters = await requesters_by_release(session, releases)
    found = []
    for owed, release in rows:
        progress = later_progress(owed.required, decisions.get(owed.release_id, ()), requesters[release.id])
        if approval_would_count(progress, person, held.get(release.service, ()), others.get(release.service, {})):
            found.append(
                WaitingLaterApproval(
                    release_id=owed.release_id,
                    round=owed.round,
                    identifier=release.identifier,
                    title=release.title,
                    service_name=catalog.by_key[release.service].name,
                    due_at=owed.due_at,
                    late=owed.due_at < now,
                    missing=progress.tally().missing_roles,
                )
            )
    return tuple(found[:ENTRIES_READ])
