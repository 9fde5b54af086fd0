"""Opening the app's Home."""

from bot.workspace.world import payloads
from bot.workspace.world.errors import ActRefused
from bot.workspace.world.records import Json
from bot.workspace.world.state import WorkspaceState


async def open_home(workspace: WorkspaceState, user: str, tab: str = "home") -> Json:
    """Open the app's Home (or its "messages"); the app is told by ``app_home_opened`` if it subscribes to it."""
    if tab == "home" and not workspace.app.home_tab:
        raise ActRefused(f"{workspace.app.name} has no Home")
    if "app_home_opened" not in workspace.app.events:
        return {}
    person = workspace.person(user).id
    home = workspace.homes.get(person)
    inner = {
        "type": "app_home_opened",
        "user": person,
        "channel": workspace.direct(person, workspace.app.bot_user).id,
        "tab": tab,
        "event_ts": workspace.next_ts(),
        **({"view": payloads.view(workspace, home)} if home and tab == "home" else {}),
    }
    body = payloads.event(workspace, inner)
    return await workspace.deliveries.deliver("events_api", body, "app_home_opened")
