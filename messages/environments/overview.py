"""Environments as people see them: in a list, and one in full with its bookings and contents."""

from collections.abc import Sequence
from datetime import datetime

from messages.kit import rich
from messages.kit.blocks import Block, Element, Message, actions, button, context, section, value
from messages.kit.text import cut, is_short, say
from models.environments.contents import ContentLine
from models.environments.records import BookingRecord, EnvironmentRecord, EnvironmentUse, TestData

MORE = "environment:more"

MORE_CONTENTS = "environment:more_contents"

MORE_BOOKINGS = "environment:more_bookings"

SAY = "environment:say_contents"

SHOWN = 10
"""Bookings of one kind that *show* names."""

LISTED = 3
"""Bookings of one kind that a list names for each environment."""

CONTENTS_SHOWN = 25

BOOKINGS_PAGE = 25
"""Bookings in one page of all of an environment."""

_DAY = "{date_short_pretty} {time}"


def environment_list(page: Sequence[EnvironmentUse], count: int, following: int | None) -> Message:
    """Who has what, comes next and waits; ``following`` is where the next page begins, if there is one."""
    text = say("environments.list", count=count)
    blocks: list[Block] = [section(text)]
    blocks += [rich.rich_text(*_use(one)) for one in page]
    if following is not None:
        blocks.append(actions("more", button("More", MORE, value(o=following))))
    return Message(text=text, blocks=blocks)


def environment_shown(environment: EnvironmentRecord, *, may_say: bool = False) -> Message:
    """One environment: its bookings, who waits, and what is in it; ``may_say`` offers the reader to say it."""
    use = environment.use
    text = say("environments.heading", environment=environment)
    blocks: list[Block] = [section(text)]
    lines = _bookings(use, SHOWN)
    if lines:
        blocks.append(rich.rich_text(*lines))
    blocks.append(rich.rich_text(*_contents(environment)))
    data = value(e=use.key, o=CONTENTS_SHOWN)
    buttons = [
        button("All bookings", MORE_BOOKINGS, value(e=use.key, o=0)) if _has_more(use) else None,
        button("More of its content", MORE_CONTENTS, data) if len(environment.contents) > CONTENTS_SHOWN else None,
        button("Say what is in it", SAY, value(e=use.key)) if may_say else None,
    ]
    if any(buttons):
        blocks.append(actions("more", *buttons))
    blocks.append(context(say("environments.footer", environment=environment)))
    return Message(text=text, blocks=blocks)


def more_bookings(name: str, key: str, page: Sequence[BookingRecord], offset: int, count: int) -> Message:
    """A page of everything that is booked in an environment or waits for it."""
    last = offset + len(page)
    text = say("environments.bookings", name=name, first=offset + 1, last=last, count=count)
    blocks: list[Block] = [section(text)]
    if page:
        blocks.append(rich.rich_text(rich.bullets(*[_any(one) for one in page])))
    if last < count:
        blocks.append(actions("more", button("More bookings", MORE_BOOKINGS, value(e=key, o=last))))
    return Message(text=text, blocks=blocks)


def contents_said(name: str, key: str) -> Message:
    """What to tell somebody who said what is in an environment."""
    text = say("environments.contents_recorded", name=name, key=key)
    return Message(text=text, blocks=[section(text)])


def more_contents(name: str, key: str, lines: Sequence[ContentLine], offset: int) -> Message:
    """A further page of what is in an environment."""
    page = lines[offset : offset + CONTENTS_SHOWN]
    last = offset + len(page)
    text = say("environments.contents", name=name, first=offset + 1, last=last, count=len(lines))
    blocks: list[Block] = [section(text)]
    if page:
        blocks.append(rich.rich_text(rich.bullets(*[_content(one) for one in page])))
    if last < len(lines):
        blocks.append(actions("more", button("More of its content", MORE_CONTENTS, value(e=key, o=last))))
    return Message(text=text, blocks=blocks)


def _use(use: EnvironmentUse) -> list[Element]:
    head: list[Element | str] = [rich.words(use.name, bold=True), " ", rich.words(use.key, code=True)]
    if use.production:
        return [rich.line(*head, " - production, not booked")]
    taken = f"{use.taken} of {use.capacity} taken" if use.taken else "free now"
    return [rich.line(*head, f" - {taken}"), *_bookings(use, LISTED)]


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


def booking_line(one: BookingRecord) -> Element:
    """A booking in a list."""
    elements: list[Element | str] = [rich.words(one.holder_name, bold=True), " ", *_span(one.start_at, one.end_at)]
    if one.release:
        elements += [" for ", rich.words(one.release, code=True)]
    elements.append(f" - {cut(one.purpose, 80)}")
    return rich.line(*elements)


def held_line(one: BookingRecord) -> Element:
    """The time that is held for somebody who waits."""
    elements: list[Element | str] = [rich.words(one.holder_name, bold=True), " ", *_span(*one.takes)]
    elements.append(f" - offered by {one.decided_by}")
    if one.held_until:
        elements += [", held until ", rich.date(one.held_until, _DAY)]
    return rich.line(*elements)


def _any(one: BookingRecord) -> Element:
    """A booking or a request, which says that it is one."""
    shown = booking_line(one)
    return rich.line("Waiting: ", *shown["elements"]) if one.status == "waiting" else shown


def _has_more(use: EnvironmentUse) -> bool:
    """Whether *show* leaves bookings out."""
    return max(use.now_count, use.next_count, use.held_count, use.waiting_count) > SHOWN


def _span(start: datetime, end: datetime) -> list[Element | str]:
    return [rich.date(start, _DAY), " - ", rich.date(end, "{time}" if is_short(start, end) else _DAY)]


def _contents(environment: EnvironmentRecord) -> list[Element]:
    parts = [rich.line(rich.words("What is in it", bold=True))]
    lines = [_content(one) for one in environment.contents[:CONTENTS_SHOWN]]
    data = environment.test_data
    if data:
        lines.insert(0, rich.line(rich.words("Test data: ", bold=True), cut(data.name, 200), *_since(data)))
    for one in environment.asked_for[:LISTED]:
        asked = f"{one.holder_name} asked for: "
        lines.append(rich.line(rich.words(asked, bold=True), cut(" ".join(one.versions.split()), 200)))
    if not lines:
        return [*parts, rich.line("Nothing has been recorded yet: deployments and bookings record it.")]
    return [*parts, rich.bullets(*lines)]


def _since(data: TestData) -> list[Element | str]:
    how = "asked for" if data.asked_for else "said"
    return [f" - {how} by {data.person_name}, since ", rich.date(data.since, _DAY)]


def _content(one: ContentLine) -> Element:
    elements: list[Element | str] = [one.name, " ", rich.words(one.version, code=True)]
    if one.release and one.release != one.version:
        elements += [" by ", rich.words(one.release, code=True)]
    if one.said_by:
        elements.append(f", said by {one.said_by},")
    elements += [" since ", rich.date(one.since, _DAY)] if one.since else [" as the catalog says"]
    return rich.line(*elements)
