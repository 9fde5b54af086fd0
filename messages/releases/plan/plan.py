"""The deployment plan of a release for one person: tasks by phase, a page at a time, with what they may do."""

from itertools import groupby

from messages.kit import signs, sizes
from messages.kit.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    context,
    modal,
    option,
    overflow,
    section,
    value,
)
from messages.kit.inputs import select
from messages.kit.text import Markup, cut, say
from messages.releases.plan.sustaining import SUSTAINING, sustaining
from models.releases.plan.order import phase_heading
from models.releases.plan.plan_view import PlanLine, PlanView

OPEN_PLAN = "plan:open"

ADD = "plan:add"

NOTES = "plan:notes"

CHECKLIST = "plan:checklist"

EARLIER = "plan:earlier"

LATER = "plan:later"

PHASE = "plan:phase"

TASK = "plan:task"


def plan(found: PlanView, page: int = 0) -> Message:
    """One page; a page beyond the end is the last one."""
    pages = max(1, -(-len(found.lines) // sizes.PLAN_PAGE))
    page = min(max(page, 0), pages - 1)
    text = say("plan.heading", plan=found, page=page, pages=pages)
    blocks: list[Block] = [section(text)]
    if found.made:
        blocks.append(context(sustaining(found.sustaining)))
    shown = found.lines[page * sizes.PLAN_PAGE : (page + 1) * sizes.PLAN_PAGE]
    for phase, lines in groupby(shown, key=lambda line: line.phase):
        all_of_it = [line for line in found.lines if line.phase == phase]
        done = sum(line.done_at is not None for line in all_of_it)
        blocks.append(context(Markup(f"*{phase_heading(phase)}* - {done} of {len(all_of_it)} done")))
        blocks += [_task(line, found.release_id, page) for line in lines]
    blocks += _buttons(found, page, pages)
    return Message(text=text, blocks=blocks)


def plan_modal(found: PlanView, page: int = 0) -> View:
    """The same in a modal."""
    return modal("plan:view", "Plan", plan(found, page).blocks, close="Close", metadata={"r": found.release_id})


def _task(line: PlanLine, release_id: int, page: int) -> Block:
    sign = signs.TASK_DONE if line.done_at else signs.TASK_OVERDUE if line.overdue else signs.TASK_OPEN
    words = say(
        "plan.task",
        task=line,
        sign=Markup(f":{sign}:"),
        title=cut(line.title, 100),
        owner=cut(line.owner, 30),
        done_by=cut(line.done_by, 30),
    )
    return section(words, accessory=_menu(line, release_id, page) if line.mine else None)


def _menu(line: PlanLine, release_id: int, page: int) -> Element | None:
    """What one may do with a task; a done one has to be reopened before it can be changed."""
    data = {"r": release_id, "t": line.id, "s": line.stamp, "p": line.position, "g": page}
    verbs = {"reopen": "Reopen"} if line.done_at else {"done": "Done", "change": "Change"}
    if not line.first:
        verbs["up"] = "Move up"
    if not line.last:
        verbs["down"] = "Move down"
    if not line.done_at:
        verbs["remove"] = "Remove"
    options = [option(words, value(**data, do=verb)) for verb, words in verbs.items()]
    if len(options) > 1:
        return overflow(TASK, options)
    return button("Reopen", TASK, options[0]["value"])


def _phase_menu(found: PlanView) -> Element:
    """The phases; choosing one shows the page that it begins on."""
    begins: dict[str, int] = {}
    for place, line in enumerate(found.lines):
        begins.setdefault(line.phase, place // sizes.PLAN_PAGE)
    options = [option(phase_heading(phase), value(r=found.release_id, g=page)) for phase, page in begins.items()]
    return select(PHASE, options, placeholder="Go to phase")


def _buttons(found: PlanView, page: int, pages: int) -> list[Block]:
    data = value(r=found.release_id, g=page)
    rows: list[Block] = []
    turns = [
        button("Earlier", EARLIER, value(r=found.release_id, g=page - 1)) if page else None,
        button("Later", LATER, value(r=found.release_id, g=page + 1)) if page + 1 < pages else None,
    ]
    if any(turns):
        rows.append(actions("pages", *turns, _phase_menu(found)))
    notes = "Release notes" if found.notes else "Draft release notes"
    verbs = [
        button("Add a task", ADD, data, "primary") if found.may_plan and found.made else None,
        button("Sustaining people", SUSTAINING, data) if found.may_plan else None,
        button(notes, NOTES, data) if found.may_write else None,
        button("Checklist", CHECKLIST, data) if found.may_write and found.has_day else None,
    ]
    if any(verbs):
        rows.append(actions("verbs", *verbs))
    return rows
