"""Editing what was requested."""

from handlers.dispatch.answers import Answer, Nothing, Open
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action, view
from handlers.releases.request.form import request_entered
from messages.releases.action_ids import EDIT
from messages.releases.request.form import EDIT_FORM, Editing, edit_form
from models.releases.request.edit import (
    as_requested,
    check_may_edit_request,
    content_mark,
    edit_release,
    is_resubmitted,
)


@action(EDIT)
async def open_edit(desk: Desk, incoming: Incoming) -> Answer:
    """Open the form with what was requested, for somebody who may edit it."""
    release_id = int(incoming.value["r"])
    found = await check_may_edit_request(desk.work, incoming.actor, release_id)
    release = found.release
    editing = Editing(
        release_id,
        release.round,
        release.identifier,
        is_resubmitted(release),
        content_mark(release),
        found.cost,
    )
    return Open(edit_form(await desk.catalog(), as_requested(release), editing))


@view(EDIT_FORM)
async def submit_edit(desk: Desk, incoming: Incoming) -> Answer:
    about = incoming.metadata
    form = request_entered(incoming.fields, str(about["s"]))
    seen = str(about.get("c") or "")
    await edit_release(desk.work, incoming.actor, int(about["r"]), int(about["n"]), form, seen)
    return Nothing()
