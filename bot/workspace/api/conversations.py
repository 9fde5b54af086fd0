"""conversations.*: channels, their members and their messages."""

from bot.workspace.api.methods import HISTORY_SCOPES, READ_SCOPES, Call, method
from bot.workspace.world import payloads
from bot.workspace.world.errors import CallRefused
from bot.workspace.world.page_updates import PageUpdate
from bot.workspace.world.records import Json, Message

_TYPES = {"public_channel": "channel", "private_channel": "private", "im": "im", "mpim": "mpim"}


@method("conversations.list", tier=2)
async def list_conversations(call: Call) -> Json:
    workspace = call.workspace
    wanted = [one.strip() for one in call.text("types", "public_channel").split(",")]
    if any(one not in _TYPES for one in wanted):
        raise CallRefused("invalid_types")
    kinds = {_TYPES[one] for one in wanted}
    for kind in kinds & set(READ_SCOPES):
        call.require_scope(READ_SCOPES[kind])
    bot = workspace.app.bot_user
    rows = [
        one
        for one in workspace.channels.values()
        if one.kind in kinds
        and (one.kind == "channel" or bot in one.members)
        and not (one.archived and call.flag("exclude_archived"))
    ]
    page, metadata = call.page(rows, 100, 999)
    return {
        "channels": [payloads.conversation(workspace, one, bot) for one in page],
        "response_metadata": metadata,
    }


@method("conversations.info", tier=3)
async def info(call: Call) -> Json:
    channel = call.channel()
    call.require_scope(READ_SCOPES[channel.kind])
    return {"channel": payloads.conversation(call.workspace, channel, call.workspace.app.bot_user)}


@method("conversations.members")
async def members(call: Call) -> Json:
    channel = call.channel()
    call.require_scope(READ_SCOPES[channel.kind])
    page, metadata = call.page(channel.members, 100, 999)
    return {"members": page, "response_metadata": metadata}


@method("conversations.open", scope="im:write", tier=3)
async def open_conversation(call: Call) -> Json:
    workspace = call.workspace
    if call.text("channel"):
        return {"channel": {"id": call.channel().id}, "no_op": True, "already_open": True}
    users = [one.strip() for one in call.need("users").split(",") if one.strip()]
    if len(users) > 1:
        raise CallRefused("method_not_supported" if "mpim:write" in workspace.app.scopes else "not_enough_scopes")
    person = workspace.people.get(users[0])
    if person is None:
        raise CallRefused("user_not_found")
    if person.deleted:
        raise CallRefused("user_disabled")
    if person.is_bot:
        raise CallRefused("cannot_dm_bot")
    channel = workspace.direct(person.id, workspace.app.bot_user)
    if call.flag("return_im"):
        return {"channel": payloads.conversation(workspace, channel, workspace.app.bot_user)}
    return {"channel": {"id": channel.id}}


@method("conversations.join", scope="channels:join", tier=3)
async def join(call: Call) -> Json:
    workspace, channel = call.workspace, call.channel()
    if channel.kind != "channel":
        raise CallRefused("method_not_supported_for_channel_type")
    if channel.archived:
        raise CallRefused("is_archived")
    shown = payloads.conversation(workspace, channel, workspace.app.bot_user)
    if workspace.app.bot_user in channel.members:
        return {"channel": shown, "warning": "already_in_channel"}
    channel.members.append(workspace.app.bot_user)
    workspace.tell(PageUpdate("channel", channel.id))
    return {"channel": {**shown, "is_member": True}}


@method("conversations.history", tier=3)
async def history(call: Call) -> Json:
    """Newest first."""
    workspace, channel = call.workspace, call.channel()
    call.require_scope(HISTORY_SCOPES[channel.kind])
    call.require_member(channel)
    seen = workspace.messages_in(channel.id, workspace.app.bot_user)
    rows = [one for one in reversed(seen) if not one.ephemeral_to and _within(call, one)]
    return _messages(call, rows, default=100)


@method("conversations.replies", tier=3)
async def replies(call: Call) -> Json:
    """The parent and its replies, oldest first."""
    workspace, channel = call.workspace, call.channel()
    call.require_scope(HISTORY_SCOPES[channel.kind])
    call.require_member(channel)
    message = workspace.find(channel.id, call.need("ts", "thread_not_found"))
    if message is None or message.ephemeral_to:
        raise CallRefused("thread_not_found")
    thread = workspace.thread(channel.id, message.thread_ts or message.ts, workspace.app.bot_user)
    parent, below = thread[:1], [one for one in thread[1:] if not one.ephemeral_to and _within(call, one)]
    return _messages(call, parent + below, default=1000)


def _within(call: Call, message: Message) -> bool:
    oldest, latest = call.text("oldest", "0"), call.text("latest") or "9999999999"
    if call.flag("inclusive"):
        return float(oldest) <= float(message.ts) <= float(latest)
    return float(oldest) < float(message.ts) < float(latest)


def _messages(call: Call, rows: list[Message], default: int) -> Json:
    page, metadata = call.page(rows, default, 1000)
    with_metadata = call.flag("include_all_metadata")
    return {
        "messages": [payloads.message(call.workspace, one, with_metadata=with_metadata) for one in page],
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": sum(one.pinned for one in rows),
        "response_metadata": metadata,
    }
