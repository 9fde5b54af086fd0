"""The help of a command, made from its verbs."""

from collections.abc import Sequence

from messages.kit.blocks import Message, paragraph
from messages.kit.text import Markup, typed


def command_help(
    command: str, verbs: Sequence[tuple[str, str, str]], unknown: str = "", nearest: str = ""
) -> Message:
    """A line for each verb (name, usage, help), below the word that is ``unknown`` and the ``nearest`` verb."""
    lines = [f"`{typed(' '.join((command, name, usage)).strip())}` {typed(help_)}" for name, usage, help_ in verbs]
    intro = f"*{command}* takes one of these:"
    if unknown:
        guess = f" Did you mean `{command} {nearest}`?" if nearest else ""
        intro = f"{typed(unknown[:60])} is nothing that {command} knows.{guess}"
    return paragraph(Markup("\n".join([intro, *lines])))
