"""The deployment plan, a page at a time, and who keeps the service running meanwhile."""

from typing import Any

from handlers.dispatch.answers import Answer, Change, Open, Replace, Tell, form
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, command, view
from handlers.releases.identifiers import release_named
from messages.releases.plan.plan import EARLIER, LATER, OPEN_PLAN, PHASE, plan, plan_modal
from messages.releases.plan.sustaining import SUSTAINING, SUSTAINING_FORM, sustaining_form
from messages.releases.plan.task_form import ShownPlan
from models.releases.plan import sustaining
from models.releases.plan.plan_view import PlanView, plan_view


@command("/release", "plan", "ID", help="show and change the deployment plan of one release")
async def show_plan(desk: Desk, incoming: Incoming) -> Answer:
    release_id, _ = await release_named(desk, incoming)
    return Tell(plan(await _read(desk, incoming, release_id)))


@action(OPEN_PLAN)
async def open_plan(desk: Desk, incoming: Incoming) -> Answer:
    """The plan as a modal: the card that was clicked may be far up its channel."""
    return Open(plan_modal(await _read(desk, incoming, int(incoming.value["r"]))))


@action(EARLIER, LATER, PHASE)
async def turn_page(desk: Desk, incoming: Incoming) -> Answer:
    return await plan_again(desk, incoming, incoming.value)


@action(SUSTAINING)
async def ask_who_sustains(desk: Desk, incoming: Incoming) -> Answer:
    release_id = int(incoming.value["r"])
    found, people = await sustaining.sustaining_people_to_edit(desk.work, incoming.actor, release_id)
    return form(incoming, sustaining_form(release_id, found.release.identifier, people, shown_plan(incoming)))


@view(SUSTAINING_FORM)
async def name_sustaining(desk: Desk, incoming: Incoming) -> Answer:
    about, people = incoming.metadata, incoming.fields.several("people")
    release_id, seen = int(about["r"]), about.get("was") or []
    await sustaining.name_sustaining_people(desk.work, incoming.actor, release_id, people, seen)
    return await plan_again(desk, incoming, about)


async def plan_again(desk: Desk, incoming: Incoming, about: dict[str, Any]) -> Answer:
    """The plan as it is now, where ``about`` says that it was opened: in a modal or in an answer."""
    found, page = await _read(desk, incoming, int(about["r"])), int(about.get("g") or 0)
    url = str(about.get("u") or incoming.response_url)
    if incoming.surface == "modal" and not url:
        return Change(plan_modal(found, page))
    return Replace(plan(found, page), url)


def shown_plan(incoming: Incoming) -> ShownPlan:
    """The plan that a form is opened from; without a response URL it is in a modal."""
    return ShownPlan(g=int(incoming.value.get("g") or 0), u=incoming.response_url)


async def _read(desk: Desk, incoming: Incoming, release_id: int) -> PlanView:
    async with desk.work.reading() as snapshot:
        return await plan_view(snapshot, incoming.person, release_id)
