"""The requests that wait for the approval of one person: the first part of their Home."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.lifecycle.lifecycle import State
from models.lifecycle.requesters import requesters_by_release
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.release import Release
from models.people.directory import names
from models.releases.approval.decisions import deciders, decisions_by_release
from models.releases.approval.progress import quorum_progress
from models.releases.approval.rights import approval_would_count
from models.releases.approval.rounds.store import rules_by_release

ENTRIES_READ = 100
"""Entries of each kind that are read; a Home shows what fits of them and says how many more there are."""

REQUESTS_READ = 300
"""Requests that are looked through for those that one may still decide on."""

RolesByService = Mapping[str, frozenset[str]]
"""The roles that somebody holds, by the key of the service."""


@dataclass(frozen=True, slots=True)
class WaitingApproval:
    """A release on which the person may still decide. ``missing`` are the roles that have not approved."""

    release_id: int
    round: int
    identifier: str
    title: str
    type: str
    service_name: str
    window_start: datetime
    since: datetime
    requester_name: str
    missing: tuple[str, ...]


async def waiting_approvals(
    session: AsyncSession, catalog: Catalog, person: str, held: RolesByService, others: Mapping[str, RolesByService]
) -> list[WaitingApproval]:
    """The longest waiting first; ``held`` and ``others`` are as in :mod:`models.home.later_approvals`."""
    query = select(Release).where(
        col(Release.state) == State.REQUESTED,
        col(Release.service).in_({*held, *others}),
        col(Release.requester) != person,
    )
    query = query.order_by(col(Release.state_since), col(Release.id)).limit(REQUESTS_READ)
    releases = (await session.exec(query)).all()
    decisions = await decisions_by_release(session, releases)
    rules = await rules_by_release(session, catalog, releases)
    requesters = await requesters_by_release(session, releases)
    called = await names(session, {release.requester for release in releases})
    found = []
    for release in releases:
        decided = decisions.get(release.id, [])
        service = catalog.by_key[release.service]
        own = held.get(release.service, frozenset())
        required = rules[release.id].required if release.id in rules else {}
        missing = _missing(required, requesters[release.id], decided, person, own, others.get(release.service, {}))
        if missing:
            found.append(_waiting(service, release, missing, called))
    return found[:ENTRIES_READ]


def _missing(
    required: Mapping[str, int],
    requesters: frozenset[str],
    decided: Sequence[Decision],
    person: str,
    roles: frozenset[str],
    others: RolesByService,
) -> tuple[str, ...]:
    """The roles still missing, when an approval by ``person`` would bring the release on; else nothing.

    ``roles`` are their own, ``others`` those of whom they may stand in for.
    """
    if person in deciders(decided):
        return ()
    progress = quorum_progress(required, decided, requesters)
    return progress.tally().missing_roles if approval_would_count(progress, person, roles, others) else ()


def _waiting(
    service: Service, release: Release, missing: tuple[str, ...], called: Mapping[str, str]
) -> WaitingApproval:
    return WaitingApproval(
        release_id=release.id,
        round=release.round,
        identifier=release.identifier,
        title=release.title,
        type=release.type,
        service_name=service.name,
        window_start=release.window_start,
        since=release.state_since,
        requester_name=called.get(release.requester, release.requester),
        missing=missing,
    )
