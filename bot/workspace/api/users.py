"""users.* and usergroups.*."""

from bot.workspace.api.methods import Call, method
from bot.workspace.world import payloads
from bot.workspace.world.errors import CallRefused
from bot.workspace.world.records import Json, Person


def _shown(call: Call, person: Person) -> Json:
    with_email = "users:read.email" in call.workspace.app.scopes
    return payloads.user(call.workspace, person, with_email=with_email)


@method("users.list", scope="users:read", tier=2)
async def list_users(call: Call) -> Json:
    people = list(call.workspace.people.values())
    page, metadata = call.page(people, max(len(people), 1), 1000)
    return {
        "members": [_shown(call, one) for one in page],
        "cache_ts": call.workspace.unix(),
        "response_metadata": metadata,
    }


def _person(call: Call) -> Person:
    person = call.workspace.people.get(call.need("user", "user_not_found"))
    if person is None:
        raise CallRefused("user_not_found")
    return person


@method("users.info", scope="users:read")
async def info(call: Call) -> Json:
    return {"user": _shown(call, _person(call))}


@method("users.profile.get", scope="users.profile:read")
async def profile(call: Call) -> Json:
    described = payloads.profile(_person(call))
    if "users:read.email" not in call.workspace.app.scopes:
        described.pop("email")
    return {"profile": described}


@method("users.lookupByEmail", scope="users:read.email", tier=3)
async def by_email(call: Call) -> Json:
    wanted = call.need("email", "users_not_found").lower()
    for person in call.workspace.people.values():
        if person.email.lower() == wanted and not person.deleted:
            return {"user": _shown(call, person)}
    raise CallRefused("users_not_found")


@method("usergroups.list", scope="usergroups:read", tier=2)
async def list_groups(call: Call) -> Json:
    with_users = call.flag("include_users")
    every = call.flag("include_disabled")
    groups = [one for one in call.workspace.groups.values() if every or not one.disabled]
    return {"usergroups": [payloads.group(call.workspace, one, with_users=with_users) for one in groups]}


@method("usergroups.users.list", scope="usergroups:read", tier=2)
async def group_users(call: Call) -> Json:
    group = call.workspace.groups.get(call.need("usergroup", "no_such_subteam"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise CallRefused("no_such_subteam")
    return {"users": list(group.members)}
