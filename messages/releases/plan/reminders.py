"""Reminders of milestones in the release's thread, and the forms that settle them."""

from datetime import datetime
from typing import Any

from messages.kit import rich
from messages.kit.blocks import (
    Element,
    Message,
    actions,
    button,
    input_block,
    modal,
    plain_text,
    section,
    text_input,
    value,
)
from messages.kit.text import say
from models.releases.plan.queries import ReminderState, TaskReminder
from models.releases.plan.settle_task import NOTE_LIMIT, SettledTask

DONE = "task:done"

SNOOZE = "task:snooze"

HAND_TO = "task:hand_to"

SNOOZE_FORM = "task:snooze_form"

HAND_FORM = "task:hand_form"

ASKED = 5
"""How many owners are mentioned at most."""


def render(reminder: TaskReminder) -> Message:
    """A reminder as it stands now; only the newest one of an open task mentions anybody and has buttons."""
    asking = reminder.standing is ReminderState.OPEN and reminder.snoozed_until is None
    text = say(
        "plan.reminder",
        reminder=reminder,
        asking=asking,
        owners=reminder.owners[:ASKED],
        more=max(len(reminder.owners) - ASKED, 0),
    )
    blocks = [section(text)]
    if reminder.note:
        blocks.append(rich.rich_text(rich.quote(reminder.note, NOTE_LIMIT)))
    if reminder.standing is ReminderState.OPEN:
        blocks.append(actions("verbs", *verbs(reminder.task_id, snoozed=not asking)))
    return Message(text=text, blocks=blocks)


def verbs(task_id: int, *, snoozed: bool = False) -> list[Element]:
    """The buttons of somebody who can settle a task; a snoozed one can still be done."""
    data = value(t=task_id)
    done = button("Done", DONE, data, "primary")
    if snoozed:
        return [done]
    return [done, button("Snooze", SNOOZE, data), button("Hand to", HAND_TO, data)]


def snooze_form(task: SettledTask, suggested: datetime) -> dict[str, Any]:
    """Ask until when; ``suggested`` is what the picker shows first."""
    picker = {"type": "datetimepicker", "action_id": "value", "initial_date_time": int(suggested.timestamp())}
    return modal(
        SNOOZE_FORM,
        "Snooze",
        [
            section(say("plan.snooze_intro", task=task)),
            input_block("until", "Until", picker, hint="The reminder comes back then. The date itself stays."),
        ],
        submit="Snooze",
        metadata={"t": task.task_id},
    )


def hand_form(task: SettledTask) -> dict[str, Any]:
    """Ask whom to hand it to."""
    person = {"type": "users_select", "action_id": "value", "placeholder": plain_text("Choose a person", 150)}
    note = text_input(multiline=True, max_length=NOTE_LIMIT)
    return modal(
        HAND_FORM,
        "Hand to",
        [
            section(say("plan.hand_intro", task=task)),
            input_block("person", "Person", person),
            input_block("note", "Note", note, optional=True, hint="What they need to know."),
        ],
        submit="Hand over",
        metadata={"t": task.task_id},
    )


def settled_already(task: SettledTask) -> Message:
    """What to tell somebody who clicks *Done* on what another person has done."""
    text = say("plan.done_already", task=task)
    return Message(text=text, blocks=[section(text)])
