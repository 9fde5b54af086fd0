"""Who may change a plan, and noticing that somebody else has changed a task meanwhile."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import OWNER, Catalog, Service
from models.catalog.roles import RELEASE_MANAGER as MANAGER
from models.catalog.roles import role_choice
from models.errors import NotFound, Refused, Stale
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import CHASED, STOPPED, State
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.releases.plan.owners import may_settle
from models.unit_of_work import Snapshot, Transaction

NOTE_WRITERS = (MANAGER, OWNER, "deployment_staff")
"""Who besides the requester keeps notes and checklist (DOMAIN.md: deployment staff keep a release's documents)."""


@dataclass(frozen=True, slots=True)
class PlanAccess:
    """A release whose plan ``person``, who holds ``roles`` in its service, looks at or changes."""

    release: Release
    service: Service | None
    catalog: Catalog
    person: str
    roles: frozenset[str]

    @property
    def id(self) -> int:
        """The release's id."""
        return self.release.id

    @property
    def open(self) -> bool:
        """Whether there is still anything to plan."""
        return self.release.state not in STOPPED

    @property
    def may_plan(self) -> bool:
        """Whether the whole plan is theirs to change: the release manager, the service owner, the requester."""
        return self.person == self.release.requester or not self.roles.isdisjoint((MANAGER, OWNER))

    @property
    def may_write(self) -> bool:
        """Whether the release notes and the checklist are theirs."""
        return self.person == self.release.requester or not self.roles.isdisjoint(NOTE_WRITERS)

    def may_change(self, task: PlanTask) -> bool:
        """Whether this one task is theirs to change: also its owner may, or whoever holds its role."""
        return self.may_plan or may_settle(task, self.person, self.roles)


async def load_plan_access(snapshot: Snapshot, person: str, release_id: int) -> PlanAccess:
    """The release with what ``person`` is in its service. Raises :class:`~models.errors.NotFound`."""
    release = await load_release(snapshot.session, release_id, lock=snapshot.locks)
    catalog = await snapshot.catalog()
    service = catalog.by_key.get(release.service)
    roles = await roles_of(snapshot.session, service, person) if service else frozenset()
    return PlanAccess(release, service, catalog, person, roles)


async def check_may_edit_plan(session: AsyncSession, found: PlanAccess) -> None:
    """Raise Refused unless the plan can be changed and is theirs, naming whose it is."""
    check_not_stopped(found)
    if not found.may_plan:
        raise Refused(await _who_may(session, found, (MANAGER,)))


async def check_may_write_notes(session: AsyncSession, found: PlanAccess) -> None:
    """Raise Refused unless release notes and checklist can be changed and are theirs, naming whose they are."""
    check_not_stopped(found)
    if not found.may_write:
        raise Refused(await _who_may(session, found, (MANAGER, "deployment_staff")))


async def check_may_change_task(session: AsyncSession, found: PlanAccess, task: PlanTask) -> None:
    """Raise Refused unless ``task`` can be changed and is theirs, naming whose it is."""
    check_not_stopped(found)
    if not found.may_change(task):
        raise Refused(await _who_may(session, found, dict.fromkeys((task.role, MANAGER))))


def check_not_stopped(found: PlanAccess) -> None:
    """Raise Refused for a release that was stopped: nothing leads out of that."""
    release = found.release
    if release.state in STOPPED:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so its plan needs nothing any more.")


async def check_has_plan(session: AsyncSession, found: PlanAccess) -> None:
    """Raise Refused before the first approval: the plan is made from the template then."""
    if found.release.state in CHASED or await tasks_of(session, found.id):
        return
    raise Refused(f"{found.release.identifier} has no plan yet. It is made when the release is approved.")


async def tasks_of(session: AsyncSession, release_id: int) -> list[PlanTask]:
    """The tasks of a release by position."""
    query = select(PlanTask).where(col(PlanTask.release_id) == release_id)
    return list((await session.exec(query.order_by(col(PlanTask.position), col(PlanTask.id)))).all())


async def load_task(snapshot: Snapshot, release_id: int, task_id: int) -> PlanTask:
    """The task of this release with this id, as it is now. Raises :class:`~models.errors.NotFound`."""
    task = await snapshot.session.get(PlanTask, task_id, with_for_update=snapshot.locks, populate_existing=True)
    if task is None or task.release_id != release_id:
        raise NotFound("This task is not in the plan any more. /release plan shows what is.")
    return task


async def load_task_to_change(tx: Transaction, release_id: int, task_id: int) -> tuple[PlanAccess, PlanTask]:
    """A task with its release, both locked, so that changes of one plan come one after another.

    Raises :class:`~models.errors.Refused` when the person may not change it, :class:`~models.errors.NotFound`.
    """
    found = await load_plan_access(tx, tx.actor.person, release_id)
    task = await load_task(tx, release_id, task_id)
    await check_may_change_task(tx.session, found, task)
    return found, task


def check_not_done(task: PlanTask) -> None:
    """Raise Refused for a done task: what was done stays as it was."""
    if task.done_at is not None:
        raise Refused(f"{task.title} is done, and what was done stays as it was. Reopen it first.")


def stamp(task: PlanTask) -> str:
    """What a task looked like, in a few characters; its place in the order does not count."""
    seen = [task.title, task.phase, task.role, task.owner, task.milestone, str(task.due_at), str(task.done_at)]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:10]


def check_unchanged(task: PlanTask, seen: str) -> None:
    """Raise :class:`~models.errors.Stale` when ``task`` is not as :func:`stamp` saw it any more."""
    if stamp(task) != seen:
        raise Stale("Somebody else changed this task meanwhile. Open the plan again, then change it.")


async def _who_may(session: AsyncSession, found: PlanAccess, roles: Collection[str]) -> str:
    identifier = found.release.identifier
    if found.service is None:
        return f"{identifier} belongs to a service that is no longer in the catalog; its requester may."
    people = await holder_names(session, found.service, roles)
    return f"This is for whoever requested {identifier} and for its {role_choice(roles)}: {people}."
