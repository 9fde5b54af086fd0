"""chat.*: posting, updating and deleting messages."""

from typing import Any

from bot.workspace.api.methods import Call, method
from bot.workspace.world import payloads
from bot.workspace.world.app_content import MOST_TEXT, checked_blocks, post_app_message
from bot.workspace.world.errors import CallRefused
from bot.workspace.world.records import Channel, Json, Message


@method("chat.postMessage", scope="chat:write", tier=None)
async def post_message(call: Call) -> Json:
    """``channel`` may be a user id: that is their direct conversation."""
    workspace = call.workspace
    channel = _target(call)
    _check_may_post(call, channel)
    fields: dict[str, Any] = {
        "thread_ts": _thread(call, channel),
        "broadcast": call.flag("reply_broadcast"),
        "metadata": _metadata(call),
        "mrkdwn": call.flag("mrkdwn", default=True),
        **_customised(call),
    }
    blocks = checked_blocks(workspace, call.args.get("blocks"))
    if not blocks and not call.text("text"):
        raise CallRefused("no_text")
    workspace.rate_limits.post(channel.id)
    message = post_app_message(workspace, channel.id, call.text("text"), blocks, **fields)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "message": payloads.message(workspace, message, with_metadata=True),
    }


def _target(call: Call) -> Channel:
    workspace, given = call.workspace, call.need("channel", "channel_not_found")
    person = workspace.people.get(given)
    if person is not None:
        if person.is_bot:
            raise CallRefused("cannot_dm_bot")
        if person.deleted:
            raise CallRefused("user_disabled")
        if not workspace.app.messages_tab:
            raise CallRefused("messages_tab_disabled")
        return workspace.direct(person.id, workspace.app.bot_user)
    named = next((one for one in workspace.channels.values() if one.name == given.removeprefix("#")), None)
    if named is not None and named.kind != "im":
        call.args["channel"] = named.id
    return call.channel()


def _check_may_post(call: Call, channel: Channel) -> None:
    if channel.archived:
        raise CallRefused("is_archived")
    if call.workspace.app.bot_user in channel.members:
        return
    if channel.kind != "channel" or "chat:write.public" not in call.workspace.app.scopes:
        raise CallRefused("not_in_channel")


def _thread(call: Call, channel: Channel) -> str | None:
    given = call.text("thread_ts")
    if not given:
        return None
    parent = call.workspace.find(channel.id, given)
    if parent is None or parent.ephemeral_to:
        raise CallRefused("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def _metadata(call: Call) -> Json | None:
    given = call.json("metadata", "invalid_metadata_format")
    if not given:
        return None
    shape = isinstance(given, dict) and isinstance(given.get("event_payload"), dict)
    if not shape or not isinstance(given.get("event_type"), str) or set(given) > {"event_type", "event_payload"}:
        raise CallRefused("invalid_metadata_format")
    return dict(given)


def _customised(call: Call) -> Json:
    given = {name: call.text(name) for name in ("username", "icon_emoji") if call.text(name)}
    if given:
        call.require_scope("chat:write.customize")
    return given


@method("chat.postEphemeral", scope="chat:write")
async def post_ephemeral(call: Call) -> Json:
    workspace, channel = call.workspace, call.channel()
    call.require_member(channel)
    user = call.need("user", "user_not_found")
    if user not in workspace.people:
        raise CallRefused("user_not_found")
    if user not in channel.members:
        raise CallRefused("user_not_in_channel")
    if channel.archived:
        raise CallRefused("is_archived")
    if len(call.text("text")) > MOST_TEXT:
        raise CallRefused("msg_too_long")
    blocks = checked_blocks(workspace, call.args.get("blocks"))
    thread_ts = _thread(call, channel)
    message = post_app_message(
        workspace,
        channel.id,
        call.text("text"),
        blocks,
        ephemeral_to=user,
        thread_ts=thread_ts,
        **_customised(call),
    )
    return {"message_ts": message.ts}


@method("chat.update", scope="chat:write", tier=3)
async def update(call: Call) -> Json:
    """What is not given stays, and so does what people entered where ids and types stay."""
    workspace, message = call.workspace, _own(call, "cant_update_message")
    if len(call.text("text")) > MOST_TEXT:
        raise CallRefused("msg_too_long")
    blocks, text = message.blocks, message.text
    if call.args.get("blocks") is not None:
        blocks = checked_blocks(workspace, call.args["blocks"])
    if call.args.get("text") is not None:
        text = call.text("text")
    if not text and not blocks:
        raise CallRefused("no_text")
    if call.args.get("metadata") is not None:
        message.metadata = _metadata(call)
    message.text, message.blocks = text, blocks
    message.broadcast = message.broadcast or call.flag("reply_broadcast")
    message.edited = {"user": workspace.app.bot_user, "ts": workspace.next_ts()}
    workspace.tell_message(message)
    return {
        "channel": message.channel,
        "ts": message.ts,
        "text": text,
        "message": payloads.message(workspace, message, with_metadata=True),
    }


def _own(call: Call, error: str) -> Message:
    channel = call.channel()
    message = call.workspace.find(channel.id, call.need("ts", "message_not_found"))
    if message is None or message.ephemeral_to:
        raise CallRefused("message_not_found")
    if message.bot_id != call.workspace.app.bot_id:
        raise CallRefused(error)
    if channel.archived:
        raise CallRefused("is_archived")
    return message


@method("chat.delete", scope="chat:write", tier=3)
async def delete(call: Call) -> Json:
    message = _own(call, "cant_delete_message")
    call.workspace.delete(message)
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
async def permalink(call: Call) -> Json:
    channel = call.channel()
    message = call.workspace.find(channel.id, call.need("message_ts", "message_not_found"))
    if message is None or message.ephemeral_to:
        raise CallRefused("message_not_found")
    address = f"{call.workspace.base_url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.is_reply:
        address += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": address}
