"""Release notes: the modal in which they are edited, and the message in the release's thread."""

from messages.kit import rich
from messages.kit.blocks import Message, View, actions, button, modal, section, value
from messages.kit.inputs import input_block, text_input
from messages.kit.text import say
from messages.releases.plan.release_notes_draft import draft
from models.limits import NOTES_LIMIT
from models.releases.plan.release_notes import NotesToEdit, NotesVersion

NOTES_FORM = "notes:form"

POST = "notes:post"


def notes_form(notes: NotesToEdit) -> View:
    """*Release notes*: the last version, or a draft to begin with."""
    text = notes.text if notes.draft is None else draft(notes.draft)
    field = text_input(initial=text, multiline=True, max_length=NOTES_LIMIT)
    hint = f"Up to {NOTES_LIMIT:,} characters, shown as you type them."
    return modal(
        NOTES_FORM,
        "Release notes",
        [
            section(say("plan.notes_intro", notes=notes)),
            input_block("notes", "Notes", field, hint=hint),
            actions("post", button("Post", POST, value())),
        ],
        submit="Save",
        close="Close",
        metadata={"r": notes.release_id, "n": notes.version},
    )


def render(notes: NotesVersion) -> Message:
    """A version of the notes in the thread."""
    text = say("plan.notes", notes=notes)
    return Message(text=text, blocks=[section(text), rich.rich_text(rich.quote(notes.text, NOTES_LIMIT))])
