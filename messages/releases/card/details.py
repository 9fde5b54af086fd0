"""One release for one person: with the buttons of its card that they may use, or in full in a modal."""

from messages.kit import rich, sizes
from messages.kit.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    confirm,
    context,
    modal,
    paragraph,
    section,
    value,
)
from messages.kit.text import say
from messages.releases.action_ids import CANCEL, DETAILS, EDIT, SUPERSEDE
from messages.releases.approval.progress import approval_details
from messages.releases.card.card import card_buttons, other_rows, summary, without_buttons
from messages.releases.card.personal_buttons import offered_of, offered_rows
from messages.releases.package.show import OPEN_PACKAGE
from messages.releases.package.summary import details_lines
from messages.releases.plan.plan import OPEN_PLAN
from messages.releases.policy import risk_details
from models.lifecycle.lifecycle import Verb, verbs_from
from models.releases.card.available_verbs import AvailableVerbs
from models.releases.card.records import ReleaseCard
from models.releases.request.change_content import EDITABLE


def release_shown(card: ReleaseCard, offer: AvailableVerbs) -> Message:
    """The card with the buttons that are in ``offer``."""
    blocks = without_buttons(card)
    buttons = offered_of(card_buttons(card), offer)
    if buttons:
        blocks.append(actions("verbs", *buttons))
    blocks += offered_rows(other_rows(card), offer)
    return Message(text=summary(card), blocks=blocks)


def details(card: ReleaseCard, offer: AvailableVerbs) -> View:
    """Everything about a release, with the rare verbs that are in ``offer``."""
    blocks: list[Block] = [
        *without_buttons(card),
        rich.rich_text(
            rich.line(rich.words("What changes and why", bold=True)),
            rich.quote(card.description, 3000),
            rich.line(rich.words("Back-out plan", bold=True)),
            rich.quote(card.back_out_plan, 3000),
            rich.line(rich.words("Authorised changes: ", bold=True), ", ".join(card.changes)),
            *details_lines(card.package),
            *approval_details(card.approvals),
            *risk_details(card.risk, card.risk_factors),
        ),
        context(say("card.details_footer", card=card)),
    ]
    data = value(r=card.id)
    looking = (button("Package", OPEN_PACKAGE, data), button("Plan", OPEN_PLAN, data))
    blocks.append(actions("rare", *looking, *offered_of(_rare_verbs(card), offer)))
    if newer := card.superseded_by:
        blocks.append(actions("newer", button(newer.identifier, DETAILS, value(r=newer.id))))
    blocks += [
        section(say("card.supersedes", other=one), button("Details", DETAILS, value(r=one.id)))
        for one in card.supersedes[: sizes.SUPERSEDED]
    ]
    return modal("release:details", "Release", blocks, close="Close", metadata={"r": card.id})


def cancelled(identifier: str) -> Message:
    """The answer to the person who cancelled a release."""
    return paragraph(say("card.cancelled", identifier=identifier))


def _rare_verbs(card: ReleaseCard) -> list[Element]:
    data = value(r=card.id, n=card.round)
    elements = []
    if card.state in EDITABLE:
        elements.append(button("Edit", EDIT, data))
    if Verb.CANCEL in verbs_from(card.state):
        sure = confirm(
            "Cancel this release?", say("card.cancel_confirm", card=card), "Cancel it", "Keep it", danger=True
        )
        elements.append(button("Cancel release", CANCEL, data, "danger", sure))
    if Verb.SUPERSEDE in verbs_from(card.state):
        elements.append(button("Supersede", SUPERSEDE, data))
    return elements
