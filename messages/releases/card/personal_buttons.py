"""The buttons of a release as one person sees them: only the verbs that they may take.

A card in a channel is one message for everybody and shows what comes next; a message to one person offers nothing
that they would be refused.
"""

from collections.abc import Mapping, Sequence

from messages.kit.blocks import Block, Element, button
from messages.releases.action_ids import (
    APPROVE,
    APPROVE_AFTERWARDS,
    BACK_OUT,
    CANCEL,
    EDIT,
    EXTEND,
    NO_GO,
    REJECT,
    REQUEST_CHANGES,
    RESCHEDULE,
    RETIRE,
    SEND_BACK,
    SUPERSEDE,
    WAIVE,
)
from messages.releases.activities.verbs import ACTIONS, rare_verb
from models.lifecycle.lifecycle import Verb
from models.releases.card.available_verbs import AvailableVerbs

_VERBS: Mapping[str, Verb] = {
    APPROVE: Verb.APPROVE,
    WAIVE: Verb.APPROVE,
    REJECT: Verb.REJECT,
    REQUEST_CHANGES: Verb.REQUEST_CHANGES,
    CANCEL: Verb.CANCEL,
    SUPERSEDE: Verb.SUPERSEDE,
    NO_GO: Verb.NO_GO,
    BACK_OUT: Verb.BACK_OUT,
    SEND_BACK: Verb.SEND_BACK,
    RETIRE: Verb.RETIRE,
    **{action: verb for verb, action in ACTIONS.items()},
}
"""The verb behind each button; any other button only shows something."""

_RARE: Mapping[str, Verb] = {
    "record_build": Verb.RECORD_BUILD,
    "back_out": Verb.BACK_OUT,
    "cancel": Verb.CANCEL,
    "comment": Verb.APPROVE,
    "withdraw": Verb.WITHDRAW,
    "supersede": Verb.SUPERSEDE,
}
"""The verb behind each entry of the menu."""


def offered_of(elements: Sequence[Element | None], offer: AvailableVerbs) -> list[Element]:
    """The ``elements`` that are in ``offer``."""
    return [kept for element in elements if element and (kept := _kept(element, offer))]


def offered_rows(blocks: Sequence[Block], offer: AvailableVerbs) -> list[Block]:
    """Rows of buttons with those that are in ``offer``; rows without any are dropped."""
    kept = [{**block, "elements": offered_of(block["elements"], offer)} for block in blocks]
    return [block for block in kept if block["elements"]]


def _kept(element: Element, offer: AvailableVerbs) -> Element | None:
    if element["type"] != "overflow":
        return element if _may(element["action_id"], offer) else None
    options = [one for one in element["options"] if _may_rarely(one["value"], offer)]
    if len(options) == 1:  # one alone is no menu
        return button(options[0]["text"]["text"], element["action_id"], options[0]["value"])
    return {**element, "options": options} if options else None


def _may(action: str, offer: AvailableVerbs) -> bool:
    if action == EDIT:
        return offer.edit
    if action == APPROVE_AFTERWARDS:
        return offer.later_approval
    if action == RESCHEDULE:
        return offer.reschedule
    if action == EXTEND:
        return offer.extend
    verb = _VERBS.get(action)
    return verb is None or verb in offer.verbs


def _may_rarely(data: str, offer: AvailableVerbs) -> bool:
    do = rare_verb(data)
    if do == "edit":
        return offer.edit
    verb = _RARE.get(do)
    return verb is None or verb in offer.verbs
