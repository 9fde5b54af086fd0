"""Environments: the list of all, and one in full with its bookings and contents."""

from collections.abc import Sequence

from messages.environments.booking_lines import booking_line, held_line
from messages.environments.contents import MORE_CONTENTS, SAY, contents_lines
from messages.kit import rich, sizes
from messages.kit.blocks import Block, Element, Message, actions, button, context, section, value
from messages.kit.text import say
from models.environments.records import BookingRecord, EnvironmentRecord, EnvironmentUse

MORE = "environment:more"

MORE_BOOKINGS = "environment:more_bookings"


def environment_list(page: Sequence[EnvironmentUse], count: int, following: int | None) -> Message:
    """Who has what, comes next and waits; ``following`` is the offset of the next page, if there is one."""
    text = say("environments.list", count=count)
    blocks: list[Block] = [section(text)]
    blocks += [rich.rich_text(*_use(one)) for one in page]
    if following is not None:
        blocks.append(actions("more", button("More", MORE, value(o=following))))
    return Message(text=text, blocks=blocks)


def environment_shown(environment: EnvironmentRecord, *, may_say: bool = False) -> Message:
    """One environment; ``may_say`` offers the reader to say what is in it."""
    use = environment.use
    text = say("environments.heading", environment=environment)
    blocks: list[Block] = [section(text)]
    lines = _bookings(use, sizes.BOOKINGS)
    if lines:
        blocks.append(rich.rich_text(*lines))
    blocks.append(rich.rich_text(*contents_lines(environment)))
    more_bookings = max(use.now_count, use.next_count, use.held_count, use.waiting_count) > sizes.BOOKINGS
    more_contents = len(environment.contents) > sizes.CONTENTS_PAGE
    page = sizes.CONTENTS_PAGE
    buttons = [
        button("All bookings", MORE_BOOKINGS, value(e=use.key, o=0)) if more_bookings else None,
        button("More of its content", MORE_CONTENTS, value(e=use.key, o=page)) if more_contents else None,
        button("Say what is in it", SAY, value(e=use.key)) if may_say else None,
    ]
    if any(buttons):
        blocks.append(actions("more", *buttons))
    blocks.append(context(say("environments.footer", environment=environment)))
    return Message(text=text, blocks=blocks)


def more_bookings(name: str, key: str, page: Sequence[BookingRecord], offset: int, count: int) -> Message:
    """A page of all bookings of an environment and requests for it."""
    last = offset + len(page)
    text = say("environments.bookings", name=name, first=offset + 1, last=last, count=count)
    blocks: list[Block] = [section(text)]
    if page:
        blocks.append(rich.rich_text(rich.bullets(*[_booking_or_request(one) for one in page])))
    if last < count:
        blocks.append(actions("more", button("More bookings", MORE_BOOKINGS, value(e=key, o=last))))
    return Message(text=text, blocks=blocks)


def _use(use: EnvironmentUse) -> list[Element]:
    head: list[Element | str] = [rich.words(use.name, bold=True), " ", rich.words(use.key, code=True)]
    if use.production:
        return [rich.line(*head, " - production, not booked")]
    taken = f"{use.taken} of {use.capacity} taken" if use.taken else "free now"
    return [rich.line(*head, f" - {taken}"), *_bookings(use, sizes.BOOKINGS_IN_LIST)]


def _bookings(use: EnvironmentUse, limit: int) -> list[Element]:
    parts: list[Element] = []
    for title, found, count, show in (
        ("Now", use.now, use.now_count, booking_line),
        ("Next", use.next, use.next_count, booking_line),
        ("Held", use.held, use.held_count, held_line),
        ("Waiting", use.waiting, use.waiting_count, booking_line),
    ):
        if found:
            lines = [show(one) for one in found[:limit]]
            if count > limit:
                lines.append(rich.line(f"and {count - limit} more"))
            parts += [rich.line(rich.words(title, bold=True)), rich.bullets(*lines)]
    return parts


def _booking_or_request(one: BookingRecord) -> Element:
    line = booking_line(one)
    return rich.line("Waiting: ", *line["elements"]) if one.status == "waiting" else line
