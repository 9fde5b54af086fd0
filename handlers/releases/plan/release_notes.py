"""Technical release notes: drafted, edited in a modal, saved and posted."""

from handlers.dispatch.answers import Answer, Change, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from messages.releases.plan.plan import NOTES
from messages.releases.plan.release_notes import NOTES_FORM, POST, notes_form
from models.releases.plan.release_notes import notes_to_edit, save_notes


@action(NOTES)
async def open_notes(desk: Desk, incoming: Incoming) -> Answer:
    """Open the notes of a release, or a draft."""
    return Open(notes_form(await notes_to_edit(desk.work, incoming.actor, int(incoming.value["r"]))))


@view(NOTES_FORM)
async def save(desk: Desk, incoming: Incoming) -> Answer:
    await _save(desk, incoming, post_it=False)
    return Nothing()


@action(POST)
async def post(desk: Desk, incoming: Incoming) -> Answer:
    """Save the notes and put them into the release's thread; the form says so and stays."""
    await _save(desk, incoming, post_it=True)
    release_id = int(incoming.metadata["r"])
    return Change(notes_form(await notes_to_edit(desk.work, incoming.actor, release_id)))


async def _save(desk: Desk, incoming: Incoming, *, post_it: bool) -> None:
    about, text = incoming.metadata, incoming.fields.text("notes")
    await save_notes(desk.work, incoming.actor, int(about["r"]), text, int(about["n"]), post=post_it)
