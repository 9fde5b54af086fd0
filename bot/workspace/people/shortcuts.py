"""Using the app's shortcuts, from the global menu or from a message's."""

from typing import Literal

from bot.workspace.people.targets import find_target
from bot.workspace.world import payloads
from bot.workspace.world.errors import ActRefused
from bot.workspace.world.records import Json, Message
from bot.workspace.world.state import WorkspaceState


async def shortcut(workspace: WorkspaceState, user: str, callback_id: str) -> Json:
    """Use a global shortcut."""
    _require_shortcut(workspace, callback_id, "global")
    person = workspace.person(user).id
    payload = payloads.interaction(
        workspace,
        "shortcut",
        person,
        action_ts=workspace.next_ts(),
        callback_id=callback_id,
        trigger_id=workspace.triggers.give(person),
    )
    return await workspace.deliveries.deliver("interactive", payload, f"shortcut {callback_id}")


async def message_shortcut(workspace: WorkspaceState, user: str, callback_id: str, channel: str, ts: str) -> Json:
    """Use a shortcut from a message's menu."""
    _require_shortcut(workspace, callback_id, "message")
    person = workspace.person(user).id
    where = workspace.channel(channel)
    target = find_target(workspace, person, (where.id, ts))
    if not isinstance(target, Message) or target.ephemeral_to:
        raise ActRefused("messages that only one person sees have no shortcuts")
    payload = payloads.interaction(
        workspace,
        "message_action",
        person,
        action_ts=workspace.next_ts(),
        callback_id=callback_id,
        trigger_id=workspace.triggers.give(person),
        message_ts=ts,
        message=payloads.message(workspace, target),
        channel={"id": where.id, "name": payloads.channel_name(where)},
        response_url=workspace.response_urls.give(where.id, person, target, target.thread_ts),
    )
    return await workspace.deliveries.deliver("interactive", payload, f"message_action {callback_id}")


def _require_shortcut(workspace: WorkspaceState, callback_id: str, kind: Literal["global", "message"]) -> None:
    if not any(one.callback_id == callback_id and one.kind == kind for one in workspace.app.shortcuts):
        raise ActRefused(f"{workspace.app.name} has no {kind} shortcut {callback_id!r}")
