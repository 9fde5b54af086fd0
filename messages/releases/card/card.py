"""The card of a release: the parent of its thread, always showing the present state."""

from messages.kit import rich
from messages.kit.blocks import Block, Element, Message, actions, button, value
from messages.kit.signs import sign, word
from messages.kit.text import cut, say
from messages.releases.action_ids import APPROVE, APPROVE_AFTERWARDS, EDIT, REJECT, REQUEST_CHANGES
from messages.releases.activities import verbs as activities
from messages.releases.lines import (
    bypass_elements,
    known_errors_line,
    owed_elements,
    progress_elements,
    window_elements,
)
from messages.releases.package.summary import summary_lines
from messages.releases.policy import policy_lines, waive_row
from models.lifecycle.lifecycle import CHASED, OPEN, State
from models.releases.card.records import ReleaseCard

DETAILS = "release:details"

WHILE_DECIDING = OPEN
"""The states in which somebody still decides or deploys, and so wants to know the known errors."""

QUOTED = 600
"""Characters of the description that the card shows; *Details* has the rest."""


def render(card: ReleaseCard) -> Message:
    """The card as a message for the service's channel."""
    blocks = [
        rich.rich_text(*headline(card), block_id="headline"),
        rich.rich_text(*_substance(card), block_id="substance"),
    ]
    buttons = verbs(card)
    if buttons:
        blocks.append(actions("verbs", *buttons))
    blocks += waive_row(card)
    blocks += owed_verbs(card)
    return Message(text=summary(card), blocks=blocks)


def summary(card: ReleaseCard) -> str:
    """The whole news in one line."""
    return say("card.summary", card=card, state=word(card.state))


def headline(card: ReleaseCard) -> list[Element]:
    """What it is, and where it stands: two lines that never change their place, and what it waits for."""
    first = rich.line(
        rich.words(card.identifier, code=True),
        " ",
        rich.words(card.title, bold=True),
        f" - {card.type}",
    )
    second: list[Element | str] = [rich.emoji(sign(card.state)), " ", rich.words(word(card.state), bold=True)]
    second += [" since ", rich.date(card.state_since, "{date_short_pretty} {time}")]
    if card.state == State.REQUESTED:
        second += progress_elements(card.progress)
    return [first, rich.line(*second), *activities.lines(card)]


def verbs(card: ReleaseCard) -> list[Element | None]:
    """The buttons that mean something in this state, the likeliest first."""
    data = value(r=card.id, n=card.round)
    details = button("Details", DETAILS, data)
    match State(card.state):
        case State.REQUESTED:
            return [*decisions(card.id, card.round), details]
        case State.CHANGES_REQUESTED | State.EXPIRED:
            return [button("Edit and resubmit", EDIT, data, "primary"), details]
        case State.REJECTED | State.CANCELLED | State.BACKED_OUT | State.RETIRED:
            return [details]
        case _:
            return activities.buttons(card, details)


def decisions(release_id: int, round_: int) -> list[Element]:
    """The three buttons of somebody who decides; the same wherever a request is shown."""
    data = value(r=release_id, n=round_)
    return [
        button("Approve", APPROVE, data, "primary"),
        button("Request changes", REQUEST_CHANGES, data),
        button("Reject", REJECT, data, "danger"),
    ]


def owed_verbs(card: ReleaseCard) -> list[Block]:
    """The button of somebody who gives an approval that an emergency owes, in a row of its own."""
    if card.owed is None or card.owed.completed_at:
        return []
    return [actions("owed", button("Approve", APPROVE_AFTERWARDS, value(r=card.id, n=card.round)))]


def _substance(card: ReleaseCard) -> list[Element]:
    parts = [rich.line(*window_elements(card)), rich.quote(card.description, QUOTED)]
    if card.owed:
        parts.append(rich.line(*owed_elements(card.owed)))
    if card.bypass:
        parts.append(rich.line(*bypass_elements(card.bypass)))
        parts.append(rich.quote(card.bypass.reason, QUOTED))
    facts: list[Element | str] = [f"{'Change' if len(card.changes) == 1 else 'Changes'} "]
    facts += [rich.words(", ".join(card.changes[:8]), code=True)]
    if len(card.changes) > 8:
        facts.append(f" and {len(card.changes) - 8} more")
    if card.previous:
        facts.append(f" - follows {card.previous}")
    parts.append(rich.line(*facts))
    parts += summary_lines(card.package)
    parts.append(rich.line(rich.words("Back-out: ", bold=True), cut(" ".join(card.back_out_plan.split()), 200)))
    parts += policy_lines(card)
    if card.known_error_count and card.state in WHILE_DECIDING:
        parts.append(rich.line(*known_errors_line(card)))
    for objection in card.objections:
        said = "Rejected" if objection.verdict == "rejected" else "Changes requested"
        parts.append(rich.line(rich.words(f"{said} by {objection.person}", bold=True)))
        parts.append(rich.quote(objection.reason, QUOTED))
    if card.plan and card.state in CHASED:
        parts.append(rich.line(*_plan_line(card)))
    return parts


def _plan_line(card: ReleaseCard) -> list[Element | str]:
    plan = card.plan
    if plan is None:
        return []
    elements: list[Element | str] = [rich.words("Plan: ", bold=True), f"{plan.done} of {plan.total} done"]
    if plan.next:
        elements += [" - next ", rich.words(plan.next.title, italic=True), f" ({plan.next.owner}), "]
        elements.append(rich.date(plan.next.due_at, "{date_short_pretty} {time}"))
    return elements


def block_texts(card: ReleaseCard) -> list[Block]:
    """Headline and substance without buttons, for places that bring their own."""
    return [rich.rich_text(*headline(card)), rich.rich_text(*_substance(card))]
