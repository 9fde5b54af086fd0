"""Moving a task up and down within its phase."""

from models.catalog.store import CatalogCache
from models.errors import Stale
from models.events import Actor
from models.releases.checklist_wishes import wish_checklist
from models.releases.plan_access import task_to_act_on, tasks_of
from models.releases.plan_events import TaskMoved
from models.releases.plan_order import moved, places, renumber
from models.unit_of_work import UnitOfWork


async def move_task(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, task_id: int, step: int, seen_at: int
) -> None:
    """Exchange a task with its neighbour in its phase: ``step`` is -1 for up, 1 for down.

    Raises :class:`~models.errors.Stale` unless it still stands at ``seen_at``, :class:`~models.errors.Refused` when
    the person may not.
    """
    async with work(actor) as tx:
        _, task = await task_to_act_on(tx, catalogs, release_id, task_id)
        if task.position != seen_at:
            raise Stale("Somebody else moved tasks meanwhile. Open the plan again, then move it.")
        tasks = await tasks_of(tx.session, release_id)
        renumber(tasks, moved(places(tasks), task_id, step))
        if task.position != seen_at:
            moved_to = task.position
            tx.record(TaskMoved(subject=task_id, release_id=release_id, title=task.title, position=moved_to))
            await wish_checklist(tx, release_id)
