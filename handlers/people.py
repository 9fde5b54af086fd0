"""What Slack reports about people and user groups; the directory is also read again at intervals."""

from handlers.dispatch.answers import Answer, Nothing
from handlers.dispatch.desk import Desk
from handlers.dispatch.incoming import Incoming
from handlers.dispatch.registry import event
from models.catalog.document import is_person
from models.people.directory_refresh import change_group, profile_of, remember_changed, remember_lost_group


@event("user_change")
async def person_changed(desk: Desk, incoming: Incoming) -> Answer:
    """A person has a new name or time zone, became a guest, or left."""
    user = incoming.payload["event"]["user"]
    if is_person(str(user.get("id"))):
        await remember_changed(desk.work, profile_of(user, desk.workspace))
    return Nothing()


@event("subteam_members_changed")
async def group_changed(desk: Desk, incoming: Incoming) -> Answer:
    """People joined or left a user group."""
    changed = incoming.payload["event"]
    added = [person for person in changed.get("added_users") or () if is_person(str(person))]
    removed = changed.get("removed_users") or ()
    await change_group(desk.work, str(changed["subteam_id"]), added=added, removed=removed)
    return Nothing()


@event("subteam_updated")
async def group_disabled(desk: Desk, incoming: Incoming) -> Answer:
    """A user group was disabled; one that was enabled again is read at the next interval."""
    group = incoming.payload["event"].get("subteam") or {}
    if group.get("date_delete"):
        await remember_lost_group(desk.work, str(group["id"]))
    return Nothing()
