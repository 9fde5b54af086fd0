"""Tasks of a plan: done, snooze, hand to."""

from datetime import timedelta

from handlers.dispatch.answers import Answer, Nothing, Open, Tell
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, moment, written
from handlers.dispatch.registry import Registry
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


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.action(DONE)(complete)
    registry.action(SNOOZE)(ask_until_when)
    registry.view(SNOOZE_FORM)(snooze)
    registry.action(HAND_TO)(ask_to_whom)
    registry.view(HAND_FORM)(hand_over)


async def complete(desk: Desk, incoming: Incoming) -> Answer:
    """Record that the task is done; the reminder and the Home show it."""
    settled = await tasks.complete_task(desk.work, desk.catalogs, incoming.actor, int(incoming.value["t"]))
    return Tell(settled_already(settled)) if settled.by else Nothing()


async def ask_until_when(desk: Desk, incoming: Incoming) -> Answer:
    """Ask until when to snooze."""
    task = await tasks.check_may_settle_task(desk.work, desk.catalogs, incoming.actor, int(incoming.value["t"]))
    return Open(snooze_form(task, desk.clock.now() + USUAL_SNOOZE))


async def snooze(desk: Desk, incoming: Incoming) -> Answer:
    """Put the reminder off."""
    until = moment(incoming.fields, "until")
    await tasks.snooze_task(desk.work, desk.catalogs, incoming.actor, int(incoming.metadata["t"]), until)
    return Nothing()


async def ask_to_whom(desk: Desk, incoming: Incoming) -> Answer:
    """Ask whom to hand the task to."""
    task = await tasks.check_may_settle_task(desk.work, desk.catalogs, incoming.actor, int(incoming.value["t"]))
    return Open(hand_form(task))


async def hand_over(desk: Desk, incoming: Incoming) -> Answer:
    """Hand the task over; the new owner is told in the release's thread."""
    fields = incoming.fields
    await tasks.hand_task_over(
        desk.work,
        desk.catalogs,
        incoming.actor,
        int(incoming.metadata["t"]),
        fields.get("person"),
        written(fields, "note"),
    )
    return Nothing()
