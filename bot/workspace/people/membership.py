"""Joining channels and the workspace, and changing people and user groups."""

from typing import Any

from bot.workspace.world import payloads
from bot.workspace.world.errors import ActRefused
from bot.workspace.world.page_updates import PageUpdate
from bot.workspace.world.records import Group, Person
from bot.workspace.world.state import WorkspaceState


async def join(workspace: WorkspaceState, user: str, channel: str) -> None:
    """Join a public channel; the app is told by ``member_joined_channel``."""
    where, person = workspace.channel(channel), workspace.person(user)
    if person.id in where.members:
        return
    if where.kind != "channel":
        raise ActRefused("one is invited to a private conversation")
    where.members.append(person.id)
    workspace.tell(PageUpdate("channel", where.id))
    inner = {
        "type": "member_joined_channel",
        "user": person.id,
        "channel": where.id,
        "channel_type": "C",
        "team": workspace.team_id,
        "event_ts": workspace.next_ts(),
    }
    workspace.send_event("member_joined_channel", inner)


async def update_person(workspace: WorkspaceState, user: str, **fields: Any) -> Person:
    """Change somebody's profile or zone; the app is told by ``user_change``."""
    person = workspace.change_person(user, **fields)
    _send_person(workspace, "user_change", person)
    return person


async def hire(workspace: WorkspaceState, **fields: Any) -> Person:
    """Add a person; the app is told by ``team_join``."""
    person = Person(**fields)
    workspace.people[person.id] = person
    workspace.tell(PageUpdate("people", person=person.id))
    _send_person(workspace, "team_join", person)
    return person


def _send_person(workspace: WorkspaceState, kind: str, person: Person) -> None:
    shown = payloads.user(workspace, person, with_email="users:read.email" in workspace.app.scopes)
    inner = {"type": kind, "user": shown, "cache_ts": workspace.unix(), "event_ts": workspace.next_ts()}
    workspace.send_event(kind, inner)


async def disable_group(workspace: WorkspaceState, group: str, *, disabled: bool = True) -> Group:
    """Disable a user group, or enable it again; the app is told by ``subteam_updated``."""
    changed = workspace.group(group)
    changed.disabled = disabled
    workspace.tell(PageUpdate("people"))
    shown = payloads.group(workspace, changed, with_users=True)
    inner = {"type": "subteam_updated", "subteam": shown, "event_ts": workspace.next_ts()}
    workspace.send_event("subteam_updated", inner)
    return changed


async def update_group(workspace: WorkspaceState, group: str, members: list[str]) -> Group:
    """Change who is in a user group; the app is told by ``subteam_members_changed``."""
    before = set(workspace.group(group).members)
    changed = workspace.change_group(group, members)
    after = set(changed.members)
    inner = {
        "type": "subteam_members_changed",
        "subteam_id": changed.id,
        "team_id": workspace.team_id,
        "date_previous_update": workspace.unix(),
        "date_update": workspace.unix(),
        "added_users": sorted(after - before),
        "added_users_count": len(after - before),
        "removed_users": sorted(before - after),
        "removed_users_count": len(before - after),
        "event_ts": workspace.next_ts(),
    }
    workspace.send_event("subteam_members_changed", inner)
    return changed
