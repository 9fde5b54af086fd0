"""What people are told about a booking: the request, the offer, the reminder, and what became of it."""

from messages.environments.overview import SHOWN, booking_line, held_line
from messages.kit import rich
from messages.kit.blocks import Block, Element, Message, actions, button, section, value
from messages.kit.text import cut, say
from models.environments.records import BookingNews, BookingRecord, OfferRecord, ReminderRecord, RequestRecord

GRANT = "environment:grant"

REFUSE = "environment:refuse"

OFFER = "environment:offer"

TAKE = "environment:take_offer"

DECLINE = "environment:decline_offer"

EXTEND = "environment:extend"

GIVE_BACK = "environment:give_back"


def render_request(request: RequestRecord) -> Message:
    """A request for who arbitrates; it has buttons as long as something is to be decided."""
    one = request.booking
    text = say("environments.request", request=request)
    blocks: list[Block] = [section(text), rich.rich_text(*_wish(one))]
    if one.status == "waiting":
        if request.in_the_way:
            way = [_in_the_way(other) for other in request.in_the_way[:SHOWN]]
            if len(request.in_the_way) > SHOWN:
                way.append(rich.line(f"and {len(request.in_the_way) - SHOWN} more"))
            blocks.append(rich.rich_text(rich.line(rich.words("In the way", bold=True)), rich.bullets(*way)))
        data = value(b=one.id)
        blocks.append(
            actions(
                "verbs",
                button("Grant", GRANT, data, "primary"),
                button("Refuse", REFUSE, data, "danger"),
                button("Offer another time", OFFER, data),
            )
        )
    elif one.reason:
        blocks.append(rich.rich_text(rich.quote(one.reason)))
    return Message(text=text, blocks=blocks)


def render_offer(offer: OfferRecord) -> Message:
    """An offer of another time for whoever asked."""
    text = say("environments.offer", offer=offer)
    blocks: list[Block] = [section(text)]
    if offer.stands:
        data = value(b=offer.booking.id, n=offer.count)
        blocks.append(actions("verbs", button("Accept", TAKE, data, "primary"), button("Decline", DECLINE, data)))
    return Message(text=text, blocks=blocks)


def render_reminder(reminder: ReminderRecord) -> Message:
    """A reminder that a booking ends soon, with what its holder can do about it."""
    text = say("environments.reminder", reminder=reminder)
    blocks: list[Block] = [section(text)]
    if reminder.open:
        data = value(b=reminder.booking.id)
        blocks.append(
            actions("verbs", button("Extend", EXTEND, data), button("Release it now", GIVE_BACK, data, "primary"))
        )
    return Message(text=text, blocks=blocks)


def render_news(news: BookingNews) -> Message:
    """What happened to somebody's booking or request."""
    text = say("environments.news", news=news)
    blocks: list[Block] = [section(text)]
    if news.reason:
        blocks.append(rich.rich_text(rich.quote(news.reason)))
    return Message(text=text, blocks=blocks)


def made(one: BookingRecord, asked: str) -> Message:
    """What to tell somebody who has just booked; ``asked`` are the names of those who were asked."""
    who = f"{asked} has been asked." if asked else "Nobody is named to arbitrate, so it waits for its turn."
    text = say("environments.booked", booking=one, asked=who)
    return Message(text=text, blocks=[section(text)])


def given_back(one: BookingRecord, *, again: bool) -> Message:
    """What to tell somebody who gave an environment back."""
    text = say("environments.given_back", booking=one, again=again)
    return Message(text=text, blocks=[section(text)])


def nothing_to_give_back(key: str, name: str) -> Message:
    """What to tell somebody who has nothing there."""
    text = say("environments.nothing_to_give_back", key=key, name=name)
    return Message(text=text, blocks=[section(text)])


def _wish(one: BookingRecord) -> list[Element]:
    """What it is for."""
    parts = [rich.quote(one.purpose, 300)]
    for label, words in (
        ("For release ", one.release),
        ("Versions needed: ", one.versions),
        ("Test data: ", one.test_data),
    ):
        if words:
            parts.append(rich.line(rich.words(label, bold=True), cut(words, 300)))
    return parts


def _in_the_way(one: BookingRecord) -> Element:
    return held_line(one) if one.held else booking_line(one)
