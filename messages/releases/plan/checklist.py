"""The checklist of the deployment day in the release's thread: boxes that several people tick in one message."""

from itertools import groupby

from messages.kit import rich, signs, slack_limits
from messages.kit.blocks import Block, Element, Message, actions, context, paragraph, plain_text, section
from messages.kit.signs import word
from messages.kit.text import Markup, cut, say, typed
from messages.releases.plan.sustaining import sustaining
from models.errors import Stale
from models.releases.plan.checklist import CheckItem, Checklist
from models.releases.plan.order import phase_heading

TICK = "checklist:tick"


def render(checklist: Checklist) -> Message:
    """The checklist as it is now; a closed one has no boxes."""
    text = say("plan.checklist", list=checklist, state=word(checklist.state).lower())
    blocks: list[Block] = [section(text), context(sustaining(checklist.sustaining))]
    number = 0
    for phase, grouped in groupby(checklist.items, key=lambda item: item.phase):
        items = list(grouped)
        done = sum(item.done_at is not None for item in items)
        blocks.append(context(Markup(f"*{phase_heading(phase)}* - {done} of {len(items)} done")))
        for start in range(0, len(items), slack_limits.CHECKBOXES):
            group = items[start : start + slack_limits.CHECKBOXES]
            blocks.append(_closed(group) if checklist.closed else _boxes(checklist, number, group))
            number += 1
    return Message(text=text, blocks=blocks)


def posted(identifier: str) -> Message:
    """The answer to the person who posted it."""
    return paragraph(say("plan.checklist_posted", identifier=identifier))


def shown_in(block_id: str) -> tuple[int, set[int]]:
    """The release, and the tasks that a group of boxes showed as ticked, from its id (see :func:`_boxes`).

    Raises :class:`~models.errors.Stale` for the id of an earlier version.
    """
    try:
        _, release, _, _, ticked = block_id.split(":")
        return int(release), {int(task) for task in ticked.split(",") if task}
    except ValueError:
        raise Stale(
            "These boxes are from an earlier version of Release Desk. Checklist in the plan draws new ones."
        ) from None


def _boxes(checklist: Checklist, number: int, items: list[CheckItem]) -> Block:
    """Up to ten boxes. The id of the block says which of them were ticked.

    So a click tells what the person saw, however old their view is. And a block whose ticks changed is a new one to
    Slack, which then shows them instead of what that person had ticked (docs/slack-facts.md#modals-and-home).
    """
    options = {item.id: _option(item) for item in items}
    ticked = [item.id for item in items if item.done_at is not None]
    element: Element = {"type": "checkboxes", "action_id": TICK, "options": list(options.values())}
    if ticked:
        element["initial_options"] = [options[task] for task in ticked]
    shown = ",".join(str(task) for task in ticked)
    return actions(f"ticks:{checklist.release_id}:{checklist.drawn}:{number}:{shown}", element)


def _option(item: CheckItem) -> Element:
    description = {"type": "mrkdwn", "text": _about(item), "verbatim": True}
    return {"text": plain_text(item.title, slack_limits.OPTION), "value": str(item.id), "description": description}


def _about(item: CheckItem) -> Markup:
    """Its owner and due date, or who did it and when; the name is cut so that the moment fits."""
    at = item.done_at or item.due_at
    when = f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{at:%H:%M} UTC>"
    said = "done by " if item.done_at else "overdue, " if item.overdue else ""
    who = item.done_by if item.done_at else item.owner
    for length in range(len(who), 0, -1):
        about = Markup(f"{said}{typed(cut(who, length))}, {when}")
        if len(about) <= slack_limits.OPTION:
            return about
    return Markup(f"{said}{when}")


def _closed(items: list[CheckItem]) -> Block:
    lines = [
        rich.line(rich.emoji(signs.TASK_DONE if item.done_at else signs.TASK_OPEN), " ", cut(item.title, 75))
        for item in items
    ]
    return rich.rich_text(rich.bullets(*lines))
