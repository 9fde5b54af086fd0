"""The modals in which a task of the plan is added, changed or removed.

Labels and titles are a contract: people script them.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TypedDict

from messages.kit import slack_limits
from messages.kit.blocks import Block, Element, View, modal, option, plain_text, section
from messages.kit.inputs import input_block, moment_picker, person_picker, select, text_input
from messages.kit.text import say
from models.catalog.roles import role_word
from models.limits import TITLE_LIMIT
from models.releases.plan.order import PHASES, phase_heading, phase_rank
from models.releases.plan.task_form import OpenTaskForm, TaskChoice

TASK_FORM = "plan:task_form"

REMOVE_FORM = "plan:remove_form"


class ShownPlan(TypedDict):
    """The plan that a form was opened from, where its answer is shown: page ``g``, at the response URL ``u``."""

    g: int
    u: str


def task_form(about: OpenTaskForm, nonce: str, shown: ShownPlan) -> View:
    """*Add a task* or *Change the task*; ``nonce`` makes submitting it twice harmless."""
    new = about.task_id is None
    entered = about.entered
    blocks: list[Block] = [
        section(say("plan.task_intro", identifier=about.identifier, zone=about.zone, new=new)),
        input_block("title", "Title", text_input(initial=entered.title, max_length=TITLE_LIMIT)),
        input_block("phase", "Phase", _phases(entered.phase)),
        input_block("due", "Due", moment_picker(entered.due_at)),
        input_block(
            "owner",
            "Owner",
            person_picker(entered.owner),
            optional=True,
            hint="Without one the role below owns it.",
        ),
    ]
    if about.roles:
        roles = [option(role_word(role), role) for role in about.roles]
        menu = select("value", roles, entered.role, "Choose a role")
        blocks.append(input_block("role", "Role", menu, optional=True))
    blocks.append(_milestone(chosen=entered.milestone))
    if about.tasks:
        hint = "" if new else "Left empty, it stays where it is."
        blocks.append(input_block("before", "Before", _before(about.tasks), optional=True, hint=hint))
    return modal(
        TASK_FORM,
        "Add a task" if new else "Change the task",
        blocks,
        submit="Add" if new else "Save",
        metadata={"r": about.release_id, "t": about.task_id, "s": about.stamp, "f": nonce, **shown},
    )


def remove_form(about: OpenTaskForm, shown: ShownPlan) -> View:
    """Ask before a task is removed."""
    intro = say("plan.remove_intro", title=about.entered.title, identifier=about.identifier)
    return modal(
        REMOVE_FORM,
        "Remove the task",
        [section(intro)],
        submit="Remove",
        close="Keep it",
        metadata={"r": about.release_id, "t": about.task_id, "s": about.stamp, **shown},
    )


def _phases(chosen: str) -> Element:
    return select("value", [option(phase_heading(phase), phase) for phase in PHASES], chosen, "Choose a phase")


def _milestone(*, chosen: bool) -> Block:
    choice = option("Chase it until it is done", "milestone")
    element: Element = {"type": "checkboxes", "action_id": "value", "options": [choice]}
    if chosen:
        element["initial_options"] = [choice]
    return input_block("milestone", "Milestone", element, optional=True)


def _before(tasks: Sequence[TaskChoice]) -> Element:
    """Every task under its phase; a phase of more than a hundred gets several groups."""
    most = slack_limits.MENU_OPTIONS
    groups = []
    ordered = sorted(tasks, key=lambda task: phase_rank(task.phase))
    for phase, grouped in groupby(ordered, key=lambda task: task.phase):
        choices = [option(task.title, str(task.id)) for task in grouped]
        for start in range(0, len(choices), most):
            words = phase_heading(phase) + (f" from {start + 1}" if start else "")
            label = plain_text(words, slack_limits.OPTION)
            groups.append({"label": label, "options": choices[start : start + most]})
    return {
        "type": "static_select",
        "action_id": "value",
        "placeholder": plain_text("At the end of its phase", slack_limits.PLACEHOLDER),
        "option_groups": groups,
    }
