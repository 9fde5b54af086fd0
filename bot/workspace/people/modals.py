"""Submitting and closing modals, and what the app answers to it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.workspace.world import element_values, payloads
from bot.workspace.world.errors import ActRefused, DeliveryFailed, Refused
from bot.workspace.world.records import Json, Message, View
from bot.workspace.world.views import place_modal, replace_view

if TYPE_CHECKING:
    from bot.workspace.workspace import Workspace


def enter(workspace: "Workspace", user: str, target: Message | View, values: Mapping[str, Any]) -> None:
    """Have ``user`` enter ``values``, by block_id or label. Raises ActRefused for an input that is not there."""
    offers = workspace.offers.get(offer_key(target), {})
    for name, given in values.items():
        elements = [
            (b, e) for b, e in element_values.elements_of(target.blocks) if name in (b["block_id"], _label(b))
        ]
        if not elements:
            raise ActRefused(f"there is no input {name!r}")
        for block, element in elements:
            action_id = element["action_id"]
            if element["type"] not in element_values.FIELDS:
                continue
            if _by_action(given, elements):
                if action_id not in given:
                    continue
                value = given[action_id]
            else:
                value = given
            target.values_of(user).setdefault(block["block_id"], {})[action_id] = element_values.entry(
                element, value, offers
            )


def offer_key(target: Message | View) -> str:
    """Under which name the workspace remembers what the app suggested there."""
    return target.id if isinstance(target, View) else f"{target.channel}/{target.ts}"


def _label(block: Json) -> str | None:
    label = block.get("label")
    return label["text"] if label else None


def _by_action(given: Any, elements: list[tuple[Json, Json]]) -> bool:
    return isinstance(given, Mapping) and any(element["action_id"] in given for _, element in elements)


def _visible(workspace: "Workspace", user: str, view_id: str) -> View:
    view = workspace.modal(workspace.person(user).id)
    if view is None or view.id != view_id:
        raise ActRefused("that modal is not the one in front of them")
    return view


async def submit(workspace: "Workspace", user: str, view_id: str, values: Mapping[str, Any]) -> Json:
    """See :meth:`bot.workspace.workspace.Workspace.submit`."""
    view = _visible(workspace, user, view_id)
    if view.submit is None and not any(block["type"] == "input" for block in view.blocks):
        raise ActRefused("that modal has no submit button")
    enter(workspace, view.user, view, values)
    view.errors = element_values.complaints(view.blocks, view.values)
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


def _carry_out(workspace: "Workspace", view: View, answer: Json) -> None:
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
    except Refused as refused:
        raise DeliveryFailed(refused.code, f"The app's answer to the modal ({refused.more})") from refused
    finally:
        workspace.tell_view(view)


def _refuse_action(answer: Json) -> None:
    raise Refused("invalid_response_action", got=answer["response_action"])


def _show_errors(view: View, errors: Any) -> None:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise Refused("invalid_errors", got=errors)
    if unknown := sorted(set(errors) - inputs):
        raise Refused("invalid_errors", unknown_blocks=unknown)
    view.errors = {block_id: str(text) for block_id, text in errors.items()}


async def close(workspace: "Workspace", user: str, view_id: str) -> Json:
    """See :meth:`bot.workspace.workspace.Workspace.close`."""
    view = _visible(workspace, user, view_id)
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
