"""api.test, auth.test, apps.connections.open, team.info: what an app calls to connect and learn where it is."""

from bot.workspace.api.methods import Call, method
from bot.workspace.world.errors import CallRefused
from bot.workspace.world.records import Json


@method("api.test", takes=None)
async def api_test(call: Call) -> Json:
    """Echoes the arguments; ``error`` makes it fail."""
    if call.text("error"):
        raise CallRefused(call.text("error"), args=call.args)
    return {"args": call.args}


@method("auth.test", tier=None, takes="any")
async def auth_test(call: Call) -> Json:
    workspace = call.workspace
    app = workspace.app
    if call.args.get("token") == app.app_token:
        return {"app_name": app.name, "app_id": app.id}
    return {
        "url": f"{workspace.base_url}/",
        "team": workspace.team_name,
        "user": app.bot_name,
        "team_id": workspace.team_id,
        "user_id": app.bot_user,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


# Slack has this in tier 1 with a burst of unknown size, and an app may open ten connections at once.
@method("apps.connections.open", tier=2, takes="app")
async def open_connection(call: Call) -> Json:
    """The address is good for one connection."""
    workspace = call.workspace
    if not workspace.app.socket_mode:
        raise CallRefused("socket_mode_not_enabled")
    ticket = workspace.deliveries.sockets.ticket()
    address = workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={workspace.app.id}"}


@method("team.info", scope="team:read", tier=3)
async def team_info(call: Call) -> Json:
    workspace = call.workspace
    return {
        "team": {
            "id": workspace.team_id,
            "name": workspace.team_name,
            "domain": workspace.team_domain,
            "url": f"{workspace.base_url}/",
        }
    }
