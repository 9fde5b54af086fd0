"""blocks.validate: checking blocks and views without posting them."""

from bot.workspace.api.methods import Call, method
from bot.workspace.blockkit.messages_and_views import message_problems, view_problems
from bot.workspace.world.errors import CallRefused
from bot.workspace.world.records import Json


@method("blocks.validate", takes=None)
async def validate(call: Call) -> Json:
    """Takes exactly one of ``blocks``, ``message`` and ``view``."""
    given = [name for name in ("blocks", "message", "view") if call.args.get(name) is not None]
    if len(given) != 1:
        raise CallRefused("invalid_arguments")
    name, data = given[0], call.json(given[0])
    if name == "view":
        kind = data.get("type", "modal") if isinstance(data, dict) else "modal"
        problems = view_problems(data, kind if kind in ("modal", "home") else "modal", "")
    else:
        blocks = data.get("blocks", []) if name == "message" and isinstance(data, dict) else data
        problems = message_problems(blocks, "/blocks" if name == "message" else "")
    if problems:
        shown = [{"pointer": one.pointer, "code": one.code, "message": one.message} for one in problems]
        raise CallRefused("invalid_blocks", errors=shown)
    return {}
