"""What people do in channels, in messages and on the Home, as deliveries to the app."""

import re
import uuid
from typing import TYPE_CHECKING, Any

from bot.workspace import blockkit
from bot.workspace.people.modals import enter, offer_key
from bot.workspace.world import element_values, payloads
from bot.workspace.world.errors import ActRefused, DeliveryFailed, Refused
from bot.workspace.world.records import Json, Message, View
from bot.workspace.world.response_urls import respond

if TYPE_CHECKING:
    from bot.workspace.workspace import Where, Workspace

_MESSAGE_EVENTS = {"channel": "message.channels", "private": "message.groups", "im": "message.im"}

_CHANNEL_TYPES = {"channel": "channel", "private": "group", "im": "im"}


async def emit(workspace: "Workspace", subscription: str, inner: Json) -> None:
    """Deliver an event in the background, if the app subscribes to it."""
    if subscription in workspace.app.events:
        body = payloads.event(workspace, inner, f"Ev{uuid.uuid4().hex[:10].upper()}")
        workspace.deliveries.in_background(workspace.deliveries.deliver("events_api", body, subscription))


async def say(workspace: "Workspace", user: str, channel: str, text: str, thread_ts: str | None) -> Message:
    """See :meth:`bot.workspace.workspace.Workspace.say`."""
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
        await emit(workspace, _MESSAGE_EVENTS[where.kind], described)
        if f"<@{workspace.app.bot_user}>" in text and where.kind != "im":
            await emit(workspace, "app_mention", {**described, "type": "app_mention"})
    return message


async def command(workspace: "Workspace", user: str, channel: str, line: str) -> Json:
    """See :meth:`bot.workspace.workspace.Workspace.command`."""
    name, _, text = line.strip().partition(" ")
    known, where, person = workspace.app.command(name), workspace.channel(channel), workspace.person(user)
    if known is None:
        raise ActRefused(f"{name} is not a valid command.")
    if not workspace.can_read(person.id, where.id):
        raise ActRefused(f"{person.real_name} is not in this conversation")
    payload = {
        "token": workspace.app.verification_token,
        "team_id": workspace.team_id,
        "team_domain": workspace.team_domain,
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
        except Refused as refused:
            raise DeliveryFailed(refused.code, name) from refused
    return answer


def _escaped(workspace: "Workspace", text: str) -> str:
    people = {one.name: one.id for one in workspace.people.values()}
    channels = {one.name: one.id for one in workspace.channels.values() if one.name}
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"@([\w.-]+)", lambda at: f"<@{people[at[1]]}|{at[1]}>" if at[1] in people else at[0], text)
    return re.sub(r"#([\w-]+)", lambda at: f"<#{channels[at[1]]}|{at[1]}>" if at[1] in channels else at[0], text)


def find(workspace: "Workspace", user: str, where: "Where") -> Message | View:
    """The message or view that ``user`` acts in. Raises ActRefused for one that they do not see."""
    if isinstance(where, str):
        found: Message | View | None = workspace.view(where)
    elif isinstance(where, tuple):
        found = workspace.find(*where)
    else:
        found = where
    if isinstance(found, View) and found.user == user and workspace.view(found.id) is not None:
        return found
    if isinstance(found, Message) and workspace.sees(user, found):
        return found
    raise ActRefused("it is not there any more, or not for them to see")


async def click(
    workspace: "Workspace", user: str, where: "Where", block_id: str | None, action_id: str, value: Any, state: Any
) -> Json:
    """See :meth:`bot.workspace.workspace.Workspace.click`."""
    person = workspace.person(user).id
    target = find(workspace, person, where)
    if state:
        enter(workspace, person, target, state)
    block, element = element_values.find_element(target.blocks, block_id, action_id)
    chosen = value
    if element["type"] in element_values.FIELDS:
        offers = workspace.offers.get(offer_key(target), {})
        chosen = element_values.entry(element, value, offers)
        target.values_of(person).setdefault(block["block_id"], {})[action_id] = chosen
    if block["type"] == "input" and not block.get("dispatch_action"):
        return {}
    used = element_values.action(block, element, chosen, workspace.next_ts())
    payload = payloads.interaction(
        workspace,
        "block_actions",
        person,
        trigger_id=workspace.triggers.give(person),
        actions=[used],
        **_place(workspace, target, person, with_response_url=True),
    )
    return await workspace.deliveries.deliver("interactive", payload, f"block_actions {action_id}")


def _place(workspace: "Workspace", target: Message | View, user: str, *, with_response_url: bool) -> Json:
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
        "state": {"values": element_values.kept_values(target.blocks, target.values_of(user))},
    }
    if target.ephemeral_to is None:
        place["message"] = payloads.message(workspace, target)
    if with_response_url:
        place["response_url"] = workspace.response_urls.give(channel.id, user, target, target.thread_ts)
    return place


async def suggest(
    workspace: "Workspace", user: str, where: "Where", block_id: str | None, action_id: str, typed: str
) -> list[Json]:
    """See :meth:`bot.workspace.workspace.Workspace.suggest`."""
    person = workspace.person(user).id
    target = find(workspace, person, where)
    block, element = element_values.find_element(target.blocks, block_id, action_id)
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
    if problems := blockkit.options_problems(answer):
        raise DeliveryFailed("invalid_options", f"{action_id} ({problems[0]})")
    offered = element_values.option_groups(answer)
    workspace.offers.setdefault(offer_key(target), {})[action_id] = offered
    return offered


async def open_home(workspace: "Workspace", user: str, tab: str) -> Json:
    """See :meth:`bot.workspace.workspace.Workspace.open_home`."""
    if tab == "home" and not workspace.app.home_tab:
        raise ActRefused(f"{workspace.app.name} has no Home")
    if "app_home_opened" not in workspace.app.events:
        return {}
    person = workspace.person(user).id
    home = workspace.homes.get(person)
    inner = {
        "type": "app_home_opened",
        "user": person,
        "channel": workspace.direct(person, workspace.app.bot_user).id,
        "tab": tab,
        "event_ts": workspace.next_ts(),
        **({"view": payloads.view(workspace, home)} if home and tab == "home" else {}),
    }
    body = payloads.event(workspace, inner, f"Ev{uuid.uuid4().hex[:10].upper()}")
    return await workspace.deliveries.deliver("events_api", body, "app_home_opened")


async def shortcut(workspace: "Workspace", user: str, callback_id: str) -> Json:
    """See :meth:`bot.workspace.workspace.Workspace.shortcut`."""
    _known_shortcut(workspace, callback_id, "global")
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


async def message_shortcut(workspace: "Workspace", user: str, callback_id: str, channel: str, ts: str) -> Json:
    """See :meth:`bot.workspace.workspace.Workspace.message_shortcut`."""
    _known_shortcut(workspace, callback_id, "message")
    person = workspace.person(user).id
    where = workspace.channel(channel)
    target = find(workspace, person, (where.id, ts))
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


def _known_shortcut(workspace: "Workspace", callback_id: str, kind: str) -> None:
    if not any(one.callback_id == callback_id and one.kind == kind for one in workspace.app.shortcuts):
        raise ActRefused(f"{workspace.app.name} has no {kind} shortcut {callback_id!r}")
