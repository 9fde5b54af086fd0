"""What is said of calendar addresses, to the person who asked alone."""

from messages.kit import rich
from messages.kit.blocks import Message, context, section
from messages.kit.text import cut, say
from models.calendar.addresses import Made, Stopped


def address_made(made: Made) -> Message:
    """The address, to be copied; the line that a phone shows does not hold it."""
    scope = cut(", ".join(made.services), 300) or "all services"
    text = say("calendar.address_made", scope=scope, for_channel=made.for_channel)
    address = {"type": "rich_text_preformatted", "elements": [rich.words(made.address)]}
    small = context(say("calendar.address_secret", for_channel=made.for_channel))
    return Message(text=text, blocks=[section(text), rich.rich_text(address), small])


def addresses_stopped(stopped: Stopped) -> Message:
    """How many addresses were ended."""
    text = say("calendar.addresses_stopped", stopped=stopped)
    return Message(text=text, blocks=[section(text)])
