"""A booking as one line of a list."""

from datetime import datetime

from messages.kit import rich
from messages.kit.blocks import Element
from messages.kit.text import cut, is_short
from models.environments.records import BookingRecord

DAY = "{date_short_pretty} {time}"


def booking_line(one: BookingRecord) -> Element:
    """A booking, or a request for one."""
    elements: list[Element | str] = [rich.words(one.holder_name, bold=True), " ", *_span(one.start_at, one.end_at)]
    if one.release:
        elements += [" for ", rich.words(one.release, code=True)]
    elements.append(f" - {cut(one.purpose, 80)}")
    return rich.line(*elements)


def held_line(one: BookingRecord) -> Element:
    """The time that is held for somebody who was offered it."""
    elements: list[Element | str] = [rich.words(one.holder_name, bold=True), " ", *_span(*one.takes)]
    elements.append(f" - offered by {one.decided_by}")
    if one.held_until:
        elements += [", held until ", rich.date(one.held_until, DAY)]
    return rich.line(*elements)


def _span(start: datetime, end: datetime) -> list[Element | str]:
    return [rich.date(start, DAY), " - ", rich.date(end, "{time}" if is_short(start, end) else DAY)]
