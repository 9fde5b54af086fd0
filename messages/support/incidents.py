"""An incident with its known errors, linking it to one, and what came of that."""

from messages.kit import rich, sizes
from messages.kit.blocks import Block, Message, View, actions, button, modal, paragraph, section, value
from messages.kit.inputs import input_block, text_input
from messages.kit.text import cut, say
from messages.support.known_errors import OPEN, what_to_do
from models.support.links import LinkResult
from models.support.records import IncidentRecord, KnownErrorRecord

LINK_KNOWN_ERROR = "incident:link"

UNLINK = "incident:unlink"

INCIDENT_LINK_FORM = "incident:link_form"


def incident_shown(one: IncidentRecord) -> Message:
    """One incident for one person, with what its known errors say to do."""
    text = say("support.incident", incident=one, count=len(one.known_errors))
    blocks: list[Block] = [section(text)]
    if one.symptom:
        blocks.append(rich.rich_text(rich.quote(one.symptom, 600)))
    for known_error in one.known_errors[: sizes.LINKED_KNOWN_ERRORS]:
        blocks += _linked(one, known_error)
    link = button(
        "Link a known error", LINK_KNOWN_ERROR, value(i=one.number), None if one.known_errors else "primary"
    )
    blocks.append(actions("verbs", link))
    return Message(text=text, blocks=blocks)


def incident_link_form(incident: str) -> View:
    """Ask which known errors explain the incident."""
    return modal(
        INCIDENT_LINK_FORM,
        "Link a known error",
        [
            section(say("support.incident_link_intro", incident=incident)),
            input_block("known_error", "Known error", text_input(max_length=150, placeholder="KE-1")),
        ],
        submit="Link",
        metadata={"i": incident},
    )


def linked(result: LinkResult) -> Message:
    """What linking changed, and what was linked before."""
    return paragraph(say("support.incident_linked", result=result))


def unlinked(result: LinkResult) -> Message:
    """What unlinking changed, and what wasn't linked."""
    return paragraph(say("support.incident_unlinked", result=result))


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
