"""The deployment plan of a release as a list."""

from messages import rich
from messages.blocks import Element, Message, section
from messages.text import cut, say
from models.releases.plan_queries import Plan, TaskLine

PER_BLOCK = 10
SHOWN = 40
"""Tasks that one message holds without growing out of Slack's limits."""


def plan(found: Plan) -> Message:
    """Every task by date: what, who, when, and whether it is done."""
    text = say("plan", plan=found, done=sum(task.done_at is not None for task in found.tasks), shown=SHOWN)
    shown = found.tasks[:SHOWN]
    chunks = [shown[start : start + PER_BLOCK] for start in range(0, len(shown), PER_BLOCK)]
    lists = [rich.rich_text(rich.bullets(*[task_line(task) for task in chunk])) for chunk in chunks]
    return Message(text=text, blocks=[section(text), *lists])


def task_line(task: TaskLine) -> Element:
    """A task in a list; a milestone says so, an overdue one too."""
    elements: list[Element | str] = [
        rich.emoji("white_check_mark" if task.done_at else "white_circle"),
        " ",
        rich.words(cut(task.title, 100), bold=task.done_at is None, strike=task.done_at is not None),
        f" - {'milestone, ' if task.milestone else ''}{task.phase} - {cut(task.owner, 40)} - ",
    ]
    if task.done_at:
        elements += [f"done by {task.done_by} ", rich.date(task.done_at, "{date_short_pretty}")]
    else:
        elements += ["was due " if task.overdue else "due ", rich.date(task.due_at, "{date_short_pretty} {time}")]
    return rich.line(*elements)
