"""The JSON that Slack puts into answers and deliveries."""

import hashlib
import uuid
from typing import Any

from bot.workspace.world.records import Channel, Group, Json, Message, Person, View
from bot.workspace.world.store import Store

_COLOURS = ("9f69e7", "4bbe2e", "e7392d", "3c989f", "674b1b", "e96699", "e0a729", "684b6c")

_KINDS = {"channel": "is_channel", "private": "is_group", "im": "is_im"}

_NAMES = {"private": "privategroup", "im": "directmessage"}


def team(store: Store, user: str) -> Json:
    """As interactions name the workspace: that of the person, which a shared channel may bring from elsewhere."""
    theirs = store.people[user].team
    return {"id": theirs or store.team_id, "domain": "elsewhere" if theirs else store.team_domain}


def acting_person(store: Store, user: str) -> Json:
    """As interactions name the person."""
    person = store.people[user]
    name = person.name
    return {"id": user, "username": name, "name": name, "team_id": person.team or store.team_id}


def channel_name(channel: Channel) -> str:
    """As commands and interactions give it: private and direct conversations are not named."""
    return _NAMES.get(channel.kind, channel.name)


def profile(person: Person) -> Json:
    return {
        "title": person.title,
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.real_name or person.name,
        "display_name_normalized": person.real_name or person.name,
        "status_text": person.status_text,
        "status_emoji": person.status_emoji,
        "status_expiration": 0,
        "avatar_hash": hashlib.sha1(person.id.encode(), usedforsecurity=False).hexdigest()[:12],
        "email": person.email,
        "first_name": person.real_name.partition(" ")[0],
        "last_name": person.real_name.partition(" ")[2],
        **({"bot_id": person.bot_id} if person.is_bot else {}),
    }


def user(store: Store, person: Person, *, with_email: bool) -> Json:
    """A person as in the answer of ``users.info``."""
    offset = store.clock.now().astimezone(person.zone).utcoffset()
    described = profile(person)
    if not with_email:
        described.pop("email")
    shown: Json = {
        "id": person.id,
        "team_id": person.team or store.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "color": _COLOURS[sum(person.id.encode()) % len(_COLOURS)],
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": described,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        **({"is_stranger": False} if person.team else {}),
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": store.unix(),
    }
    if person.deleted:
        for absent in ("tz", "tz_label", "tz_offset"):
            shown.pop(absent)
    return shown


def group(store: Store, one: Group, *, with_users: bool) -> Json:
    """A user group as in the answer of ``usergroups.list``."""
    return {
        "id": one.id,
        "team_id": store.team_id,
        "is_usergroup": True,
        "is_external": False,
        "name": one.name,
        "description": "",
        "handle": one.handle,
        "date_delete": store.unix() if one.disabled else 0,
        "auto_type": None,
        "user_count": len(one.members),
        "prefs": {"channels": [], "groups": []},
        **({"users": list(one.members)} if with_users else {}),
    }


def conversation(store: Store, channel: Channel, reader: str) -> Json:
    """A channel as ``reader`` sees it in the answer of ``conversations.info``."""
    shown: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.archived,
        "is_channel": False,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.kind != "channel",
        "context_team_id": store.team_id,
        "updated": channel.created * 1000,
    }
    shown[_KINDS[channel.kind]] = True
    if channel.kind == "im":
        return shown | {"user": channel.other(reader), "is_user_deleted": False, "priority": 0}
    return shown | {
        "name": channel.name,
        "name_normalized": channel.name,
        "creator": next(iter(channel.members), ""),
        "is_general": False,
        "is_shared": False,
        "is_member": reader in channel.members,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def message(store: Store, one: Message, *, with_metadata: bool = False) -> Json:
    """As the Web API and interactions give a message."""
    shown: Json = {"type": "message", "user": one.user, "ts": one.ts, "text": one.text, "team": store.team_id}
    if one.subtype:
        shown["subtype"] = one.subtype
    if one.bot_id:
        shown |= {"bot_id": one.bot_id, "app_id": one.app_id, "bot_profile": bot_profile(store)}
    if one.username:
        shown["username"] = one.username
    if one.blocks:
        shown["blocks"] = one.blocks
    if one.edited:
        shown["edited"] = one.edited
    if one.thread_ts:
        shown["thread_ts"] = one.thread_ts
    if with_metadata and one.metadata:
        shown["metadata"] = one.metadata
    if one.reactions:
        shown["reactions"] = [{"name": name, "users": us, "count": len(us)} for name, us in one.reactions.items()]
    return shown | _thread_facts(store, one)


def _thread_facts(store: Store, one: Message) -> Json:
    replies = [] if one.is_reply else store.replies(one.channel, one.ts)
    if not replies:
        return {"parent_user_id": parent.user} if (parent := _parent(store, one)) else {}
    people = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": one.ts,
        "reply_count": len(replies),
        "reply_users_count": len(people),
        "latest_reply": replies[-1].ts,
        "reply_users": people[:5],
        "is_locked": False,
        "subscribed": False,
    }


def _parent(store: Store, one: Message) -> Message | None:
    return store.find(one.channel, one.thread_ts) if one.is_reply and one.thread_ts else None


def bot_profile(store: Store) -> Json:
    """As messages name the app."""
    return {
        "id": store.app.bot_id,
        "app_id": store.app.id,
        "user_id": store.app.bot_user,
        "name": store.app.name,
        "deleted": False,
        "updated": 0,
        "team_id": store.team_id,
    }


def view(store: Store, one: View) -> Json:
    """As the Web API and interactions give a view."""
    return {
        "id": one.id,
        "team_id": store.team_id,
        "type": one.kind,
        "blocks": one.blocks,
        "private_metadata": one.private_metadata,
        "callback_id": one.callback_id,
        "state": {"values": one.values},
        "hash": one.hash,
        "title": one.title or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": one.clear_on_close,
        "notify_on_close": one.notify_on_close,
        "close": one.close,
        "submit": one.submit,
        "previous_view_id": one.previous_view_id,
        "root_view_id": one.root_view_id,
        "app_id": store.app.id,
        "external_id": one.external_id,
        "app_installed_team_id": store.team_id,
        "bot_id": store.app.bot_id,
    }


def event(store: Store, inner: Json) -> Json:
    """The envelope around ``inner``, the event itself."""
    app, event_id = store.app, f"Ev{uuid.uuid4().hex[:10].upper()}"
    return {
        "token": app.verification_token,
        "team_id": store.team_id,
        "context_team_id": store.team_id,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": store.unix(),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": store.team_id,
                "user_id": app.bot_user,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }


def interaction(store: Store, kind: str, acting: str, **fields: Any) -> Json:
    """What every interaction payload has, plus ``fields``."""
    return {
        "type": kind,
        "user": acting_person(store, acting),
        "api_app_id": store.app.id,
        "token": store.app.verification_token,
        "team": team(store, acting),
        "enterprise": None,
        "is_enterprise_install": False,
        **fields,
    }
