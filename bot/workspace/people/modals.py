"""Filling in, submitting and closing modals, and carrying out the app's answer."""

from collections.abc import Mapping
from typing import Any

from bot.workspace.people.targets import suggestions_key
from bot.workspace.world import payloads
from bot.workspace.world.element_values import FIELDS, complaints, elements_of, value_of
from bot.workspace.world.errors import ActRefused, CallRefused, DeliveryFailed
from bot.workspace.world.records import Json, Message, View
from bot.workspace.world.state import WorkspaceState
from bot.workspace.world.views import place_modal, replace_view


def enter(workspace: WorkspaceState, user: str, target: Message | View, values: Mapping[str, Any]) -> None:
    """Enter ``values`` for ``user``, by block_id or label. Raises ActRefused for an unknown input."""
    suggested = workspace.suggestions.get(suggestions_key(target), {})
    for name, given in values.items():
        elements = [(b, e) for b, e in elements_of(target.blocks) if name in (b["block_id"], _label(b))]
        if not elements:
            raise ActRefused(f"there is no input {name!r}")
        for block, element in elements:
            action_id = element["action_id"]
            by_action = _by_action(given, elements)
            if element["type"] not in FIELDS or (by_action and action_id not in given):
                continue
            value = value_of(element, given[action_id] if by_action else given, suggested)
            target.values_of(user).setdefault(block["block_id"], {})[action_id] = value


def _label(block: Json) -> str | None:
    label = block.get("label")
    return label["text"] if label else None


def _by_action(given: Any, elements: list[tuple[Json, Json]]) -> bool:
    return isinstance(given, Mapping) and any(element["action_id"] in given for _, element in elements)


def _front_modal(workspace: WorkspaceState, user: str, view_id: str) -> View:
    view = workspace.modal(workspace.person(user).id)
    if view is None or view.id != view_id:
        raise ActRefused("that modal is not the one in front of them")
    return view


async def submit(workspace: WorkspaceState, user: str, view_id: str, values: Mapping[str, Any]) -> Json:
    """Submit a modal.

    ``values`` gives what is entered by block_id or by the input's label: the value itself, or values by action_id.
    Inputs that are not named keep what they hold. What Slack's client would complain about is put into the view's
    ``errors`` and returned as ``{"response_action": "errors", ...}`` without a delivery to the app.
    """
    view = _front_modal(workspace, user, view_id)
    if view.submit is None and not any(block["type"] == "input" for block in view.blocks):
        raise ActRefused("that modal has no submit button")
    enter(workspace, view.user, view, values)
    view.errors = complaints(view.blocks, view.values)
    if view.errors:
        workspace.tell_view(view)
        return {"response_action": "errors", "errors": view.errors}
    payload = payloads.interaction(
        workspace,
        "view_submission",
        view.user,
        trigger_id=workspace.triggers.give(view.user),
        view=payloads.view(workspace, view),
        response_urls=[],
    )
    answer = await workspace.deliveries.deliver("interactive", payload, f"view_submission {view.callback_id}")
    _carry_out(workspace, view, answer)
    return answer


def _carry_out(workspace: WorkspaceState, view: View, answer: Json) -> None:
    stack = workspace.modals[view.user]
    if view not in stack:
        return
    try:
        match answer.get("response_action"):
            case None:
                stack.remove(view)
            case "clear":
                stack.clear()
            case "errors":
                _show_errors(view, answer.get("errors"))
            case "update":
                replace_view(workspace, view, answer.get("view"))
            case "push":
                place_modal(workspace, view.user, answer.get("view"), on_top_of=view)
            case _:
                _refuse_action(answer)
    except CallRefused as refused:
        raise DeliveryFailed(refused.code, f"The app's answer to the modal ({refused.more})") from refused
    finally:
        workspace.tell_view(view)


def _refuse_action(answer: Json) -> None:
    raise CallRefused("invalid_response_action", got=answer["response_action"])


def _show_errors(view: View, errors: Any) -> None:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise CallRefused("invalid_errors", got=errors)
    if unknown := sorted(set(errors) - inputs):
        raise CallRefused("invalid_errors", unknown_blocks=unknown)
    view.errors = {block_id: str(text) for block_id, text in errors.items()}


async def close(workspace: WorkspaceState, user: str, view_id: str) -> Json:
    """Close a modal without submitting it."""
    view = _front_modal(workspace, user, view_id)
    stack = workspace.modals[view.user]
    gone = list(stack) if view.clear_on_close else [view]
    for one in gone:
        stack.remove(one)
        workspace.tell_view(one)
    for one in reversed(gone):
        if one.notify_on_close:
            payload = payloads.interaction(
                workspace,
                "view_closed",
                one.user,
                view=payloads.view(workspace, one),
                is_cleared=view.clear_on_close,
            )
            await workspace.deliveries.deliver("interactive", payload, f"view_closed {one.callback_id}")
    return {}
