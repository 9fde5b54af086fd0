"""Reminders of milestones in the release's thread, and the modals that snooze one or hand it to somebody."""

from datetime import datetime

from messages.kit import rich, sizes
from messages.kit.blocks import Element, Message, View, actions, button, modal, paragraph, section, value
from messages.kit.inputs import input_block, moment_picker, person_picker, text_area
from messages.kit.text import say
from models.limits import NOTE_LIMIT
from models.releases.plan.records import DoneTask, OpenTask, ReminderState, TaskReminder

DONE = "task:done"

SNOOZE = "task:snooze"

HAND_TO = "task:hand_to"

SNOOZE_FORM = "task:snooze_form"

HAND_FORM = "task:hand_form"


def render(reminder: TaskReminder) -> Message:
    """A reminder as it is now; only the newest one of an open task has buttons and mentions anybody."""
    asking = reminder.standing is ReminderState.OPEN and reminder.snoozed_until is None
    text = say(
        "plan.reminder",
        reminder=reminder,
        asking=asking,
        owners=reminder.owners[: sizes.MENTIONS],
        more=max(len(reminder.owners) - sizes.MENTIONS, 0),
    )
    blocks = [section(text)]
    if reminder.note:
        blocks.append(rich.rich_text(rich.quote(reminder.note, NOTE_LIMIT)))
    if reminder.standing is ReminderState.OPEN:
        buttons = settle_buttons(reminder.task_id, may_snooze=reminder.milestone, snoozed=not asking)
        blocks.append(actions("verbs", *buttons))
    return Message(text=text, blocks=blocks)


def settle_buttons(task_id: int, *, may_snooze: bool, snoozed: bool = False) -> list[Element]:
    """*Done*, *Snooze* for milestones, and *Hand to*; only *Done* for one that is snoozed."""
    data = value(t=task_id)
    done = button("Done", DONE, data, "primary")
    if snoozed:
        return [done]
    snooze = [button("Snooze", SNOOZE, data)] if may_snooze else []
    return [done, *snooze, button("Hand to", HAND_TO, data)]


def snooze_form(task: OpenTask, suggested: datetime) -> View:
    """Ask until when."""
    hint = "The reminder comes back then. The date itself stays."
    return modal(
        SNOOZE_FORM,
        "Snooze",
        [
            section(say("plan.snooze_intro", task=task)),
            input_block("until", "Until", moment_picker(suggested), hint=hint),
        ],
        submit="Snooze",
        metadata={"t": task.id},
    )


def hand_form(task: OpenTask) -> View:
    """Ask whom to hand it to."""
    note = text_area(limit=NOTE_LIMIT)
    return modal(
        HAND_FORM,
        "Hand to",
        [
            section(say("plan.hand_intro", task=task)),
            input_block("person", "Person", person_picker()),
            input_block("note", "Note", note, optional=True, hint="What they need to know."),
        ],
        submit="Hand over",
        metadata={"t": task.id},
    )


def done_already(task: DoneTask) -> Message:
    """The answer to *Done* for a task that somebody else has done."""
    return paragraph(say("plan.done_already", task=task))
