from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import OWNER, Catalog, Service
from models.catalog.roles import RELEASE_MANAGER as MANAGER
from models.environments.queries import offers_to_answer, requests_to_arbitrate
from models.home.approvals import ENTRIES_READ, RolesByService, WaitingApproval, waiting_approvals
from models.home.later_approvals import WaitingLaterApproval, waiting_later_approvals
from models.home.waiting_steps import WaitingStep, waiting_steps
from models.kpi.figures import Figures
from models.kpi.queries import headline
from models.lifecycle.lifecycle import CHASED, OPEN, SENT_BACK, State
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.people.directory import names, person_and_groups
from models.people.freshness import last_read
from models.people.outsiders import HOME_NOT_KNOWN_YET, NOT_FOR_OUTSIDERS
from models.releases.approval.decisions import CHANGES_REQUESTED, decisions_by_release
from models.releases.approval.standing_in.stand_ins import delegated_to, delegation_holds
from models.releases.card.records import ReleaseLine
from models.releases.card.release_lines import lines_of
from models.releases.plan.queries import task_line
from models.releases.plan.records import TaskLine

AHEAD = timedelta(days=7)
"""How far *coming up* looks ahead, and how early before it is due a task is shown."""

SETTLED_FOR = timedelta(days=7)
"""How long a settled release stays among those of its requester."""


@dataclass(frozen=True, slots=True)
class SentBack:
    """A release of theirs that waits to be edited and resubmitted.

    Somebody requested changes, or it ``expired``.
    """

    release_id: int
    round: int
    identifier: str
    title: str
    asked_by: str
    reason: str
    expired: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """What waits for a person, what is theirs, and what is coming; ``everything`` when they asked for all of it.

    ``figures`` are of all services, None while there is no service. ``environment_requests`` counts the bookings
    that the person is to arbitrate, ``environment_offers`` the offered times that wait for their answer.
    """

    approvals: tuple[WaitingApproval, ...]
    sent_back: tuple[SentBack, ...]
    tasks: tuple[TaskLine, ...]
    mine: tuple[ReleaseLine, ...]
    coming_up: tuple[ReleaseLine, ...]
    figures: Figures | None
    everything: bool
    has_services: bool
    environment_requests: int = 0
    environment_offers: int = 0
    steps: tuple[WaitingStep, ...] = ()
    later_approvals: tuple[WaitingLaterApproval, ...] = ()
    closed: str = ""
    """Why it shows nothing: a sentence; empty for everybody who may look."""


async def read_home(
    session: AsyncSession, catalog: Catalog, person: str, now: datetime, *, everything: bool, known: bool = True
) -> Home:
    """What the Home of ``person`` shows. Figures count many rows: pass a session of ``database.reporting()``.

    Somebody who wasn't ``known`` when they opened it sees nothing until Slack has said who they are.
    """
    if person in catalog.barred:
        return _closed_home(NOT_FOR_OUTSIDERS)
    if not known and person not in await last_read(session, [person]):
        return _closed_home(HOME_NOT_KNOWN_YET)
    held = await _roles_by_service(session, catalog, person)
    others = await _stand_in_roles(session, catalog, person, now)
    return Home(
        approvals=tuple(await waiting_approvals(session, catalog, person, held, others)),
        sent_back=tuple(await _sent_back(session, person)),
        tasks=tuple(await _tasks(session, catalog, person, held, now)),
        mine=tuple(await _mine(session, person, now)),
        coming_up=tuple(await _coming_up(session, now)),
        figures=await headline(session, catalog, now) if catalog.services else None,
        everything=everything,
        has_services=bool(catalog.services),
        environment_requests=await requests_to_arbitrate(session, catalog, person),
        environment_offers=await offers_to_answer(session, person, now),
        steps=await waiting_steps(session, catalog, person, held, now),
        later_approvals=await waiting_later_approvals(session, catalog, person, held, others, now),
    )


def _closed_home(why: str) -> Home:
    return Home((), (), (), (), (), None, everything=False, has_services=False, closed=why)


async def _roles_by_service(session: AsyncSession, catalog: Catalog, person: str) -> RolesByService:
    """The roles that ``person`` holds, by the keys of the services in which they hold any."""
    subjects = await person_and_groups(session, person)
    held = {service.key: service.roles_of(subjects) for service in catalog.services}
    return {key: roles for key, roles in held.items() if roles}


async def _stand_in_roles(
    session: AsyncSession, catalog: Catalog, person: str, now: datetime
) -> dict[str, RolesByService]:
    """By service, the roles of the people for whom ``person`` may stand in there now."""
    found: dict[str, RolesByService] = {}
    for delegation, away in await delegated_to(session, person):
        for key, roles in (await _roles_by_service(session, catalog, delegation.delegator)).items():
            if delegation_holds(delegation, key, now, (delegation.delegator,) if away else ()):
                found[key] = {**found.get(key, {}), delegation.delegator: roles}
    return found


async def _sent_back(session: AsyncSession, person: str) -> list[SentBack]:
    query = select(Release).where(col(Release.requester) == person, col(Release.state).in_(SENT_BACK))
    releases = (await session.exec(query.order_by(col(Release.state_since)).limit(ENTRIES_READ))).all()
    decisions = await decisions_by_release(session, releases)
    change_requests = {
        release: next((one for one in reversed(decided) if one.verdict == CHANGES_REQUESTED), None)
        for release, decided in decisions.items()
    }
    called = await names(session, {decision.person for decision in change_requests.values() if decision})
    found = []
    for release in releases:
        request = change_requests.get(release.id)
        found.append(
            SentBack(
                release_id=release.id,
                round=release.round,
                identifier=release.identifier,
                title=release.title,
                asked_by=called.get(request.person, request.person) if request else "",
                reason=request.reason if request else "",
                expired=release.state == State.EXPIRED,
            )
        )
    return found


async def _tasks(
    session: AsyncSession, catalog: Catalog, person: str, held: RolesByService, now: datetime
) -> list[TaskLine]:
    query = (
        select(PlanTask, Release)
        .join(Release, col(Release.id) == col(PlanTask.release_id))
        .where(col(PlanTask.done_at).is_(None), col(Release.state).in_(CHASED), _owned(catalog, person, held))
        .where(col(PlanTask.due_at) <= now + AHEAD)
        .order_by(col(PlanTask.due_at), col(PlanTask.id))
        .limit(ENTRIES_READ)
    )
    rows = (await session.exec(query)).all()
    called = await names(session, {task.owner for task, _ in rows if task.owner})
    return [task_line(task, release, catalog, called, now) for task, release in rows]


def _owned(catalog: Catalog, person: str, held: RolesByService) -> ColumnElement[bool]:
    """Selects the tasks that ``person`` owns, like :func:`models.releases.plan.owners.owners`."""
    by_role = [
        and_(col(Release.service) == key, _own_role(catalog.by_key[key], roles)) for key, roles in held.items()
    ]
    mine = col(PlanTask.owner) == person
    return or_(mine, and_(col(PlanTask.owner).is_(None), or_(*by_role))) if by_role else mine


def _own_role(service: Service, roles: frozenset[str]) -> ColumnElement[bool]:
    own = col(PlanTask.role).in_(roles)
    filled = [role for role in (OWNER, *service.roles) if service.holders(role)]
    answers_for_the_rest = MANAGER if service.holders(MANAGER) else OWNER
    return or_(own, col(PlanTask.role).not_in(filled)) if answers_for_the_rest in roles else own


async def _mine(session: AsyncSession, person: str, now: datetime) -> list[ReleaseLine]:
    query = select(Release).where(
        col(Release.requester) == person,
        or_(col(Release.state).in_(OPEN), col(Release.state_since) >= now - SETTLED_FOR),
    )
    rows = (
        await session.exec(query.order_by(col(Release.window_start), col(Release.id)).limit(ENTRIES_READ))
    ).all()
    return await lines_of(session, rows, now)


async def _coming_up(session: AsyncSession, now: datetime) -> list[ReleaseLine]:
    query = select(Release).where(
        col(Release.state).in_(OPEN), col(Release.window_start) >= now, col(Release.window_start) < now + AHEAD
    )
    rows = (
        await session.exec(query.order_by(col(Release.window_start), col(Release.id)).limit(ENTRIES_READ))
    ).all()
    return await lines_of(session, rows, now)
