"""Turning points of a release up to its deployment, told in its thread. The requester learns the outcome."""

from messages.kit import rich, sizes
from messages.kit.blocks import Message, actions, button, section, value
from messages.kit.text import cut, say
from messages.releases.action_ids import DETAILS, EDIT
from models.lifecycle.lifecycle import State
from models.releases.card.records import ReleaseOutcome


def render(outcome: ReleaseOutcome) -> Message:
    """A turning point, with the reason as it was given."""
    asked = outcome.asked[: sizes.ASKED_MENTIONS]
    text = say("card.outcome", outcome=outcome, asked=asked, more=len(outcome.asked) - len(asked))
    blocks = [section(text)]
    if outcome.reason and outcome.kind != "approved":
        blocks.append(rich.rich_text(rich.quote(outcome.reason, 2500)))
    if outcome.restored:
        blocks.append(rich.rich_text(rich.line(rich.words("Runs again: ", bold=True), cut(outcome.restored, 2500))))
    if outcome.other:
        other = outcome.other
        blocks.append(actions("other", button(other.identifier, DETAILS, value(r=other.id))))
    if outcome.kind == "changes_requested" and outcome.state == State.CHANGES_REQUESTED:
        edit = button("Edit and resubmit", EDIT, value(r=outcome.release_id, n=outcome.round), "primary")
        blocks.append(actions("verbs", edit))
    return Message(text=text, blocks=blocks)
