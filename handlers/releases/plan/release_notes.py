"""Technical release notes: drafted, edited in a modal, saved and posted."""

from handlers.dispatch.answers import Answer, Change, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming, written
from handlers.dispatch.registry import Registry
from messages.releases.plan.plan import NOTES
from messages.releases.plan.release_notes import NOTES_FORM, POST, notes_form
from models.releases.plan.release_notes import notes_to_edit, save_notes


def register(registry: Registry) -> None:
    """Name what this module answers."""
    registry.action(NOTES)(open_notes)
    registry.view(NOTES_FORM)(save)
    registry.action(POST)(post)


async def open_notes(desk: Desk, incoming: Incoming) -> Answer:
    """Open the notes of a release, or a draft."""
    return Open(notes_form(await notes_to_edit(desk.work, incoming.actor, int(incoming.value["r"]))))


async def save(desk: Desk, incoming: Incoming) -> Answer:
    """Save what was written as the next version."""
    await _save(desk, incoming, post_it=False)
    return Nothing()


async def post(desk: Desk, incoming: Incoming) -> Answer:
    """Save what was written and put it into the release's thread; the form says so and stays."""
    await _save(desk, incoming, post_it=True)
    release_id = int(incoming.metadata["r"])
    notes = await notes_to_edit(desk.work, incoming.actor, release_id)
    return Change(notes_form(notes))


async def _save(desk: Desk, incoming: Incoming, *, post_it: bool) -> None:
    about, text = incoming.metadata, written(incoming.fields, "notes")
    await save_notes(desk.work, incoming.actor, int(about["r"]), text, int(about["n"]), post=post_it)
