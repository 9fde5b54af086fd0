"""Making and stopping calendar addresses, told to one person alone."""

from messages.kit import rich
from messages.kit.blocks import Message, context, paragraph, section
from messages.kit.text import cut, say
from models.calendar.addresses import NewAddress, StoppedAddresses


def address_made(made: NewAddress) -> Message:
    """The address to copy; the line that a phone shows doesn't contain it."""
    scope = cut(", ".join(made.services), 300) or "all services"
    text = say("calendar.address_made", scope=scope, for_channel=made.for_channel)
    secret = context(say("calendar.address_secret", for_channel=made.for_channel))
    return Message(text=text, blocks=[section(text), rich.rich_text(rich.preformatted(made.address)), secret])


def addresses_stopped(stopped: StoppedAddresses) -> Message:
    """How many addresses no longer work."""
    return paragraph(say("calendar.addresses_stopped", stopped=stopped))
