"""Release notes: the draft, the form in which they are edited, and the message in the release's thread."""

import re
from typing import Any

from messages import rich
from messages.blocks import Message, actions, button, input_block, modal, section, text_input, value
from messages.text import Markup, cut, plain, say
from models.releases.release_notes import NOTES_LIMIT, DraftFacts, NotesShown, NotesToEdit

NOTES_FORM = "notes:form"
POST = "notes:post"


def notes_form(notes: NotesToEdit) -> dict[str, Any]:
    """*Release notes*: the last version, or a draft to begin with."""
    text = notes.text if notes.draft is None else draft(notes.draft)
    field = text_input(initial=text, multiline=True, max_length=NOTES_LIMIT)
    hint = f"Up to {NOTES_LIMIT:,} characters, shown as you type them."
    return modal(
        NOTES_FORM,
        "Release notes",
        [
            section(say("notes_intro", notes=notes)),
            input_block("notes", "Notes", field, hint=hint),
            actions("post", button("Post", POST, value())),
        ],
        submit="Save",
        close="Close",
        metadata={"r": notes.release_id, "n": notes.version},
    )


def draft(facts: DraftFacts) -> str:
    """Notes to begin with: plain text for a field that shows everything literally, cut to what it takes."""
    start, end = facts.window_start, facts.window_end
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a %d %b %Y %H:%M}"
    known_errors = [
        {"number": one.number, "title": _literal(one.title), "workaround": _literal(one.workaround)}
        for one in facts.known_errors
    ]
    said = say(
        "release_notes_draft",
        d={
            "identifier": _literal(facts.identifier),
            "title": _literal(facts.title),
            "service": _literal(facts.service),
            "window": Markup(f"{start:%a %d %b %Y %H:%M} - {until} {facts.zone}"),
            "method": _literal(facts.method),
            "description": _literal(facts.description),
            "changes": Markup(", ".join(facts.changes)),
            "known_errors": known_errors,
            "back_out_plan": _literal(facts.back_out_plan),
        },
    )
    return cut(re.sub(r"\n{3,}", "\n\n", said), NOTES_LIMIT)


def render(notes: NotesShown) -> Message:
    """The notes in the thread; what people wrote shows as they wrote it."""
    text = say("notes_posted", notes=notes)
    return Message(text=text, blocks=[section(text), rich.rich_text(rich.quote(notes.text, NOTES_LIMIT))])


def _literal(text: str) -> Markup:
    """What people typed, for a place that shows it literally: nothing is escaped."""
    return Markup(plain(text))
