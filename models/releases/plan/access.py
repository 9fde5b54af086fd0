"""Who may change a plan, and whether somebody else has changed a task meanwhile."""

import hashlib
import json
from dataclasses import dataclass

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import OWNER, Catalog, Service
from models.catalog.roles import RELEASE_MANAGER as MANAGER
from models.catalog.roles import role_choice
from models.errors import NotFound, Refused, Stale
from models.lifecycle.access import roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import CHASED, STOPPED, State
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Release
from models.people.directory import name_of, roles_of
from models.people.holder_names import holder_names
from models.releases.plan.owners import may_settle, settling_roles
from models.unit_of_work import Snapshot, Transaction

NOTE_WRITERS = (MANAGER, OWNER, "deployment_staff")
"""Who, besides the requester, keeps notes and checklist (docs/process.md#who-may-change-the-plan)."""


@dataclass(frozen=True, slots=True)
class PlanAccess:
    """What ``person``, who holds ``roles`` in the service, may do with the plan of ``release``."""

    release: Release
    service: Service | None
    catalog: Catalog
    person: str
    roles: frozenset[str]

    @property
    def id(self) -> int:
        return self.release.id

    @property
    def open(self) -> bool:
        """Whether the release goes on, so that its plan can be changed."""
        return self.release.state not in STOPPED

    @property
    def may_plan(self) -> bool:
        """Whether they may change the whole plan: release manager, service owner and requester."""
        return self.person == self.release.requester or not self.roles.isdisjoint((MANAGER, OWNER))

    @property
    def may_write(self) -> bool:
        """Whether they may write the release notes and post the checklist."""
        return self.person == self.release.requester or not self.roles.isdisjoint(NOTE_WRITERS)

    def may_change(self, task: PlanTask) -> bool:
        """Whether they may change this task: also its owner and the holders of its role may."""
        return self.may_plan or may_settle(self.service, task, self.person, self.roles)


async def load_plan_access(snapshot: Snapshot, person: str, release_id: int) -> PlanAccess:
    """The release, locked in a transaction. Raises :class:`~models.errors.NotFound`."""
    release = await load_release(snapshot.session, release_id, lock=snapshot.locks)
    catalog = await snapshot.catalog()
    service = catalog.by_key.get(release.service)
    roles = await roles_of(snapshot.session, service, person) if service else frozenset()
    return PlanAccess(release, service, catalog, person, roles)


async def check_may_edit_plan(session: AsyncSession, access: PlanAccess) -> None:
    """Raise Refused, naming who may, unless they may change the whole plan."""
    check_not_stopped(access)
    if not access.may_plan:
        raise Refused(await _who_may(session, access, (MANAGER,)))


async def check_may_write_notes(session: AsyncSession, access: PlanAccess) -> None:
    """Raise Refused, naming who may, unless they may write release notes and checklist."""
    check_not_stopped(access)
    if not access.may_write:
        raise Refused(await _who_may(session, access, (MANAGER, "deployment_staff")))


async def check_may_change_task(session: AsyncSession, access: PlanAccess, task: PlanTask) -> None:
    """Raise Refused, naming who may, unless they may change ``task``."""
    check_not_stopped(access)
    if not access.may_change(task):
        sentence = await _who_may(session, access, settling_roles(access.service, task))
        if task.owner:
            sentence += f" It was handed to {await name_of(session, task.owner)}, who may too."
        raise Refused(sentence)


def check_not_stopped(access: PlanAccess) -> None:
    """Raise Refused for a stopped release."""
    release = access.release
    if release.state in STOPPED:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so its plan needs nothing any more.")


async def check_has_plan(session: AsyncSession, access: PlanAccess) -> None:
    """Raise Refused before the first approval, which makes the plan from its template."""
    if access.release.state in CHASED or await tasks_of(session, access.id):
        return
    raise Refused(f"{access.release.identifier} has no plan yet. It is made when the release is approved.")


async def tasks_of(session: AsyncSession, release_id: int) -> list[PlanTask]:
    """The tasks of a release by position."""
    query = select(PlanTask).where(col(PlanTask.release_id) == release_id)
    return list((await session.exec(query.order_by(col(PlanTask.position), col(PlanTask.id)))).all())


async def load_task(snapshot: Snapshot, release_id: int, task_id: int) -> PlanTask:
    """The task, locked in a transaction. Raises :class:`~models.errors.NotFound` for none in this plan."""
    task = await snapshot.session.get(PlanTask, task_id, with_for_update=snapshot.locks, populate_existing=True)
    if task is None or task.release_id != release_id:
        raise NotFound("This task is not in the plan any more. /release plan shows what is.")
    return task


async def load_task_to_change(tx: Transaction, release_id: int, task_id: int) -> tuple[PlanAccess, PlanTask]:
    """A task and its release, both locked, so that changes of one plan take turns.

    Raises :class:`~models.errors.Refused` when the person may not change it, :class:`~models.errors.NotFound`.
    """
    access = await load_plan_access(tx, tx.actor.person, release_id)
    task = await load_task(tx, release_id, task_id)
    await check_may_change_task(tx.session, access, task)
    return access, task


def check_not_done(task: PlanTask) -> None:
    """Raise Refused for a task that is done."""
    if task.done_at is not None:
        raise Refused(f"{task.title} is done, and what was done stays as it was. Reopen it first.")


def stamp(task: PlanTask) -> str:
    """A short hash of everything people see of a task but its place in the order."""
    seen = [task.title, task.phase, task.role, task.owner, task.milestone, str(task.due_at), str(task.done_at)]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:10]


def check_unchanged(task: PlanTask, seen: str) -> None:
    """Raise :class:`~models.errors.Stale` unless the :func:`stamp` of ``task`` is still ``seen``."""
    if stamp(task) != seen:
        raise Stale("Somebody else changed this task meanwhile. Open the plan again, then change it.")


async def _who_may(session: AsyncSession, access: PlanAccess, roles: tuple[str, ...]) -> str:
    identifier = access.release.identifier
    if access.service is None:
        return f"{identifier} belongs to a service that is no longer in the catalog; its requester may."
    roles = roles_that_answer(access.service, roles)
    people = await holder_names(session, access.service, roles)
    return f"This is for whoever requested {identifier} and for its {role_choice(roles)}: {people}."
