"""What is ahead and what needs somebody: the part of a digest below the figures (docs/process.md#digest)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendar.schedule import freezes_of_window
from models.catalog.document import Catalog, Service
from models.catalog.related_services import related
from models.catalog.roles import DEPLOYERS, RELEASE_MANAGER
from models.freezes.in_force import typed_between
from models.kpi.later_approvals import EmergencyToApprove, emergencies_to_approve
from models.kpi.name_lookup import NameLookup
from models.kpi.queries import in_services
from models.lifecycle.access import holders_that_answer, roles_that_answer
from models.lifecycle.lifecycle import CHASED, OPEN, State, Verb, transition
from models.lifecycle.overlaps import Planned, conflicts
from models.lifecycle.requesters import requesters_by_release
from models.lifecycle.tables.activities import Activities
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.clearance import WindowWatch
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.lifecycle.window_state import WATCHED, WindowState, deployment_end, window_state
from models.releases.approval.decisions import decisions_by_release
from models.releases.approval.progress import ApprovalProgress, holders_of_missing, quorum_progress
from models.releases.approval.rounds.rules import RoundRules
from models.releases.approval.rounds.store import rules_by_release
from models.releases.plan.owners import owner_words, owners
from models.releases.plan.queries import is_overdue
from models.support.numbers import known_error_number
from models.support.queries import lacks_workaround
from models.support.tables import IncidentLink, KnownError

AHEAD = timedelta(days=7)
"""How far a digest looks ahead: a week always holds the next five working days."""

READ_LIMIT = 500
"""Entries read of each kind; a message shows fewer (docs/slack-facts.md#limits)."""

WORST = 5
"""Known errors without a workaround that are listed; the others are only counted."""


@dataclass(frozen=True, slots=True)
class ReleaseGoingOut:
    """``conflicts`` are the identifiers of releases with conflicting windows.

    ``freezes`` are those during its window, as ``(name, kind)``.
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
    window: WindowState = WindowState.IN_TIME


@dataclass(frozen=True, slots=True)
class TroubledWindow:
    """A release that missed its window, which ended at ``since``, or overruns it. ``waits_for`` are names."""

    identifier: str
    title: str
    window: WindowState
    since: datetime
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UndecidedRelease:
    """A release that waits for approval; ``waits_for`` has role words and people's names."""

    identifier: str
    title: str
    since: datetime
    waits_for: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class OverdueMilestone:
    """``owners`` are names; the role's if it has no owners."""

    identifier: str
    title: str
    due_at: datetime
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaitingHandover:
    """A handover offered to operations; ``waits_for`` are the names of those who may accept it."""

    identifier: str
    title: str
    since: datetime
    waits_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KnownErrorWithoutWorkaround:
    number: str
    title: str
    service_name: str
    incidents: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """As of ``at``. ``without_workaround_count`` includes those that are not listed."""

    at: datetime
    going_out: tuple[ReleaseGoingOut, ...]
    undecided: tuple[UndecidedRelease, ...]
    overdue: tuple[OverdueMilestone, ...]
    without_workaround: tuple[KnownErrorWithoutWorkaround, ...]
    without_workaround_count: int
    handovers: tuple[WaitingHandover, ...] = ()
    later_approvals: tuple[EmergencyToApprove, ...] = ()
    windows: tuple[TroubledWindow, ...] = ()
    """Missed and overrun ones: they come first."""


async def outlook(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...], now: datetime, *, ahead: timedelta | None
) -> Outlook:
    """No ``services`` means all; ``ahead`` None means no end."""
    without_workaround_count, without_workaround = await _without_workaround(session, catalog, services)
    return Outlook(
        at=now,
        going_out=await _upcoming(session, catalog, services, now, ahead),
        undecided=await _undecided(session, catalog, services),
        overdue=await _overdue(session, catalog, services, now),
        without_workaround=without_workaround,
        without_workaround_count=without_workaround_count,
        handovers=await _handovers(session, catalog, services),
        later_approvals=await emergencies_to_approve(session, catalog, services),
        windows=await _windows(session, catalog, services, now),
    )


async def _upcoming(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...], now: datetime, ahead: timedelta | None
) -> tuple[ReleaseGoingOut, ...]:
    """By window. Conflicts are searched in all services: a release outside the digest may be in the way."""
    still_ahead = or_(
        and_(col(Release.state).in_(OPEN), col(Release.window_end) > now),
        col(Release.state) == State.DEPLOYING,
    )
    query = (
        select(Release).where(still_ahead).order_by(col(Release.window_start), col(Release.id)).limit(READ_LIMIT)
    )
    rows = (await session.exec(query)).all()
    planned = [Planned.of(row) for row in rows]
    conflicting = conflicts(planned, related(catalog))
    typed = await typed_between(session, now, None)
    return tuple(
        ReleaseGoingOut(
            identifier=row.identifier,
            title=row.title,
            service_name=catalog.service_name(row.service),
            type=row.type,
            state=row.state,
            window_start=row.window_start,
            window_end=row.window_end,
            conflicts=conflicting.get(row.id, ()),
            freezes=freezes_of_window(catalog, row.service, row.window_start, row.window_end, typed),
            window=window_state(row, now),
        )
        for row in rows
        if (not services or row.service in services) and (ahead is None or row.window_start < now + ahead)
    )


async def _windows(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...], now: datetime
) -> tuple[TroubledWindow, ...]:
    """The overrun ones first, then by when they ended. Those that were past at the upgrade are left out."""
    query = (
        select(Release)
        .outerjoin(WindowWatch, col(WindowWatch.release_id) == col(Release.id))
        .where(
            col(Release.state).in_(WATCHED),
            col(Release.window_end) <= now,
            or_(col(WindowWatch.quiet).is_(None), col(WindowWatch.quiet).is_(False)),
            *in_services(Release.service, services),
        )
        .order_by(col(Release.window_end), col(Release.id))
        .limit(READ_LIMIT)
    )
    found = [(row, window_state(row, now)) for row in (await session.exec(query)).all()]
    troubled = sorted((one for one in found if one[1]), key=lambda one: one[1] is not WindowState.OVERRUNNING)
    asked = {row.id: _asked(catalog, row, window) for row, window in troubled}
    people = await NameLookup.load(session, (one for held in asked.values() for one in held), catalog.barred)
    return tuple(
        TroubledWindow(row.identifier, row.title, window, deployment_end(row), people.names_of(asked[row.id]))
        for row, window in troubled
    )


def _asked(catalog: Catalog, row: Release, window: WindowState) -> tuple[str, ...]:
    """Whoever moves a missed window, or ends an overrun one."""
    service = catalog.by_key.get(row.service)
    if window is WindowState.MISSED:
        return tuple(dict.fromkeys((row.requester, *holders_that_answer(service, (RELEASE_MANAGER,)))))
    return holders_that_answer(service, DEPLOYERS)


async def _undecided(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...]
) -> tuple[UndecidedRelease, ...]:
    """The longest waiting first."""
    query = select(Release).where(col(Release.state) == State.REQUESTED, *in_services(Release.service, services))
    rows = (await session.exec(query.order_by(col(Release.state_since), col(Release.id)).limit(READ_LIMIT))).all()
    decisions = await decisions_by_release(session, rows)
    rules = await rules_by_release(session, catalog, rows)
    requesters = await requesters_by_release(session, rows)
    progress = {row.id: _progress(rules.get(row.id), requesters[row.id], decisions.get(row.id, ())) for row in rows}
    waits_for = {row.id: holders_of_missing(catalog.by_key.get(row.service), progress[row.id]) for row in rows}
    people = await NameLookup.load(
        session, (one for roles in waits_for.values() for held in roles.values() for one in held), catalog.barred
    )
    return tuple(
        UndecidedRelease(
            identifier=row.identifier,
            title=row.title,
            since=row.state_since,
            waits_for=people.in_roles(waits_for[row.id], progress[row.id].spent),
        )
        for row in rows
    )


async def _overdue(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...], now: datetime
) -> tuple[OverdueMilestone, ...]:
    """The longest overdue first. As in the plan, what was due earlier today is not overdue yet."""
    query = (
        select(PlanTask, Release)
        .join(Release, col(Release.id) == col(PlanTask.release_id))
        .where(
            col(PlanTask.milestone).is_(True),
            col(PlanTask.done_at).is_(None),
            col(PlanTask.due_at) < now,
            col(Release.state).in_(CHASED),
            *in_services(Release.service, services),
        )
        .order_by(col(PlanTask.due_at), col(PlanTask.id))
        .limit(READ_LIMIT)
    )
    rows = [
        (task, release)
        for task, release in (await session.exec(query)).all()
        if is_overdue(task, catalog, catalog.by_key.get(release.service), now)
    ]
    held = {task.id: owners(catalog.by_key.get(release.service), task) for task, release in rows}
    people = await NameLookup.load(session, (one for owned in held.values() for one in owned), catalog.barred)
    return tuple(
        OverdueMilestone(
            identifier=release.identifier,
            title=task.title,
            due_at=task.due_at,
            owners=people.names_of(held[task.id]) or (owner_words(catalog.by_key.get(release.service), task),),
        )
        for task, release in rows
    )


async def _handovers(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...]
) -> tuple[WaitingHandover, ...]:
    """The longest waiting first."""
    query = (
        select(Release, Activities.offered_at)
        .join(Activities, col(Activities.release_id) == col(Release.id))
        .where(
            col(Release.state) == State.EARLY_LIFE_SUPPORT,
            col(Activities.offered_at).is_not(None),
            *in_services(Release.service, services),
        )
        .order_by(col(Activities.offered_at), col(Release.id))
        .limit(READ_LIMIT)
    )
    rows = (await session.exec(query)).all()
    accepters = {release.id: _handover_accepters(catalog.by_key.get(release.service)) for release, _ in rows}
    people = await NameLookup.load(session, (one for held in accepters.values() for one in held), catalog.barred)
    return tuple(
        WaitingHandover(release.identifier, release.title, since, people.names_of(accepters[release.id]))
        for release, since in rows
        if since
    )


async def _without_workaround(
    session: AsyncSession, catalog: Catalog, services: tuple[str, ...]
) -> tuple[int, tuple[KnownErrorWithoutWorkaround, ...]]:
    """Their number, and those with the most incidents."""
    links = func.count(col(IncidentLink.incident))
    conditions = (
        col(KnownError.resolved_at).is_(None),
        lacks_workaround(),
        *in_services(KnownError.service, services),
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
        KnownErrorWithoutWorkaround(
            known_error_number(id_), title, catalog.service_name(service) if service else "", incidents
        )
        for id_, title, service, incidents in rows
    )


def _progress(
    rules: RoundRules | None, requesters: frozenset[str], decisions: Sequence[Decision]
) -> ApprovalProgress:
    """Without rules nothing is required."""
    return quorum_progress(rules.required if rules else {}, decisions, requesters)


def _handover_accepters(service: Service | None) -> tuple[str, ...]:
    row = transition(Verb.ACCEPT_HANDOVER, State.EARLY_LIFE_SUPPORT)
    if service is None or row is None:
        return ()
    return tuple(
        dict.fromkeys(one for role in roles_that_answer(service, row.who) for one in service.holders(role))
    )
