"""Who is in the workspace, in its channels and in its groups: joining, changing and telling the app of it."""

from typing import TYPE_CHECKING, Any

from bot.workspace.people.clicks import emit
from bot.workspace.world import payloads
from bot.workspace.world.errors import ActRefused
from bot.workspace.world.records import Change, Group, Person

if TYPE_CHECKING:
    from bot.workspace.workspace import Workspace


async def join(workspace: "Workspace", user: str, channel: str) -> None:
    """See :meth:`bot.workspace.workspace.Workspace.join`."""
    where, person = workspace.channel(channel), workspace.person(user)
    if person.id in where.members:
        return
    if where.kind != "channel":
        raise ActRefused("one is invited to a private conversation")
    where.members.append(person.id)
    workspace.tell(Change("channel", where.id))
    inner = {
        "type": "member_joined_channel",
        "user": person.id,
        "channel": where.id,
        "channel_type": "C",
        "team": workspace.team_id,
        "event_ts": workspace.next_ts(),
    }
    await emit(workspace, "member_joined_channel", inner)


async def update_person(workspace: "Workspace", user: str, **fields: Any) -> Person:
    """See :meth:`bot.workspace.workspace.Workspace.update_person`."""
    person = workspace.change_person(user, **fields)
    await _tell_of_person(workspace, "user_change", person)
    return person


async def hire(workspace: "Workspace", **fields: Any) -> Person:
    """See :meth:`bot.workspace.workspace.Workspace.hire`."""
    person = Person(**fields)
    workspace.people[person.id] = person
    workspace.tell(Change("people", person=person.id))
    await _tell_of_person(workspace, "team_join", person)
    return person


async def _tell_of_person(workspace: "Workspace", kind: str, person: Person) -> None:
    shown = payloads.user(workspace, person, with_email="users:read.email" in workspace.app.scopes)
    inner = {"type": kind, "user": shown, "cache_ts": workspace.unix(), "event_ts": workspace.next_ts()}
    await emit(workspace, kind, inner)


async def update_group(workspace: "Workspace", which: str, members: list[str]) -> Group:
    """See :meth:`bot.workspace.workspace.Workspace.update_group`."""
    known = workspace.groups.get(which) or next(one for one in workspace.groups.values() if one.handle == which)
    before = set(known.members)
    group = workspace.change_group(which, members)
    after = set(group.members)
    inner = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": workspace.team_id,
        "date_previous_update": workspace.unix(),
        "date_update": workspace.unix(),
        "added_users": sorted(after - before),
        "added_users_count": len(after - before),
        "removed_users": sorted(before - after),
        "removed_users_count": len(before - after),
        "event_ts": workspace.next_ts(),
    }
    await emit(workspace, "subteam_members_changed", inner)
    return group
