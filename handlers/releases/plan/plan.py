"""The deployment plan: showing it a page at a time, and changing its tasks."""

from typing import Any

from handlers.dispatch.answers import Answer, Change, Open, Replace, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, moment, new_nonce, written
from handlers.dispatch.registry import Registry
from messages.releases.plan.plan import ADD, EARLIER, LATER, OPEN_PLAN, PHASE, TASK, plan, plan_modal
from messages.releases.plan.reminders import settled_already
from messages.releases.plan.sustaining import SUSTAINING, SUSTAINING_FORM, sustaining_form
from messages.releases.plan.task_form import REMOVE_FORM, TASK_FORM, ShownPlan, remove_form, task_form
from models.lifecycle.identifiers import find_release
from models.releases.plan import settle_task as tasks
from models.releases.plan import sustaining
from models.releases.plan.edit_tasks import add_task, change_task, move_task
from models.releases.plan.edit_tasks import remove_task as take_out
from models.releases.plan.order import DOWN, UP
from models.releases.plan.task_form import TaskForm, new_task, task_to_change
from models.releases.plan.view import PlanView, plan_view


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.verb("/release", "plan", "ID", help="show and change the deployment plan of one release")(show_plan)
    registry.action(OPEN_PLAN)(open_plan)
    registry.action(EARLIER)(turn_page)
    registry.action(LATER)(turn_page)
    registry.action(PHASE)(turn_page)
    registry.action(TASK)(act_on_task)
    registry.action(ADD)(ask_for_task)
    registry.view(TASK_FORM)(save_task)
    registry.view(REMOVE_FORM)(remove_task)
    registry.action(SUSTAINING)(ask_for_sustaining)
    registry.view(SUSTAINING_FORM)(name_sustaining)


async def show_plan(desk: Desk, incoming: Incoming) -> Answer:
    """The plan of the release that is named."""
    async with desk.work.database.reading() as session:
        release, _ = await find_release(session, incoming.text)
    return Tell(plan(await _found(desk, incoming, release.id)))


async def open_plan(desk: Desk, incoming: Incoming) -> Answer:
    """The plan of the release whose card or details were clicked, as a modal: a card may be far up its channel."""
    return Open(plan_modal(await _found(desk, incoming, int(incoming.value["r"]))))


async def turn_page(desk: Desk, incoming: Incoming) -> Answer:
    """Another page of the plan, in place of this one."""
    return await _shown(desk, incoming, incoming.value)


async def act_on_task(desk: Desk, incoming: Incoming) -> Answer:
    """What the menu of a task offers; the plan shows what came of it."""
    chosen = incoming.value
    release, task = int(chosen["r"]), int(chosen["t"])
    desk_of = (desk.work, desk.catalogs, incoming.actor)
    match chosen.get("do"):
        case "done":
            settled = await tasks.complete_task(*desk_of, task)
            return Tell(settled_already(settled)) if settled.by else await _shown(desk, incoming, chosen)
        case "reopen":
            await tasks.reopen_task(*desk_of, task)
        case "up" | "down" as way:
            step = UP if way == "up" else DOWN
            await move_task(*desk_of, release, task, step, int(chosen["p"]))
        case verb:
            about = await task_to_change(*desk_of, release, task)
            shown = _plan_shown(incoming)
            form = remove_form(about, shown) if verb == "remove" else task_form(about, "", shown)
            return _form(incoming, form)
    return await _shown(desk, incoming, chosen)


async def ask_for_task(desk: Desk, incoming: Incoming) -> Answer:
    """Ask what is to be done, by whom and when."""
    about = await new_task(desk.work, desk.catalogs, incoming.actor, int(incoming.value["r"]))
    return _form(incoming, task_form(about, new_nonce(), _plan_shown(incoming)))


async def save_task(desk: Desk, incoming: Incoming) -> Answer:
    """Add the task, or change the one that the form was opened for."""
    about, form = incoming.metadata, _entered(incoming.fields)
    release = int(about["r"])
    if about["t"] is None:
        await add_task(desk.work, desk.catalogs, incoming.actor, release, form, str(about["f"]))
    else:
        await change_task(desk.work, desk.catalogs, incoming.actor, release, int(about["t"]), form, str(about["s"]))
    return await _shown(desk, incoming, about)


async def remove_task(desk: Desk, incoming: Incoming) -> Answer:
    """Take the task out of the plan."""
    about = incoming.metadata
    task, seen = int(about["t"]), str(about["s"])
    await take_out(desk.work, desk.catalogs, incoming.actor, int(about["r"]), task, seen)
    return await _shown(desk, incoming, about)


async def ask_for_sustaining(desk: Desk, incoming: Incoming) -> Answer:
    """Ask who keeps the service running meanwhile."""
    release_id = int(incoming.value["r"])
    found, people = await sustaining.sustaining_to_name(desk.work, desk.catalogs, incoming.actor, release_id)
    form = sustaining_form(release_id, found.release.identifier, people, _plan_shown(incoming))
    return _form(incoming, form)


async def name_sustaining(desk: Desk, incoming: Incoming) -> Answer:
    """Record who keeps the service running meanwhile."""
    about, people = incoming.metadata, incoming.fields.get("people") or []
    await sustaining.name_sustaining(
        desk.work, desk.catalogs, incoming.actor, int(about["r"]), people, about.get("was") or []
    )
    return await _shown(desk, incoming, about)


async def _shown(desk: Desk, incoming: Incoming, about: dict[str, Any]) -> Answer:
    """The plan in place of the answer, or in the modal, that ``about`` stands in."""
    found, page = await _found(desk, incoming, int(about["r"])), int(about.get("g") or 0)
    url = str(about.get("u") or incoming.response_url)
    if incoming.surface == "modal" and not url:
        return Change(plan_modal(found, page))
    return Replace(plan(found, page), url)


def _form(incoming: Incoming, view: dict[str, Any]) -> Answer:
    """A form: in the modal that shows the plan it takes its place, so that modals do not pile up."""
    return Change(view) if incoming.surface == "modal" else Open(view)


async def _found(desk: Desk, incoming: Incoming, release_id: int) -> PlanView:
    async with desk.work.database.reading() as session:
        return await plan_view(session, desk.catalogs, incoming.person, release_id, desk.clock.now())


def _plan_shown(incoming: Incoming) -> ShownPlan:
    """The plan that the form is opened from."""
    return ShownPlan(g=int(incoming.value.get("g") or 0), u=incoming.response_url)


def _entered(fields: dict[str, Any]) -> TaskForm:
    before = fields.get("before")
    return TaskForm(
        title=written(fields, "title"),
        phase=written(fields, "phase"),
        due_at=moment(fields, "due"),
        owner=fields.get("owner") or None,
        role=written(fields, "role"),
        milestone=bool(fields.get("milestone")),
        before=int(before) if before else None,
    )
