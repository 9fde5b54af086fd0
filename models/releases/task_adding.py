"""Adding a task to a plan."""

from models.catalog.store import CatalogCache
from models.delivery import first_time
from models.errors import Refused
from models.events import Actor
from models.releases.checklist_wishes import wish_checklist
from models.releases.plan_access import check_has_plan, check_may_plan, planning, tasks_of
from models.releases.plan_events import TaskAdded
from models.releases.plan_order import placed, places, renumber
from models.releases.tables import PlanTask
from models.releases.task_filling import fill
from models.releases.task_form import TaskForm
from models.releases.tasks import tell_new_owner
from models.unit_of_work import UnitOfWork

MOST_TASKS = 200
"""Tasks of one plan that people may add up to."""


async def add_task(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, form: TaskForm, nonce: str
) -> None:
    """Add a task to the plan; an owner who is named is told at once.

    ``nonce`` names the opened form: submitting it twice makes one task. Raises :class:`~models.errors.Invalid` for
    wrong fields, :class:`~models.errors.Refused` when the person may not or there is no plan.
    """
    async with work(actor) as tx:
        found = await planning(tx.session, catalogs, actor.person, release_id, lock=True)
        if not await first_time(tx, f"task:{nonce}"):
            return
        await check_may_plan(tx.session, found)
        await check_has_plan(tx.session, found)
        tasks = await tasks_of(tx.session, release_id)
        if len(tasks) >= MOST_TASKS:
            raise Refused(f"The plan has {len(tasks)} tasks; {MOST_TASKS} is the most. Remove one first.")
        task = PlanTask(release_id=release_id, position=len(tasks), phase="", title="", role="", due_at=tx.now)
        await fill(tx, found, task, form)
        tx.session.add(task)
        await tx.session.flush()
        renumber([*tasks, task], placed(places(tasks), task.id or 0, task.phase, form.before))
        tx.record(
            TaskAdded(
                subject=task.id or 0,
                release_id=release_id,
                title=task.title,
                phase=task.phase,
                due=task.due_at.isoformat(),
            )
        )
        if task.owner:
            await tell_new_owner(tx, task, found.release, found.catalog.zone(found.service))
        await wish_checklist(tx, release_id)
