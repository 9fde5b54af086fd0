"""The message or view in which somebody acts."""

from bot.workspace.world.errors import ActRefused
from bot.workspace.world.records import Message, View
from bot.workspace.world.state import WorkspaceState

Where = Message | View | str | tuple[str, str]
"""A message or view itself, a view's id, or a message's channel and timestamp."""


def find_target(workspace: WorkspaceState, user: str, where: Where) -> Message | View:
    """Raises ActRefused when it is gone or ``user`` does not see it."""
    if isinstance(where, str):
        found: Message | View | None = workspace.view(where)
    elif isinstance(where, tuple):
        found = workspace.find(*where)
    else:
        found = where
    if isinstance(found, View) and found.user == user and workspace.view(found.id) is not None:
        return found
    if isinstance(found, Message) and workspace.sees(user, found):
        return found
    raise ActRefused("it is not there any more, or not for them to see")


def suggestions_key(target: Message | View) -> str:
    return target.id if isinstance(target, View) else f"{target.channel}/{target.ts}"
