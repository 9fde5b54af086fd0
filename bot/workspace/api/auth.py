"""Connecting, who am I, and checking blocks."""

from bot.workspace import blockkit
from bot.workspace.api.methods import Call, method
from bot.workspace.world.errors import Refused
from bot.workspace.world.records import Json


@method("api.test", takes=None)
async def api_test(call: Call) -> Json:
    """Answer with what was sent; ``error`` makes it fail."""
    if call.text("error"):
        raise Refused(call.text("error"), args=call.args)
    return {"args": call.args}


@method("auth.test", tier=None, takes="any")
async def auth_test(call: Call) -> Json:
    """Say whom the token belongs to."""
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


# Slack counts this in tier 1 with a burst of unknown size; ten connections must be possible at once.
@method("apps.connections.open", tier=2, takes="app")
async def open_connection(call: Call) -> Json:
    """Give a WebSocket address that works for one connection."""
    workspace = call.workspace
    if not workspace.app.socket_mode:
        raise Refused("socket_mode_not_enabled")
    ticket = workspace.deliveries.sockets.ticket()
    address = workspace.base_url.replace("http", "ws", 1)
    return {"url": f"{address}/link/?ticket={ticket}&app_id={workspace.app.id}"}


@method("team.info", scope="team:read", tier=3)
async def team_info(call: Call) -> Json:
    """Describe the workspace."""
    workspace = call.workspace
    return {
        "team": {
            "id": workspace.team_id,
            "name": workspace.team_name,
            "domain": workspace.team_domain,
            "url": f"{workspace.base_url}/",
        }
    }


@method("blocks.validate", takes=None)
async def validate(call: Call) -> Json:
    """Check exactly one of ``blocks``, ``message`` and ``view``."""
    given = [name for name in ("blocks", "message", "view") if call.args.get(name) is not None]
    if len(given) != 1:
        raise Refused("invalid_arguments")
    name, data = given[0], call.json(given[0])
    if name == "view":
        kind = data.get("type", "modal") if isinstance(data, dict) else "modal"
        problems = blockkit.view_problems(data, kind if kind in ("modal", "home") else "modal", "")
    else:
        blocks = data.get("blocks", []) if name == "message" and isinstance(data, dict) else data
        problems = blockkit.message_problems(blocks, "/blocks" if name == "message" else "")
    if problems:
        shown = [{"pointer": one.pointer, "code": one.code, "message": one.message} for one in problems]
        raise Refused("invalid_blocks", errors=shown)
    return {}
