"""The form of a task: what people enter, and what the form needs to be shown to somebody who may use it."""

from dataclasses import dataclass
from datetime import datetime

from models.catalog.document import OWNER
from models.catalog.store import CatalogCache
from models.events import Actor
from models.releases.plan_access import (
    Planning,
    check_has_plan,
    check_may_change,
    check_may_plan,
    check_undone,
    planning,
    stamp,
    task_in,
    tasks_of,
)
from models.releases.tables import PlanTask
from models.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskForm:
    """What a person entered. ``before`` is the task to put it in front of; nothing leaves it where it is."""

    title: str
    phase: str
    due_at: datetime | None
    owner: str | None
    role: str
    milestone: bool
    before: int | None = None


@dataclass(frozen=True, slots=True)
class TaskChoice:
    """A task as something to choose."""

    id: int
    phase: str
    title: str


@dataclass(frozen=True, slots=True)
class TaskToChange:
    """What the form of a task needs: the release, the roles one may choose, the tasks to put it before.

    Without ``task_id`` it is a new one. ``stamp`` says what the task looked like.
    """

    release_id: int
    identifier: str
    zone: str
    roles: tuple[str, ...]
    tasks: tuple[TaskChoice, ...]
    entered: TaskForm
    task_id: int | None = None
    stamp: str = ""


async def new_task(work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int) -> TaskToChange:
    """What the form for a new task needs. Raises what :func:`models.releases.task_adding.add_task` would
    raise for this person."""
    async with work.database.reading() as session:
        found = await planning(session, catalogs, actor.person, release_id)
        await check_may_plan(session, found)
        await check_has_plan(session, found)
        tasks = await tasks_of(session, release_id)
    start = found.release.window_start
    due = start if start > work.clock.now() else None
    empty = TaskForm(title="", phase="implementation", due_at=due, owner=None, role="", milestone=False)
    return _to_change(found, tasks, empty)


async def task_to_change(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, task_id: int
) -> TaskToChange:
    """What the form of a task needs. Raises what changing it would raise for this person."""
    async with work(actor) as tx:
        found = await planning(tx.session, catalogs, actor.person, release_id)
        task = await task_in(tx.session, release_id, task_id)
        await check_may_change(tx.session, found, task)
        check_undone(task)
        tasks = await tasks_of(tx.session, release_id)
    entered = TaskForm(
        title=task.title,
        phase=task.phase,
        due_at=task.due_at,
        owner=task.owner,
        role=task.role,
        milestone=task.milestone,
    )
    return _to_change(found, tasks, entered, task)


def _to_change(
    found: Planning, tasks: list[PlanTask], entered: TaskForm, task: PlanTask | None = None
) -> TaskToChange:
    return TaskToChange(
        release_id=found.id,
        identifier=found.release.identifier,
        zone=str(found.catalog.zone(found.service)),
        roles=choosable_roles(found),
        tasks=tuple(TaskChoice(one.id or 0, one.phase, one.title) for one in tasks if one is not task),
        entered=entered,
        task_id=task.id if task else None,
        stamp=stamp(task) if task else "",
    )


def choosable_roles(found: Planning) -> tuple[str, ...]:
    """The roles of the service that may own a task."""
    return (*found.service.roles, OWNER) if found.service else ()
