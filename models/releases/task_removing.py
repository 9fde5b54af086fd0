"""Taking a task out of a plan."""

from models.catalog.store import CatalogCache
from models.events import Actor
from models.releases.checklist_wishes import wish_checklist
from models.releases.home_wishes import refresh_homes_of
from models.releases.plan_access import check_unchanged, check_undone, task_to_act_on, tasks_of
from models.releases.plan_events import TaskRemoved
from models.releases.plan_order import renumber
from models.unit_of_work import UnitOfWork


async def remove_task(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int, task_id: int, seen: str
) -> str:
    """Take a task out of the plan; gives its title. Its reminders say so.

    Raises :class:`~models.errors.Refused` for a done task, which is part of the record, and when the person may
    not; :class:`~models.errors.Stale` when the task is not as ``seen`` any more.
    """
    async with work(actor) as tx:
        _, task = await task_to_act_on(tx, catalogs, release_id, task_id)
        check_unchanged(task, seen)
        check_undone(task)
        title, chased = task.title, task.chased
        if task.owner:
            await refresh_homes_of(tx.session, [task.owner], tx.now)
        rest = [one for one in await tasks_of(tx.session, release_id) if one.id != task_id]
        await tx.session.delete(task)
        renumber(rest, [one.id or 0 for one in rest])
        tx.record(
            TaskRemoved(subject=task_id, release_id=release_id, title=title, chased=chased, person=actor.person)
        )
        await wish_checklist(tx, release_id)
        return title
