"""reactions.* and pins.*."""

from bot.workspace.api.methods import Call, method
from bot.workspace.world.errors import CallRefused
from bot.workspace.world.records import Json, Message


def _message(call: Call) -> Message:
    channel = call.channel()
    call.require_member(channel)
    message = call.workspace.find(channel.id, call.need("timestamp", "bad_timestamp"))
    if message is None or message.ephemeral_to:
        raise CallRefused("message_not_found")
    return message


@method("reactions.add", scope="reactions:write", tier=3)
async def react(call: Call) -> Json:
    message, name = _message(call), call.need("name", "invalid_name").strip(":")
    people = message.reactions.setdefault(name, [])
    if call.workspace.app.bot_user in people:
        raise CallRefused("already_reacted")
    people.append(call.workspace.app.bot_user)
    call.workspace.tell_message(message)
    return {}


@method("reactions.remove", scope="reactions:write", tier=2)
async def unreact(call: Call) -> Json:
    message, name = _message(call), call.need("name", "invalid_name").strip(":")
    people = message.reactions.get(name, [])
    if call.workspace.app.bot_user not in people:
        raise CallRefused("no_reaction")
    people.remove(call.workspace.app.bot_user)
    if not people:
        del message.reactions[name]
    call.workspace.tell_message(message)
    return {}


@method("pins.add", scope="pins:write", tier=2)
async def pin(call: Call) -> Json:
    message = _message(call)
    if message.pinned:
        raise CallRefused("already_pinned")
    message.pinned = True
    call.workspace.tell_message(message)
    return {}


@method("pins.remove", scope="pins:write", tier=2)
async def unpin(call: Call) -> Json:
    message = _message(call)
    if not message.pinned:
        raise CallRefused("no_pin")
    message.pinned = False
    call.workspace.tell_message(message)
    return {}
