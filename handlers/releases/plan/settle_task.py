"""Tasks of a plan: done, snooze, hand to."""

from datetime import timedelta

from handlers.dispatch.answers import Answer, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.releases.plan.reminders import (
    DONE,
    HAND_FORM,
    HAND_TO,
    SNOOZE,
    SNOOZE_FORM,
    hand_form,
    settled_already,
    snooze_form,
)
from models.releases.plan import settle_task as tasks

USUAL_SNOOZE = timedelta(days=1)


@action(DONE)
async def complete(desk: Desk, incoming: Incoming) -> Answer:
    """Record that the task is done; the reminder and the Home show it."""
    settled = await tasks.complete_task(desk.work, desk.catalogs, incoming.actor, int(incoming.value["t"]))
    return Tell(settled_already(settled)) if settled.by else Nothing()


@action(SNOOZE)
async def ask_until_when(desk: Desk, incoming: Incoming) -> Answer:
    """Ask until when to snooze."""
    task = await tasks.check_may_settle_task(desk.work, desk.catalogs, incoming.actor, int(incoming.value["t"]))
    return Open(snooze_form(task, desk.clock.now() + USUAL_SNOOZE))


@view(SNOOZE_FORM)
async def snooze(desk: Desk, incoming: Incoming) -> Answer:
    """Put the reminder off."""
    until = incoming.fields.moment("until")
    await tasks.snooze_task(desk.work, desk.catalogs, incoming.actor, int(incoming.metadata["t"]), until)
    return Nothing()


@action(HAND_TO)
async def ask_to_whom(desk: Desk, incoming: Incoming) -> Answer:
    """Ask whom to hand the task to."""
    task = await tasks.check_may_settle_task(desk.work, desk.catalogs, incoming.actor, int(incoming.value["t"]))
    return Open(hand_form(task))


@view(HAND_FORM)
async def hand_over(desk: Desk, incoming: Incoming) -> Answer:
    """Hand the task over; the new owner is told in the release's thread."""
    fields = incoming.fields
    await tasks.hand_task_over(
        desk.work,
        desk.catalogs,
        incoming.actor,
        int(incoming.metadata["t"]),
        fields.get("person"),
        fields.text("note"),
    )
    return Nothing()
