"""Turning points between test and handover, told in the release's thread."""

from messages.kit import rich, sizes
from messages.kit.blocks import Message, section
from messages.kit.text import say
from models.releases.activities.records import TurningPoint


def render(turn: TurningPoint) -> Message:
    """A turning point, with the reason as it was given."""
    text = say("activities.turn", turn=turn, mentions=turn.mentions[: sizes.MENTIONS])
    quoted = [rich.rich_text(rich.quote(turn.reason, 2500))] if turn.reason else []
    return Message(text=text, blocks=[section(text), *quoted])
