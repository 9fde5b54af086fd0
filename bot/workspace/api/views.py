"""views.*: modals and the Home."""

from bot.workspace.api.methods import Call, method
from bot.workspace.world import payloads
from bot.workspace.world.errors import CallRefused
from bot.workspace.world.records import Json, View
from bot.workspace.world.views import place_home, place_modal, replace_view


@method("views.open")
async def open_view(call: Call) -> Json:
    trigger_id = call.need("trigger_id")
    user = call.workspace.triggers.check(trigger_id)
    view = place_modal(call.workspace, user, _given(call))
    call.workspace.triggers.use(trigger_id)
    return {"view": payloads.view(call.workspace, view)}


@method("views.push")
async def push(call: Call) -> Json:
    trigger_id = call.need("trigger_id")
    user = call.workspace.triggers.check(trigger_id)
    below = call.workspace.modal(user)
    if below is None:
        raise CallRefused("not_found")
    view = place_modal(call.workspace, user, _given(call), on_top_of=below)
    call.workspace.triggers.use(trigger_id)
    return {"view": payloads.view(call.workspace, view)}


@method("views.update")
async def update(call: Call) -> Json:
    view = _open_view(call)
    replace_view(call.workspace, view, _given(call), call.text("hash") or None)
    return {"view": payloads.view(call.workspace, view)}


@method("views.publish")
async def publish(call: Call) -> Json:
    user = call.need("user_id")
    if user not in call.workspace.people:
        raise CallRefused("user_not_found")
    if not call.workspace.app.home_tab:
        raise CallRefused("not_enabled")
    view = place_home(call.workspace, user, _given(call), call.text("hash") or None)
    return {"view": payloads.view(call.workspace, view)}


def _given(call: Call) -> object:
    call.need("view")
    return call.args["view"]


def _open_view(call: Call) -> View:
    workspace = call.workspace
    if call.text("view_id"):
        found = workspace.view(call.text("view_id"))
    else:
        wanted = call.need("external_id")
        views = [*(one for stack in workspace.modals.values() for one in stack), *workspace.homes.values()]
        found = next((one for one in views if one.external_id == wanted), None)
    if found is None:
        raise CallRefused("not_found")
    return found
