"""The card of a release: the parent of its thread, always showing the present state."""

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, Message, actions, button, option, overflow, value
from messages.kit.signs import sign, word
from messages.kit.text import Markup, cut, say
from messages.releases.action_ids import DETAILS, EDIT, EXTEND, MORE, RESCHEDULE
from messages.releases.activities.progress import progress_lines
from messages.releases.activities.verbs import activity_buttons, with_verb
from messages.releases.approval.decisions import decisions, later_approval_row
from messages.releases.approval.progress import (
    approval_parts,
    bypass_elements,
    later_approval_elements,
    progress_elements,
)
from messages.releases.approval.waivers import waive_row
from messages.releases.clearance.overrides import override_elements, passed_over_elements
from messages.releases.package.summary import summary_lines
from messages.releases.planned_lines import window_mark, window_span
from messages.releases.policy import policy_lines, risk_lines
from models.lifecycle.lifecycle import CHASED, OPEN, State
from models.lifecycle.window_state import WindowState
from models.releases.card.records import PlanProgress, ReleaseCard
from models.text import listed

QUOTED = 600
"""Characters of the description that the card shows; *Details* has the rest."""


def render(card: ReleaseCard) -> Message:
    """The card as a message for the service's channel."""
    blocks = [
        rich.rich_text(*headline(card), block_id="headline"),
        rich.rich_text(*_substance(card), block_id="substance"),
    ]
    buttons = card_buttons(card)
    if buttons:
        blocks.append(actions("verbs", *buttons))
    blocks += other_rows(card)
    return Message(text=summary(card), blocks=blocks)


def other_rows(card: ReleaseCard) -> list[Block]:
    """What a missed or overrun window asks for, *Waive*, *Approve* for a later approval, and the release that took
    its place, where they mean something.
    """
    newer = card.superseded_by
    return [
        *([actions("newer", button(newer.identifier, DETAILS, value(r=newer.id)))] if newer else []),
        *window_row(card),
        *waive_row(card.id, card.round, card.state, card.findings),
        *later_approval_row(card.id, card.round, card.later_approvals),
    ]


def summary(card: ReleaseCard) -> Markup:
    """The card in one line."""
    return say("card.summary", card=card, state=_state(card))


def headline(card: ReleaseCard) -> list[Element]:
    """What it is and its state, two lines that never move, and how far its activities are."""
    first = rich.line(
        rich.words(card.identifier, code=True),
        " ",
        rich.words(card.title, bold=True),
        f" - {card.type}",
    )
    second: list[Element | str] = [rich.emoji(sign(card.state)), " ", rich.words(_state(card), bold=True)]
    second += [" since ", rich.date(card.state_since, "{date_short_pretty} {time}")]
    if card.window:
        second += [" - ", *window_mark(card.window)]
    if card.state == State.REQUESTED:
        second += progress_elements(card.progress)
    return [first, rich.line(*second), *progress_lines(card)]


def card_buttons(card: ReleaseCard) -> list[Element]:
    """The buttons that mean something in this state, the likeliest first."""
    data = value(r=card.id, n=card.round)
    details = button("Details", DETAILS, data)
    match State(card.state):
        case State.REQUESTED:
            menu = overflow(MORE, _rare_decisions(data))
            return [*decisions(card.id, card.round), details, *([menu] if menu else [])]
        case State.CHANGES_REQUESTED | State.EXPIRED:
            return [button("Edit and resubmit", EDIT, data, "primary"), details]
        case State.REJECTED | State.CANCELLED | State.BACKED_OUT | State.RETIRED:
            return [details]
        case _:
            return activity_buttons(card, details)


def _rare_decisions(data: str) -> list[Element]:
    """Five at most."""
    do = (("Approve with a comment", "comment"), ("Withdraw approval", "withdraw"), ("Supersede", "supersede"))
    return [option(label, with_verb(data, verb)) for label, verb in do]


def _state(card: ReleaseCard) -> str:
    return word(card.state, card.superseded_by.identifier if card.superseded_by else "")


def window_row(card: ReleaseCard) -> list[Block]:
    """*Reschedule* for a missed window, *Extend* for an overrun one, beside the card's other buttons."""
    data = value(r=card.id, n=card.round)
    if card.window is WindowState.MISSED:
        return [actions("window", button("Reschedule", RESCHEDULE, data, "primary"))]
    if card.window is WindowState.OVERRUNNING:
        return [actions("window", button("Extend", EXTEND, data))]
    return []


def without_buttons(card: ReleaseCard) -> list[Block]:
    """Headline and substance, for places that bring their own buttons."""
    return [rich.rich_text(*headline(card)), rich.rich_text(*_substance(card))]


def _substance(card: ReleaseCard) -> list[Element]:
    parts = [rich.line(*_window(card)), rich.quote(card.description, QUOTED)]
    parts += approval_parts(card.approvals)
    if card.later_approvals:
        parts.append(rich.line(*later_approval_elements(card.later_approvals)))
    if card.bypass:
        parts.append(rich.line(*bypass_elements(card.bypass)))
        parts.append(rich.quote(card.bypass.reason, QUOTED))
    parts += passed_over_elements(card.passes_over)
    parts += override_elements(card.overrides, QUOTED)
    parts.append(rich.line(*_changes(card)))
    parts += summary_lines(card.package)
    parts.append(rich.line(rich.words("Back-out: ", bold=True), cut(" ".join(card.back_out_plan.split()), 200)))
    parts += risk_lines(card.risk, card.risk_factors)
    parts += policy_lines(card.findings)
    if card.known_error_count and card.state in OPEN:  # somebody still decides or deploys
        parts.append(rich.line(*_known_errors(card)))
    for objection in card.objections:
        said = "Rejected" if objection.verdict == "rejected" else "Changes requested"
        parts.append(rich.line(rich.words(f"{said} by {objection.person}", bold=True)))
        parts.append(rich.quote(objection.reason, QUOTED))
    if card.plan and card.state in CHASED:
        parts.append(rich.line(*_plan(card.plan)))
    return parts


def _window(card: ReleaseCard) -> list[Element | str]:
    return [
        "Window ",
        *window_span(card.window_start, card.window_end, "{date_long_pretty} {time}", bold=True),
        *_extended(card),
        f" - {card.method} - requested by {card.requester_name}",
    ]


def _extended(card: ReleaseCard) -> list[Element | str]:
    if card.extended_to is None:
        return []
    return [", extended until ", rich.date(card.extended_to, "{date_short_pretty} {time}", bold=True)]


def _changes(card: ReleaseCard) -> list[Element | str]:
    shown = ", ".join(card.changes[: sizes.CARD_CHANGES])
    elements: list[Element | str] = [f"{'Change' if len(card.changes) == 1 else 'Changes'} "]
    elements += [rich.words(shown, code=True)]
    if len(card.changes) > sizes.CARD_CHANGES:
        elements.append(f" and {len(card.changes) - sizes.CARD_CHANGES} more")
    if card.previous:
        elements.append(f" - follows {card.previous}")
    if card.supersedes:
        elements.append(f" - supersedes {cut(listed(one.identifier for one in card.supersedes), 200)}")
    return elements


def _known_errors(card: ReleaseCard) -> list[Element | str]:
    elements: list[Element | str] = [rich.words("Known errors here: ", bold=True)]
    for index, known in enumerate(card.known_errors):
        suffix = " (workaround)" if known.workaround else " (no workaround)"
        elements += ["; " if index else "", rich.words(known.number, code=True), f" {cut(known.title, 60)}{suffix}"]
    more = card.known_error_count - len(card.known_errors)
    if more > 0:
        elements.append(f"; and {more} more")
    return [one for one in elements if one != ""]


def _plan(plan: PlanProgress) -> list[Element | str]:
    elements: list[Element | str] = [rich.words("Plan: ", bold=True), f"{plan.done} of {plan.total} done"]
    if plan.next:
        elements += [" - next ", rich.words(plan.next.title, italic=True), f" ({plan.next.owner}), "]
        elements.append(rich.date(plan.next.due_at, "{date_short_pretty} {time}"))
    return elements
