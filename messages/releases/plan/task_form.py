"""The modals of the plan. Labels and titles are a contract: people script them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from messages.kit.blocks import (
    SELECT_LIMIT,
    Block,
    Element,
    input_block,
    modal,
    option,
    plain_text,
    section,
    select,
    text_input,
)
from messages.kit.text import cut, say
from models.catalog.roles import role_word
from models.releases.plan.order import PHASES, phase_rank, phase_words
from models.releases.plan.sustaining import MOST_PEOPLE
from models.releases.plan.task_form import TITLE_LIMIT, TaskChoice, TaskToChange

TASK_FORM = "plan:task_form"

REMOVE_FORM = "plan:remove_form"

SUSTAINING_FORM = "plan:sustaining_form"

Place = Mapping[str, Any]
"""Where the answer to a form is shown: the page ``g`` of the plan, at the address ``u``."""


def task_form(about: TaskToChange, nonce: str, place: Place) -> dict[str, Any]:
    """*Add a task* or *Change the task*; ``nonce`` makes submitting it twice harmless."""
    new = about.task_id is None
    entered = about.entered
    blocks: list[Block] = [
        section(say("plan.task_intro", identifier=about.identifier, zone=about.zone, new=new)),
        input_block("title", "Title", text_input(initial=entered.title, max_length=TITLE_LIMIT)),
        input_block("phase", "Phase", _phases(entered.phase)),
        input_block("due", "Due", _moment(entered.due_at)),
        input_block(
            "owner", "Owner", _person(entered.owner), optional=True, hint="Without one the role below owns it."
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
        metadata={"r": about.release_id, "t": about.task_id, "s": about.stamp, "f": nonce, **place},
    )


def remove_form(about: TaskToChange, place: Place) -> dict[str, Any]:
    """Ask before a task is taken out."""
    intro = say("plan.remove_intro", title=about.entered.title, identifier=about.identifier)
    return modal(
        REMOVE_FORM,
        "Remove the task",
        [section(intro)],
        submit="Remove",
        close="Keep it",
        metadata={"r": about.release_id, "t": about.task_id, "s": about.stamp, **place},
    )


def sustaining_form(release_id: int, identifier: str, people: Sequence[str], place: Place) -> dict[str, Any]:
    """*Sustaining people*, with those who are named."""
    menu: Element = {
        "type": "multi_users_select",
        "action_id": "value",
        "placeholder": plain_text("Choose people", 150),
        "max_selected_items": MOST_PEOPLE,
    }
    if people:
        menu["initial_users"] = list(people)
    return modal(
        SUSTAINING_FORM,
        "Sustaining people",
        [
            section(say("plan.sustaining_intro", identifier=identifier)),
            input_block("people", "Sustaining people", menu, optional=True),
        ],
        submit="Save",
        metadata={"r": release_id, "was": list(people), **place},
    )


def _phases(chosen: str) -> Element:
    return select("value", [option(phase_words(phase), phase) for phase in PHASES], chosen, "Choose a phase")


def _moment(due: datetime | None) -> Element:
    element: Element = {"type": "datetimepicker", "action_id": "value"}
    if due:
        element["initial_date_time"] = int(due.timestamp())
    return element


def _person(owner: str | None) -> Element:
    element: Element = {
        "type": "users_select",
        "action_id": "value",
        "placeholder": plain_text("Choose a person", 150),
    }
    if owner:
        element["initial_user"] = owner
    return element


def _milestone(*, chosen: bool) -> Block:
    choice = option("Chase it until it is done", "milestone")
    element: Element = {"type": "checkboxes", "action_id": "value", "options": [choice]}
    if chosen:
        element["initial_options"] = [choice]
    return input_block("milestone", "Milestone", element, optional=True)


def _before(tasks: Sequence[TaskChoice]) -> Element:
    """Every task as a choice, under its phase; a menu's group holds at most a hundred."""
    groups = []
    ordered = sorted(tasks, key=lambda task: phase_rank(task.phase))
    for phase, grouped in groupby(ordered, key=lambda task: task.phase):
        choices = [option(cut(task.title, 75), str(task.id)) for task in grouped]
        for start in range(0, len(choices), SELECT_LIMIT):
            words = phase_words(phase) + (f" from {start + 1}" if start else "")
            groups.append({"label": plain_text(words, 75), "options": choices[start : start + SELECT_LIMIT]})
    return {
        "type": "static_select",
        "action_id": "value",
        "placeholder": plain_text("At the end of its phase", 150),
        "option_groups": groups,
    }
