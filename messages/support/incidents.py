"""An incident as people see it, and what came of linking it."""

from messages.kit import rich
from messages.kit.blocks import Block, Message, actions, button, section, value
from messages.kit.text import cut, say
from messages.support.known_errors import OPEN, what_to_do
from models.support.links import LinkResult
from models.support.records import IncidentRecord, KnownErrorRecord

LINK_KNOWN_ERROR = "incident:link"

UNLINK = "incident:unlink"

SHOWN = 5
"""How many linked known errors are shown with what to do about them."""


def incident_shown(one: IncidentRecord) -> Message:
    """One incident for one person: what is known of it, and what its known errors say to do."""
    text = say("incident", incident=one, count=len(one.known_errors))
    blocks: list[Block] = [section(text)]
    if one.symptom:
        blocks.append(rich.rich_text(rich.quote(one.symptom, 600)))
    for known_error in one.known_errors[:SHOWN]:
        blocks += _linked(one, known_error)
    link = button(
        "Link a known error", LINK_KNOWN_ERROR, value(i=one.number), None if one.known_errors else "primary"
    )
    blocks.append(actions("verbs", link))
    return Message(text=text, blocks=blocks)


def linked(result: LinkResult) -> Message:
    """What linking changed, and what was so already."""
    return _outcome("incident_linked", result)


def unlinked(result: LinkResult) -> Message:
    """What unlinking changed, and what was so already."""
    return _outcome("incident_unlinked", result)


def _outcome(template: str, result: LinkResult) -> Message:
    text = say(template, result=result)
    return Message(text=text, blocks=[section(text)])


def _linked(one: IncidentRecord, known_error: KnownErrorRecord) -> list[Block]:
    headline = rich.line(
        rich.words(known_error.number, code=True), " ", rich.words(cut(known_error.title, 150), bold=True)
    )
    return [
        rich.rich_text(headline, what_to_do(known_error)),
        actions(
            f"verbs:{known_error.id}",
            button("Open", OPEN, value(k=known_error.id)),
            button("Unlink", UNLINK, value(i=one.number, k=known_error.id)),
        ),
    ]
