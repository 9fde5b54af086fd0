"""Filling a workspace from a description of its people, groups and channels."""

import re
from typing import Any

from bot.workspace.world.records import Channel, Group, Json, Person
from bot.workspace.world.store import Store

_ID = {
    "people": re.compile(r"[UW][A-Z0-9]+"),
    "groups": re.compile(r"S[A-Z0-9]+"),
    "channels": re.compile(r"[CG][A-Z0-9]+"),
}


def fill(store: Store, description: Json) -> None:
    """``description`` has the keys ``team`` (id, name, domain), ``people``, ``groups`` and ``channels``.

    Rows have the fields of the records. Members are names or ids. The app is in every channel that does not say
    ``app: false``. Raises ValueError that names the row at fault.
    """
    team = description.get("team") or {}
    store.team_id = team.get("id", store.team_id)
    store.team_name = team.get("name", store.team_name)
    store.team_domain = team.get("domain", store.team_domain)
    for row in description.get("people") or ():
        person = _record(Person, {"real_name": row.get("name", "").title(), **row}, "people", store)
        person.email = person.email or f"{person.name}@{store.team_domain}.example"
        store.people[person.id] = person
    for row in description.get("groups") or ():
        group = _record(Group, {"name": row.get("handle", ""), **row}, "groups", store)
        store.groups[group.id] = group
    for row in description.get("channels") or ():
        with_app = row.get("app", True)
        channel = _record(Channel, {key: row[key] for key in row if key != "app"}, "channels", store)
        if with_app:
            channel.members.append(store.app.bot_user)
        channel.created = store.unix()
        store.channels[channel.id] = channel


def _record(kind: Any, row: Json, section: str, store: Store) -> Any:
    if not _ID[section].fullmatch(str(row.get("id", ""))):
        raise ValueError(f"{section}: {row.get('id')!r} is not an id as Slack makes them ({_ID[section].pattern})")
    try:
        members = (
            {"members": [store.person(one).id for one in row.get("members") or ()]} if "members" in row else {}
        )
        return kind(**(row | members))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{section}: {row['id']}: {error}") from error
