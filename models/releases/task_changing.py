"""Changing what a task says, and whose it is."""

from models.catalog.store import CatalogCache
from models.events import Actor
from models.releases.checklist_wishes import wish_checklist
from models.releases.home_wishes import refresh_homes_of
from models.releases.plan_access import Planning, check_unchanged, check_undone, task_to_act_on, tasks_of
from models.releases.plan_events import TaskChanged
from models.releases.plan_order import placed, places, renumber
from models.releases.tables import PlanTask
from models.releases.task_filling import fill
from models.releases.task_form import TaskForm
from models.releases.tasks import tell_new_owner
from models.unit_of_work import Transaction, UnitOfWork

FIELDS = ("title", "phase", "due_at", "owner", "role", "milestone")


async def change_task(
    work: UnitOfWork,
    catalogs: CatalogCache,
    actor: Actor,
    release_id: int,
    task_id: int,
    form: TaskForm,
    seen: str,
) -> None:
    """Replace what a task says by ``form``; a new owner is told at once, reminders follow the date.

    Raises :class:`~models.errors.Invalid` for wrong fields, :class:`~models.errors.Refused` when the person may not
    or the task is done, :class:`~models.errors.Stale` when it is not as ``seen`` (its stamp) any more.
    """
    async with work(actor) as tx:
        found, task = await task_to_act_on(tx, catalogs, release_id, task_id)
        check_unchanged(task, seen)
        check_undone(task)
        was = {name: getattr(task, name) for name in FIELDS}
        await fill(tx, found, task, form)
        changed = tuple(name for name in FIELDS if getattr(task, name) != was[name])
        if form.before is not None or "phase" in changed:
            tasks = await tasks_of(tx.session, release_id)
            renumber(tasks, placed(places(tasks), task_id, task.phase, form.before))
        elif not changed:
            return
        before = tuple(str(was[name]) for name in changed)
        tx.record(
            TaskChanged(subject=task_id, release_id=release_id, title=task.title, fields=changed, before=before)
        )
        await _tell_owners(tx, found, task, was["owner"])
        await wish_checklist(tx, release_id)


async def _tell_owners(tx: Transaction, found: Planning, task: PlanTask, was: str | None) -> None:
    if task.owner == was:
        return
    if was:
        await refresh_homes_of(tx.session, [was], tx.now)
    if task.owner:
        await tell_new_owner(tx, task, found.release, found.catalog.zone(found.service))
