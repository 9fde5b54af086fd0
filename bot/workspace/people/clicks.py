"""Using the buttons, menus and inputs of messages, modals and the Home."""

from typing import Any

from bot.workspace.blockkit.messages_and_views import options_problems
from bot.workspace.people.modals import enter
from bot.workspace.people.targets import Where, find_target, suggestions_key
from bot.workspace.world import payloads
from bot.workspace.world.element_values import (
    FIELDS,
    all_options,
    block_action,
    carried_over,
    find_element,
    value_of,
)
from bot.workspace.world.errors import ActRefused, DeliveryFailed
from bot.workspace.world.records import Json, Message, View
from bot.workspace.world.state import WorkspaceState


async def click(
    workspace: WorkspaceState,
    user: str,
    where: Where,
    block_id: str | None,
    action_id: str,
    value: Any = None,
    state: Any = None,
) -> Json:
    """Use an element of a message, modal or Home.

    ``value`` is what is chosen or entered, as :func:`~bot.workspace.world.element_values.value_of` takes it; a
    button needs none. ``state`` is what else is entered in the view, as
    :func:`~bot.workspace.people.modals.submit` takes it.
    """
    person = workspace.person(user).id
    target = find_target(workspace, person, where)
    if state:
        enter(workspace, person, target, state)
    block, element = find_element(target.blocks, block_id, action_id)
    chosen = value
    if element["type"] in FIELDS:
        suggested = workspace.suggestions.get(suggestions_key(target), {})
        chosen = value_of(element, value, suggested)
        target.values_of(person).setdefault(block["block_id"], {})[action_id] = chosen
    if block["type"] == "input" and not block.get("dispatch_action"):
        return {}
    payload = payloads.interaction(
        workspace,
        "block_actions",
        person,
        trigger_id=workspace.triggers.give(person),
        actions=[block_action(block, element, chosen, workspace.next_ts())],
        **_place(workspace, target, person, with_response_url=True),
    )
    return await workspace.deliveries.deliver("interactive", payload, f"block_actions {action_id}")


def _place(workspace: WorkspaceState, target: Message | View, user: str, *, with_response_url: bool) -> Json:
    if isinstance(target, View):
        container = {"type": "view", "view_id": target.id}
        return {"container": container, "view": payloads.view(workspace, target)}
    channel = workspace.channels[target.channel]
    place: Json = {
        "container": {
            "type": "message",
            "message_ts": target.ts,
            "channel_id": target.channel,
            "is_ephemeral": target.ephemeral_to is not None,
            **({"thread_ts": target.thread_ts} if target.thread_ts else {}),
        },
        "channel": {"id": channel.id, "name": payloads.channel_name(channel)},
        "state": {"values": carried_over(target.blocks, target.values_of(user))},
    }
    if target.ephemeral_to is None:
        place["message"] = payloads.message(workspace, target)
    if with_response_url:
        place["response_url"] = workspace.response_urls.give(channel.id, user, target, target.thread_ts)
    return place


async def suggest(
    workspace: WorkspaceState, user: str, where: Where, block_id: str | None, action_id: str, typed: str
) -> list[Json]:
    """Type into an external select; returns the options that the app suggests, groups flattened."""
    person = workspace.person(user).id
    target = find_target(workspace, person, where)
    block, element = find_element(target.blocks, block_id, action_id)
    if element["type"] not in ("external_select", "multi_external_select"):
        raise ActRefused(f"{action_id!r} has its options already")
    if len(typed) < element.get("min_query_length", 3):
        return []
    payload = payloads.interaction(
        workspace,
        "block_suggestion",
        person,
        action_id=action_id,
        block_id=block["block_id"],
        value=typed,
        **_place(workspace, target, person, with_response_url=False),
    )
    answer = await workspace.deliveries.deliver("interactive", payload, f"block_suggestion {action_id}")
    if problems := options_problems(answer):
        raise DeliveryFailed("invalid_options", f"{action_id} ({problems[0]})")
    suggested = all_options(answer)
    workspace.suggestions.setdefault(suggestions_key(target), {})[action_id] = suggested
    return suggested
