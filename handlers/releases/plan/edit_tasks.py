"""Changing the tasks of a plan: add, edit, move, remove, and settle one from its menu."""

from handlers.dispatch.answers import Answer, Tell, form
from handlers.dispatch.desk import Desk
from handlers.dispatch.fields import Entered, new_nonce
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from handlers.releases.plan.plan import plan_again, shown_plan
from messages.releases.plan.plan import ADD, TASK
from messages.releases.plan.reminders import done_already
from messages.releases.plan.task_form import REMOVE_FORM, TASK_FORM, remove_form, task_form
from models.releases.plan import edit_tasks, settle_task
from models.releases.plan.order import DOWN, UP
from models.releases.plan.task_form import TaskForm, new_task_form, open_task_form


@action(TASK)
async def act_on_task(desk: Desk, incoming: Incoming) -> Answer:
    """Do what was chosen in the menu of a task, and show the plan again."""
    about = incoming.value
    match about.get("do"):
        case "done":
            return await _complete(desk, incoming)
        case "reopen":
            await settle_task.reopen_task(desk.work, incoming.actor, int(about["t"]))
        case "up":
            await _move(desk, incoming, UP)
        case "down":
            await _move(desk, incoming, DOWN)
        case verb:
            return await _ask_about(desk, incoming, remove=verb == "remove")
    return await plan_again(desk, incoming, about)


@action(ADD)
async def ask_for_task(desk: Desk, incoming: Incoming) -> Answer:
    about = await new_task_form(desk.work, incoming.actor, int(incoming.value["r"]))
    return form(incoming, task_form(about, new_nonce(), shown_plan(incoming)))


@view(TASK_FORM)
async def save_task(desk: Desk, incoming: Incoming) -> Answer:
    """Add the task, or change the one that the form was opened for."""
    about, entered = incoming.metadata, _task_entered(incoming.fields)
    release_id = int(about["r"])
    if about["t"] is None:
        await edit_tasks.add_task(desk.work, incoming.actor, release_id, entered, incoming.nonce)
    else:
        task, seen = int(about["t"]), str(about["s"])
        await edit_tasks.change_task(desk.work, incoming.actor, release_id, task, entered, seen)
    return await plan_again(desk, incoming, about)


@view(REMOVE_FORM)
async def remove_task(desk: Desk, incoming: Incoming) -> Answer:
    about = incoming.metadata
    release_id, task, seen = int(about["r"]), int(about["t"]), str(about["s"])
    await edit_tasks.remove_task(desk.work, incoming.actor, release_id, task, seen)
    return await plan_again(desk, incoming, about)


async def _complete(desk: Desk, incoming: Incoming) -> Answer:
    task = int(incoming.value["t"])
    done = await settle_task.complete_task(desk.work, incoming.actor, task)
    return Tell(done_already(done)) if done.by else await plan_again(desk, incoming, incoming.value)


async def _move(desk: Desk, incoming: Incoming, step: int) -> None:
    about = incoming.value
    release_id, task, seen = int(about["r"]), int(about["t"]), int(about["p"])
    await edit_tasks.move_task(desk.work, incoming.actor, release_id, task, step, seen)


async def _ask_about(desk: Desk, incoming: Incoming, *, remove: bool) -> Answer:
    """The form of the task, or the question whether to remove it."""
    release_id, task = int(incoming.value["r"]), int(incoming.value["t"])
    about = await open_task_form(desk.work, incoming.actor, release_id, task)
    where = shown_plan(incoming)
    return form(incoming, remove_form(about, where) if remove else task_form(about, "", where))


def _task_entered(fields: Entered) -> TaskForm:
    before = fields.text("before")
    return TaskForm(
        title=fields.text("title"),
        phase=fields.text("phase"),
        due_at=fields.moment("due"),
        owner=fields.text("owner") or None,
        role=fields.text("role"),
        milestone=bool(fields.get("milestone")),
        before=int(before) if before else None,
    )
