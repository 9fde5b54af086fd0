"""A person's Home: what waits for them first, then what is theirs, then what is coming."""

from collections.abc import Sequence

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, Message, actions, button, context, header, section, value
from messages.kit.refusals import refusal
from messages.kit.sizes import HomeSize
from messages.kit.text import Markup, cut, say
from messages.kpi.figures import figure_lines
from messages.releases.action_ids import APPROVE_AFTERWARDS, DETAILS, EDIT, RESCHEDULE
from messages.releases.activities.verbs import next_button
from messages.releases.approval.decisions import decisions
from messages.releases.card.lists import release_line
from messages.releases.plan.reminders import settle_buttons
from messages.releases.planned_lines import window_mark
from models.catalog.roles import role_words
from models.home.approvals import WaitingApproval
from models.home.home import Home, SentBack
from models.home.later_approvals import WaitingLaterApproval
from models.home.waiting_steps import WaitingStep
from models.lifecycle.window_state import WindowState
from models.releases.card.records import ReleaseLine
from models.releases.plan.records import TaskLine

SHOW = "home:show"

QUOTED = 200
"""Characters of a reason that Home shows; the release's thread has the rest."""


def render(home: Home) -> Message:
    """The blocks of the Home tab; Slack shows no ``text`` there."""
    if home.closed:
        return Message(text=say("home.text"), blocks=[header("Release Desk"), *refusal(home.closed).blocks])
    size = sizes.LONG_HOME if home.everything else sizes.SHORT_HOME
    blocks = [
        *_waiting(home, size),
        *_releases("Your releases", "mine", home.mine, size),
        *_releases("Coming up in the next 7 days", "coming", home.coming_up, size),
        *_figures(home),
        *_footer(home, size),
    ]
    return Message(text=say("home.text"), blocks=blocks)


def _waiting(home: Home, size: HomeSize) -> list[Block]:
    blocks = [header("Waiting for you")]
    for approval in home.approvals[: size.approvals]:
        blocks += _approval(approval)
    for later in home.later_approvals[: size.later_approvals]:
        blocks += _later_approval(later)
    for step in home.steps[: size.steps]:
        blocks += _step(step)
    for sent_back in home.sent_back[: size.sent_back]:
        blocks += _sent_back(sent_back)
    for task in home.tasks[: size.tasks]:
        blocks += _task(task)
    if home.environment_requests:
        blocks.append(section(say("home.environment_requests", count=home.environment_requests)))
    if home.environment_offers:
        blocks.append(section(say("home.environment_offers", count=home.environment_offers)))
    if len(blocks) == 1:
        blocks.append(section(say("home.nothing_waits", home=home)))
    return blocks


def _approval(one: WaitingApproval) -> list[Block]:
    first = rich.line(
        rich.words(one.identifier, code=True), " ", rich.words(cut(one.title, 120), bold=True), f" - {one.type}"
    )
    roles = role_words(one.missing)
    second = rich.line(
        f"{one.service_name} - window ",
        rich.date(one.window_start, "{date_long_pretty} {time}", bold=True),
        f" - requested by {one.requester_name}, waits for {roles} since ",
        rich.date(one.since, "{date_short_pretty} {time}"),
    )
    data = value(r=one.release_id, n=one.round)
    buttons = [*decisions(one.release_id, one.round), button("Details", DETAILS, data)]
    return [rich.rich_text(first, second), actions(f"release-{one.release_id}", *buttons)]


def _later_approval(one: WaitingLaterApproval) -> list[Block]:
    elements: list[Element | str] = [
        rich.words(one.identifier, code=True),
        " ",
        rich.words(cut(one.title, 120), bold=True),
        f" - {one.service_name} - went first, {'owed' if one.late else 'owes'} the approval of ",
        f"{cut(role_words(one.missing), 200)} by ",
        rich.date(one.due_at, "{date_long_pretty} {time}", bold=one.late),
    ]
    data = value(r=one.release_id, n=one.round)
    buttons = (button("Approve", APPROVE_AFTERWARDS, data, "primary"), button("Details", DETAILS, data))
    return [rich.rich_text(rich.line(*elements)), actions(f"owed-{one.release_id}", *buttons)]


def _step(one: WaitingStep) -> list[Block]:
    elements: list[Element | str] = [
        *window_mark(one.window),
        rich.words(one.identifier, code=True),
        " ",
        rich.words(cut(one.title, 120), bold=True),
        " - window ",
        rich.date(one.window_start, "{date_long_pretty} {time}"),
    ]
    if one.lacking:
        elements.append(f" - {cut('; '.join(one.lacking), 200)}")
    data = value(r=one.release_id, n=one.round)
    moved = [button("Reschedule", RESCHEDULE, data)] if one.window is WindowState.MISSED else []
    buttons = (next_button(one.verb, one, data), *moved, button("Details", DETAILS, data))
    return [rich.rich_text(rich.line(*elements)), actions(f"step-{one.release_id}", *buttons)]


def _sent_back(one: SentBack) -> list[Block]:
    parts = [
        rich.line(
            rich.words(one.identifier, code=True),
            " ",
            rich.words(cut(one.title, 120), bold=True),
            " - expired, because nobody decided in time"
            if one.expired
            else f" - {one.asked_by or 'somebody'} asks for changes",
        )
    ]
    if one.reason:
        parts.append(rich.quote(one.reason, QUOTED))
    data = value(r=one.release_id, n=one.round)
    edit = button("Edit and resubmit", EDIT, data, "primary")
    return [rich.rich_text(*parts), actions(f"release-{one.release_id}", edit, button("Details", DETAILS, data))]


def _task(task: TaskLine) -> list[Block]:
    elements: list[Element | str] = [
        rich.words(task.title, bold=True),
        " for ",
        rich.words(task.identifier, code=True),
    ]
    elements += [" was due " if task.overdue else " is due ", rich.date(task.due_at, "{date_long_pretty} {time}")]
    elements.append(f" - {'milestone, ' if task.milestone else ''}{task.owner}")
    buttons = settle_buttons(task.id, may_snooze=task.milestone)
    return [rich.rich_text(rich.line(*elements)), actions(f"task-{task.id}", *buttons)]


def _releases(title: str, name: str, releases: Sequence[ReleaseLine], size: HomeSize) -> list[Block]:
    if not releases:
        return [header(title), section(say("home.no_releases", kind=name))]
    shown = rich.bullets(*[release_line(one) for one in releases[: size.releases]])
    return [header(title), rich.rich_text(shown)]


def _figures(home: Home) -> list[Block]:
    if home.figures is None:
        return []
    said = Markup("\n".join(figure_lines(home.figures)))
    return [header("Figures of the last 30 days"), section(said), context(say("home.figures"))]


def _footer(home: Home, size: HomeSize) -> list[Block]:
    blocks: list[Block] = []
    if home.everything:
        if _hidden(home, size):
            blocks.append(context(say("home.more", count=_hidden(home, size))))
        blocks.append(actions("show", button("Show less", SHOW, value(a=0))))
    elif _hidden(home, size):
        blocks.append(actions("show", button(f"Show all ({_hidden(home, size)} more)", SHOW, value(a=1))))
    return [*blocks, context(say("home.footer"))]


def _hidden(home: Home, size: HomeSize) -> int:
    lists = (
        (home.approvals, size.approvals),
        (home.later_approvals, size.later_approvals),
        (home.steps, size.steps),
        (home.sent_back, size.sent_back),
        (home.tasks, size.tasks),
        (home.mine, size.releases),
        (home.coming_up, size.releases),
    )
    return sum(max(len(entries) - shown, 0) for entries, shown in lists)
