"""What Slack reports about people and user groups; the directory is also read again at intervals."""

from handlers.dispatch.answers import Answer, Nothing
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import event
from models.people.directory_refresh import change_group, profile_of, remember_changed


@event("user_change")
async def person_changed(desk: Desk, incoming: Incoming) -> Answer:
    """A person has a new name or time zone, or left."""
    await remember_changed(desk.work, profile_of(incoming.payload["event"]["user"]))
    return Nothing()


@event("subteam_members_changed")
async def group_changed(desk: Desk, incoming: Incoming) -> Answer:
    """People joined or left a user group."""
    changed = incoming.payload["event"]
    added, removed = changed.get("added_users") or (), changed.get("removed_users") or ()
    await change_group(desk.work, str(changed["subteam_id"]), added=added, removed=removed)
    return Nothing()
