"""What policy says while somebody fills in the form of a release."""

from handlers.dispatch.answers import Answer, Change
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import action
from handlers.releases.request.form import request_entered
from messages.releases.request.form import CHECKED, EDIT_FORM, Editing, edit_form, request_form
from models.releases.request.edit import check_may_edit_request
from models.releases.request.preview import RequestDraft, preview_request


@action(*CHECKED)
async def preview_policy(desk: Desk, incoming: Incoming) -> Answer:
    """Show the form again with what policy says of it; what is entered stays."""
    about = incoming.metadata
    entered = {**incoming.fields, "service": about.get("s") or incoming.fields.get("service")}
    so_far = _so_far(incoming, str(entered["service"] or ""))
    check = await preview_request(desk.work, incoming.person, so_far)
    catalog = await desk.catalog()
    if incoming.view.get("callback_id") != EDIT_FORM:
        return Change(request_form(catalog, entered, incoming.nonce, check))
    found = await check_may_edit_request(desk.work, incoming.actor, so_far.release_id)
    editing = Editing(
        so_far.release_id,
        int(about["n"]),
        str(about["i"]),
        bool(about["u"]),
        str(about.get("c") or ""),
        found.cost,
    )
    return Change(edit_form(catalog, entered, editing, check))


def _so_far(incoming: Incoming, service: str) -> RequestDraft:
    form = request_entered(incoming.fields, service)
    return RequestDraft(
        service=service,
        type=form.type,
        method=form.method,
        start=form.window_start,
        end=form.window_end,
        items=form.items,
        changes=form.changes,
        release_id=int(incoming.metadata.get("r", 0)),
    )
