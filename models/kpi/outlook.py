"""What is ahead and what needs somebody: the part of a digest that is not a figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendar.schedule import freezes_of_window
from models.catalog.document import Catalog, Service
from models.catalog.related_services import related
from models.kpi.later_approvals import EmergencyToApprove, emergencies_to_approve
from models.kpi.people import People
from models.lifecycle.access import roles_that_answer
from models.lifecycle.lifecycle import CHASED, OPEN, State, Verb, transition
from models.lifecycle.overlaps import Planned, conflicts
from models.lifecycle.tables.activities import Activities
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.releases.approval.decisions import decisions_by_release
from models.releases.approval.progress import ApprovalProgress, holders_of_missing, quorum_progress
from models.releases.plan.owners import owner_words, owners
from models.releases.plan.queries import is_overdue
from models.support.tables import IncidentLink, KnownError

AHEAD = timedelta(days=7)
"""How far a digest looks: a week always holds the next five working days."""

READ = 500
"""Entries of each kind that are read at most; what is shown is less (SLACK, *Limits*)."""

WORST = 5
"""Known errors without a workaround that are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class GoingOut:
    """A release on its way to production; ``conflicts`` names those whose windows get in its way.

    ``freezes`` are those that hold during its window, as ``(name, kind)``.
    """

    identifier: str
    title: str
    service_name: str
    type: str
    state: str
    window_start: datetime
    window_end: datetime
    conflicts: tuple[str, ...]
    freezes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """A release waiting for approval: since when, and for whom by role (roles in words, people by name)."""

    identifier: str
    title: str
    since: datetime
    waits_for: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Overdue:
    """A milestone whose date has passed, and the names of its owners; without any, of its role."""

    identifier: str
    title: str
    due_at: datetime
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Handover:
    """A release that operations was offered: since when, and the names of those who may accept it."""

    identifier: str
    title: str
    since: datetime
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bare:
    """An unresolved known error without a workaround, and how many incidents are linked to it."""

    number: str
    title: str
    service_name: str
    incidents: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is ahead and what needs somebody, seen at ``at``. ``bare_count`` counts beyond those that are named."""

    at: datetime
    going_out: tuple[GoingOut, ...]
    undecided: tuple[Undecided, ...]
    overdue: tuple[Overdue, ...]
    bare: tuple[Bare, ...]
    bare_count: int
    handovers: tuple[Handover, ...] = ()
    owing: tuple[EmergencyToApprove, ...] = ()


async def outlook(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...], now: datetime, *, ahead: timedelta | None
) -> Outlook:
    """What is ahead for ``services`` (none means all) within ``ahead``, or without an end."""
    bare_count, bare = await _bare(session, catalog, services)
    return Outlook(
        at=now,
        going_out=await _going_out(session, catalog, services, now, ahead),
        undecided=await _undecided(session, catalog, services),
        overdue=await _overdue(session, catalog, services, now),
        bare=bare,
        bare_count=bare_count,
        handovers=await _handovers(session, catalog, services),
        owing=await emergencies_to_approve(session, catalog, services),
    )


async def _going_out(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...], now: datetime, ahead: timedelta | None
) -> tuple[GoingOut, ...]:
    """By window. Conflicts are looked for among all services: a release outside the digest may be in the way."""
    still_ahead = or_(
        and_(col(Release.state).in_(OPEN), col(Release.window_end) > now),
        col(Release.state) == State.DEPLOYING,
    )
    query = select(Release).where(still_ahead).order_by(col(Release.window_start), col(Release.id)).limit(READ)
    rows = (await session.exec(query)).all()
    planned = [Planned.of(row) for row in rows]
    in_the_way = conflicts(planned, related(catalog))
    return tuple(
        GoingOut(
            identifier=row.identifier,
            title=row.title,
            service_name=catalog.service_name(row.service),
            type=row.type,
            state=row.state,
            window_start=row.window_start,
            window_end=row.window_end,
            conflicts=in_the_way.get(row.id, ()),
            freezes=freezes_of_window(catalog, row.service, row.window_start, row.window_end),
        )
        for row in rows
        if (not services or row.service in services) and (ahead is None or row.window_start < now + ahead)
    )


async def _undecided(session: AsyncSession, catalog: Catalog, services: tuple[str, ...]) -> tuple[Undecided, ...]:
    """The longest waiting first."""
    query = select(Release).where(col(Release.state) == State.REQUESTED, *_about(Release.service, services))
    rows = (await session.exec(query.order_by(col(Release.state_since), col(Release.id)).limit(READ))).all()
    decisions = await decisions_by_release(session, rows)
    progress = {row.id: _progress(catalog, row, decisions.get(row.id, ())) for row in rows}
    waits_for = {row.id: holders_of_missing(catalog.by_key.get(row.service), progress[row.id]) for row in rows}
    people = await People.known(
        session, (one for roles in waits_for.values() for held in roles.values() for one in held)
    )
    return tuple(
        Undecided(
            identifier=row.identifier,
            title=row.title,
            since=row.state_since,
            waits_for=people.in_roles(waits_for[row.id], progress[row.id].spent),
        )
        for row in rows
    )


async def _overdue(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...], now: datetime
) -> tuple[Overdue, ...]:
    """The longest overdue first: what the plan calls overdue, so not what was due earlier today."""
    query = (
        select(PlanTask, Release)
        .join(Release, col(Release.id) == col(PlanTask.release_id))
        .where(
            col(PlanTask.milestone).is_(True),
            col(PlanTask.done_at).is_(None),
            col(PlanTask.due_at) < now,
            col(Release.state).in_(CHASED),
            *_about(Release.service, services),
        )
        .order_by(col(PlanTask.due_at), col(PlanTask.id))
        .limit(READ)
    )
    rows = [
        (task, release)
        for task, release in (await session.exec(query)).all()
        if is_overdue(task, catalog, catalog.by_key.get(release.service), now)
    ]
    held = {task.id: owners(catalog.by_key.get(release.service), task) for task, release in rows}
    people = await People.known(session, (one for owned in held.values() for one in owned))
    return tuple(
        Overdue(
            identifier=release.identifier,
            title=task.title,
            due_at=task.due_at,
            owners=people.called(held[task.id]) or (owner_words(catalog.by_key.get(release.service), task),),
        )
        for task, release in rows
    )


async def _handovers(session: AsyncSession, catalog: Catalog, services: tuple[str, ...]) -> tuple[Handover, ...]:
    """The longest waiting first."""
    query = (
        select(Release, Activities.offered_at)
        .join(Activities, col(Activities.release_id) == col(Release.id))
        .where(
            col(Release.state) == State.EARLY_LIFE_SUPPORT,
            col(Activities.offered_at).is_not(None),
            *_about(Release.service, services),
        )
        .order_by(col(Activities.offered_at), col(Release.id))
        .limit(READ)
    )
    rows = (await session.exec(query)).all()
    asked = {release.id: _accepting(catalog.by_key.get(release.service)) for release, _ in rows}
    people = await People.known(session, (one for held in asked.values() for one in held))
    return tuple(
        Handover(release.identifier, release.title, since, people.called(asked[release.id]))
        for release, since in rows
        if since
    )


async def _bare(session: AsyncSession, catalog: Catalog, services: tuple[str, ...]) -> tuple[int, tuple[Bare, ...]]:
    """How many there are, and those that explain the most incidents."""
    links = func.count(col(IncidentLink.incident))
    conditions = (
        col(KnownError.resolved_at).is_(None),
        func.trim(col(KnownError.workaround)) == "",
        *_about(KnownError.service, services),
    )
    count = (await session.exec(select(func.count()).select_from(KnownError).where(*conditions))).one()
    query = (
        select(col(KnownError.id), col(KnownError.title), col(KnownError.service), links)
        .outerjoin(IncidentLink, col(IncidentLink.known_error_id) == col(KnownError.id))
        .where(*conditions)
        .group_by(col(KnownError.id), col(KnownError.title), col(KnownError.service))
        .order_by(links.desc(), col(KnownError.id))
        .limit(WORST)
    )
    rows = (await session.exec(query)).all()
    return count, tuple(
        Bare(f"KE-{number}", title, catalog.service_name(service) if service else "", incidents)
        for number, title, service, incidents in rows
    )


def _progress(catalog: Catalog, row: Release, decisions: Sequence[Decision]) -> ApprovalProgress:
    """Of a type that the catalog no longer knows nothing is required."""
    service = catalog.by_key.get(row.service)
    kind = service.policy.types.get(row.type) if service else None
    return quorum_progress(kind.approvals if kind else {}, decisions, row.requester)


def _accepting(service: Service | None) -> tuple[str, ...]:
    """Who may accept a handover of ``service``."""
    row = transition(Verb.ACCEPT_HANDOVER, State.EARLY_LIFE_SUPPORT)
    if service is None or row is None:
        return ()
    return tuple(
        dict.fromkeys(one for role in roles_that_answer(service, row.who) for one in service.holders(role))
    )


def _about(service: Any, services: tuple[str, ...]) -> list[Any]:
    return [col(service).in_(services)] if services else []
