"""Settling a task from its reminder or the Home: done, snooze, hand to somebody else."""

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
    done_already,
    hand_form,
    snooze_form,
)
from models.releases.plan import settle_task


@action(DONE)
async def complete(desk: Desk, incoming: Incoming) -> Answer:
    """Record that the task is done; the reminder and the Home show it."""
    done = await settle_task.complete_task(desk.work, incoming.actor, int(incoming.value["t"]))
    return Tell(done_already(done)) if done.by else Nothing()


@action(SNOOZE)
async def ask_until_when(desk: Desk, incoming: Incoming) -> Answer:
    task_id = int(incoming.value["t"])
    task = await settle_task.check_may_snooze_task(desk.work, incoming.actor, task_id)
    return Open(snooze_form(task, desk.clock.now() + settle_task.USUAL_SNOOZE))


@view(SNOOZE_FORM)
async def snooze(desk: Desk, incoming: Incoming) -> Answer:
    task, until = int(incoming.metadata["t"]), incoming.fields.moment("until")
    await settle_task.snooze_task(desk.work, incoming.actor, task, until)
    return Nothing()


@action(HAND_TO)
async def ask_to_whom(desk: Desk, incoming: Incoming) -> Answer:
    task_id = int(incoming.value["t"])
    task = await settle_task.check_may_settle_task(desk.work, incoming.actor, task_id)
    return Open(hand_form(task))


@view(HAND_FORM)
async def hand_over(desk: Desk, incoming: Incoming) -> Answer:
    """Hand the task over; the new owner is told in the release's thread."""
    task, fields = int(incoming.metadata["t"]), incoming.fields
    person, note = fields.text("person") or None, fields.text("note")
    await settle_task.hand_task_over(desk.work, incoming.actor, task, person, note)
    return Nothing()
