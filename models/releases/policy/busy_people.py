"""Reading who is needed in two deployments at once: sustaining people and owners of implementation tasks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service
from models.catalog.roles import answerable_role
from models.lifecycle.lifecycle import OPEN
from models.lifecycle.tables.plan import PlanTask, SustainingPerson
from models.lifecycle.tables.release import Release
from models.people.directory import names, people_in, unread_groups
from models.releases.policy.rules.facts import BusyPerson, PolicyFacts

IMPLEMENTATION = "implementation"

_READ = 50
"""Releases at the same time that are read at most."""


async def read_busy_people(session: AsyncSession, facts: PolicyFacts, release_id: int) -> tuple[BusyPerson, ...]:
    """``release_id`` is the release itself, or 0 for a new one.

    A role asks for somebody in particular only if one person holds it. A release without a plan yet is taken by its
    template.
    """
    start, end = facts.start, facts.end
    if facts.kind is None or start is None or end is None or end <= start:
        return ()
    others = await _at_the_same_time(session, start, end, release_id)
    if not others:
        return ()
    planned = await _planned(session, [*(one.id for one in others), release_id])
    mine = await _needed(session, facts.service, facts.type, planned.get(release_id))
    if not mine:
        return ()
    found = []
    for other in others:
        service = facts.catalog.by_key.get(other.service)
        theirs = await _needed(session, service, other.type, planned.get(other.id))
        found += [(person, other) for person in sorted(mine & theirs)]
    called = await names(session, {person for person, _ in found})
    return tuple(
        BusyPerson(person, called.get(person, person), other.identifier, other.service) for person, other in found
    )


async def _at_the_same_time(
    session: AsyncSession, start: datetime, end: datetime, release_id: int
) -> Sequence[Release]:
    """Open releases of any service: people work for several."""
    query = select(Release).where(
        col(Release.state).in_(OPEN),
        col(Release.window_start) < end,
        col(Release.window_end) > start,
        col(Release.id) != release_id,
    )
    return (await session.exec(query.order_by(col(Release.window_start), col(Release.id)).limit(_READ))).all()


_Plan = tuple[set[str], list[tuple[str | None, str]], bool]
"""The sustaining people, owner and role of each open implementation task, and whether there is a plan yet."""


async def _planned(session: AsyncSession, releases: Iterable[int]) -> Mapping[int, _Plan]:
    ids = list(releases)
    sustaining = select(SustainingPerson.release_id, SustainingPerson.person)
    people: dict[int, set[str]] = defaultdict(set)
    for release, person in await session.exec(sustaining.where(col(SustainingPerson.release_id).in_(ids))):
        people[release].add(person)
    with_plan = select(PlanTask.release_id).where(col(PlanTask.release_id).in_(ids)).distinct()
    planned = set((await session.exec(with_plan)).all())
    tasks = select(PlanTask.release_id, PlanTask.owner, PlanTask.role).where(
        col(PlanTask.release_id).in_(ids), col(PlanTask.phase) == IMPLEMENTATION, col(PlanTask.done_at).is_(None)
    )
    owners: dict[int, list[tuple[str | None, str]]] = defaultdict(list)
    for release, owner, role in await session.exec(tasks):
        owners[release].append((owner, role))
    return {one: (people[one], owners[one], one in planned) for one in ids}


async def _needed(session: AsyncSession, service: Service | None, type_name: str, plan: _Plan | None) -> set[str]:
    people, owners, planned = plan or (set(), [], False)
    if not planned and service is not None and type_name in service.policy.types:
        template = service.plan_for(type_name)
        owners = [(None, task.owner) for task in template if task.phase == IMPLEMENTATION]
    needed = set(people)
    for owner, role in owners:
        if owner:
            needed.add(owner)
        elif service is not None:
            needed |= await _the_one_who_holds(session, service, answerable_role(service, role))
    return needed - (service.barred if service else frozenset())


async def _the_one_who_holds(session: AsyncSession, service: Service, role: str) -> set[str]:
    holders = await people_in(session, service, role)
    alone = len(holders) == 1 and not await unread_groups(session, service, (role,))
    return holders if alone else set()
