"""Help, made from the registry: what can be typed is what is registered."""

import difflib

from handlers.dispatch.registry import Registry
from messages.kit.blocks import Message
from messages.kit.help import command_help

HELP = "help"


def help_for(registry: Registry, command: str, typed: str = "") -> Message:
    """The verbs of ``command``; ``typed`` is what was typed instead of one."""
    verbs = registry.commands().get(command, [])
    shown = [(verb.name, verb.usage, verb.help) for verb in verbs]
    shown.append((HELP, "", "show this"))
    unknown = "" if typed.lower() == HELP else typed
    nearest = difflib.get_close_matches(unknown.lower(), [verb.name for verb in verbs], n=1)
    return command_help(command, shown, unknown, nearest[0] if nearest else "")
