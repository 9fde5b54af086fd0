"""What people type into the composer: messages and slash commands."""

import re

from bot.workspace.world import payloads
from bot.workspace.world.errors import ActRefused, CallRefused, DeliveryFailed
from bot.workspace.world.records import Json, Message
from bot.workspace.world.response_urls import respond
from bot.workspace.world.state import WorkspaceState

_MESSAGE_EVENTS = {"channel": "message.channels", "private": "message.groups", "im": "message.im"}

_CHANNEL_TYPES = {"channel": "channel", "private": "group", "im": "im"}


async def say(
    workspace: WorkspaceState, user: str, channel: str, text: str, thread_ts: str | None = None
) -> Message:
    """Write a message; the app is told if it subscribes to such messages."""
    where, person = workspace.channel(channel), workspace.person(user)
    if person.id not in where.members:
        raise ActRefused(f"{person.real_name} is not in #{where.name}")
    if where.archived:
        raise ActRefused(f"#{where.name} is archived")
    to_app = where.kind == "im" and workspace.app.bot_user in where.members
    if to_app and (workspace.app.messages_read_only or not workspace.app.messages_tab):
        raise ActRefused("Sending messages to this app has been turned off.")
    message = workspace.add(Message(where.id, workspace.next_ts(), person.id, text, thread_ts=thread_ts))
    described = {
        **payloads.message(workspace, message),
        "channel": where.id,
        "event_ts": message.ts,
        "channel_type": _CHANNEL_TYPES[where.kind],
    }
    if workspace.app.bot_user in where.members:
        workspace.send_event(_MESSAGE_EVENTS[where.kind], described)
        if f"<@{workspace.app.bot_user}>" in text and where.kind != "im":
            workspace.send_event("app_mention", {**described, "type": "app_mention"})
    return message


async def command(workspace: WorkspaceState, user: str, channel: str, line: str) -> Json:
    """Type a slash command ("/deploy now") into a channel."""
    name, _, text = line.strip().partition(" ")
    known, where, person = workspace.app.command(name), workspace.channel(channel), workspace.person(user)
    if known is None:
        raise ActRefused(f"{name} is not a valid command.")
    if not workspace.can_read(person.id, where.id):
        raise ActRefused(f"{person.real_name} is not in this conversation")
    payload = {
        "token": workspace.app.verification_token,
        "team_id": payloads.team(workspace, person.id)["id"],
        "team_domain": payloads.team(workspace, person.id)["domain"],
        "channel_id": where.id,
        "channel_name": payloads.channel_name(where),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": _escaped(workspace, text.strip()) if known.should_escape else text.strip(),
        "api_app_id": workspace.app.id,
        "is_enterprise_install": "false",
        "response_url": workspace.response_urls.give(where.id, person.id),
        "trigger_id": workspace.triggers.give(person.id),
    }
    answer = await workspace.deliveries.deliver("slash_commands", payload, name)
    if answer.get("text") or answer.get("blocks"):
        try:
            respond(workspace, answer, where.id, person.id)
        except CallRefused as refused:
            raise DeliveryFailed(refused.code, name) from refused
    return answer


def _escaped(workspace: WorkspaceState, text: str) -> str:
    people = {one.name: one.id for one in workspace.people.values()}
    channels = {one.name: one.id for one in workspace.channels.values() if one.name}
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"@([\w.-]+)", lambda at: f"<@{people[at[1]]}|{at[1]}>" if at[1] in people else at[0], text)
    return re.sub(r"#([\w-]+)", lambda at: f"<#{channels[at[1]]}|{at[1]}>" if at[1] in channels else at[0], text)
