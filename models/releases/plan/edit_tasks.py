"""Adding, changing, moving and removing tasks of a plan."""

from models.errors import Refused, Stale
from models.events import Actor
from models.lifecycle.tables.plan import PlanTask
from models.limits import TASKS_LIMIT
from models.people.home_refresh import refresh_homes_of
from models.releases.plan.access import (
    PlanAccess,
    check_has_plan,
    check_may_edit_plan,
    check_not_done,
    check_unchanged,
    load_plan_access,
    load_task_to_change,
    tasks_of,
)
from models.releases.plan.checklist_refresh import refresh_checklist
from models.releases.plan.events import TaskAdded, TaskChanged, TaskMoved, TaskRemoved
from models.releases.plan.order import order_with_moved, order_with_placed, places, renumber
from models.releases.plan.settle_task import tell_new_owner
from models.releases.plan.task_form import TaskForm, apply_task_form
from models.unit_of_work import Transaction, UnitOfWork

FIELDS = ("title", "phase", "due_at", "owner", "role", "milestone")


async def change_task(
    work: UnitOfWork, actor: Actor, release_id: int, task_id: int, form: TaskForm, seen: str
) -> None:
    """Replace a task by ``form``; a new owner is told at once, and reminders follow the date.

    Raises :class:`~models.errors.Invalid` for wrong fields, :class:`~models.errors.Refused` when the person may not
    or the task is done, :class:`~models.errors.Stale` when its stamp is no longer ``seen``.
    """
    async with work(actor) as tx:
        access, task = await load_task_to_change(tx, release_id, task_id)
        check_unchanged(task, seen)
        check_not_done(task)
        was = {name: getattr(task, name) for name in FIELDS}
        await apply_task_form(tx, access, task, form)
        changed = tuple(name for name in FIELDS if getattr(task, name) != was[name])
        if form.before is not None or "phase" in changed:
            tasks = await tasks_of(tx.session, release_id)
            renumber(tasks, order_with_placed(places(tasks), task_id, task.phase, form.before))
        elif not changed:
            return
        before = tuple(str(was[name]) for name in changed)
        tx.record(
            TaskChanged(subject=task_id, release_id=release_id, title=task.title, fields=changed, before=before)
        )
        await _tell_owners(tx, access, task, was["owner"])
        await refresh_checklist(tx, release_id)


async def _tell_owners(tx: Transaction, access: PlanAccess, task: PlanTask, was: str | None) -> None:
    if task.owner == was:
        return
    if was:
        await refresh_homes_of(tx, [was])
    if task.owner:
        await tell_new_owner(tx, task, access.release, access.catalog.zone(access.service))


async def add_task(work: UnitOfWork, actor: Actor, release_id: int, form: TaskForm, nonce: str) -> None:
    """Add a task to the plan; its owner is told at once.

    Submitting the form ``nonce`` twice adds one task. Raises :class:`~models.errors.Invalid` for
    wrong fields, :class:`~models.errors.Refused` when the person may not or there is no plan.
    """
    async with work(actor) as tx:
        access = await load_plan_access(tx, actor.person, release_id)
        if not await tx.once("task", nonce):
            return
        await check_may_edit_plan(tx.session, access)
        await check_has_plan(tx.session, access)
        tasks = await tasks_of(tx.session, release_id)
        if len(tasks) >= TASKS_LIMIT:
            raise Refused(f"The plan has {len(tasks)} tasks; {TASKS_LIMIT} is the most. Remove one first.")
        task = PlanTask(release_id=release_id, position=len(tasks), phase="", title="", role="", due_at=tx.now)
        await apply_task_form(tx, access, task, form, is_new=True)
        tx.session.add(task)
        await tx.session.flush()
        renumber([*tasks, task], order_with_placed(places(tasks), task.id, task.phase, form.before))
        tx.record(
            TaskAdded(
                subject=task.id,
                release_id=release_id,
                title=task.title,
                phase=task.phase,
                due=task.due_at.isoformat(),
            )
        )
        await _tell_owners(tx, access, task, None)
        await refresh_checklist(tx, release_id)


async def move_task(work: UnitOfWork, actor: Actor, release_id: int, task_id: int, step: int, seen_at: int) -> None:
    """Swap a task with its neighbour in its phase: ``step`` is -1 for up, 1 for down.

    Raises :class:`~models.errors.Stale` unless its position is ``seen_at``, :class:`~models.errors.Refused` when
    the person may not.
    """
    async with work(actor) as tx:
        _, task = await load_task_to_change(tx, release_id, task_id)
        if task.position != seen_at:
            raise Stale("Somebody else moved tasks meanwhile. Open the plan again, then move it.")
        tasks = await tasks_of(tx.session, release_id)
        renumber(tasks, order_with_moved(places(tasks), task_id, step))
        if task.position != seen_at:
            position = task.position
            tx.record(TaskMoved(subject=task_id, release_id=release_id, title=task.title, position=position))
            await refresh_checklist(tx, release_id)


async def remove_task(work: UnitOfWork, actor: Actor, release_id: int, task_id: int, seen: str) -> str:
    """Remove a task from the plan; its reminders say so. Returns its title.

    Raises :class:`~models.errors.Refused` for a done task, which is part of the record, and when the person may
    not; :class:`~models.errors.Stale` when its stamp is no longer ``seen``.
    """
    async with work(actor) as tx:
        _, task = await load_task_to_change(tx, release_id, task_id)
        check_unchanged(task, seen)
        check_not_done(task)
        title, chased = task.title, task.chased
        if task.owner:
            await refresh_homes_of(tx, [task.owner])
        rest = [other for other in await tasks_of(tx.session, release_id) if other.id != task_id]
        await tx.session.delete(task)
        renumber(rest, [other.id for other in rest])
        tx.record(
            TaskRemoved(subject=task_id, release_id=release_id, title=title, chased=chased, person=actor.person)
        )
        await refresh_checklist(tx, release_id)
        return title
