"""Deciding who gets an environment: the request for its managers, their modals, and the offer of another time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from messages.environments.booking_lines import booking_line, held_line
from messages.environments.bookings import span_words
from messages.kit import rich, sizes, slack_limits
from messages.kit.blocks import Block, Element, Message, View, actions, button, modal, option, section, value
from messages.kit.inputs import input_block, moment_picker, multi_select, text_area
from messages.kit.text import cut, say
from models.environments.records import BookingRecord, GrantChoice, OfferRecord, RequestRecord
from models.limits import DETAIL_LIMIT

GRANT = "environment:grant"

REFUSE = "environment:refuse"

OFFER = "environment:offer"

TAKE = "environment:take_offer"

DECLINE = "environment:decline_offer"

GRANT_FORM = f"{GRANT}_form"

REFUSE_FORM = f"{REFUSE}_form"

OFFER_FORM = f"{OFFER}_form"


def render_request(request: RequestRecord) -> Message:
    """A request for the managers of an environment; it has buttons until it is decided."""
    one = request.booking
    text = say("environments.request", request=request)
    blocks: list[Block] = [section(text), rich.rich_text(*_purpose(one))]
    if one.status == "waiting":
        if request.in_the_way:
            way = [_in_the_way(other) for other in request.in_the_way[: sizes.BOOKINGS]]
            if len(request.in_the_way) > sizes.BOOKINGS:
                way.append(rich.line(f"and {len(request.in_the_way) - sizes.BOOKINGS} more"))
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
    """An offer of another time for the person who asked."""
    text = say("environments.offer", offer=offer)
    blocks: list[Block] = [section(text)]
    if offer.stands:
        data = value(b=offer.booking.id, n=offer.count)
        blocks.append(actions("verbs", button("Accept", TAKE, data, "primary"), button("Decline", DECLINE, data)))
    return Message(text=text, blocks=blocks)


def grant_form(choice: GrantChoice, zone: ZoneInfo) -> View:
    """Ask which bookings give way, before anybody loses time; ``zone`` is the reader's."""
    shown = choice.in_the_way[: slack_limits.MENU_OPTIONS]
    options = [option(_holder_and_time(other, zone), str(other.id)) for other in shown]
    chosen = [one for one in options if int(one["value"]) in choice.must_go]
    intro = say(
        "environments.grant_intro",
        booking=choice.booking,
        others=choice.in_the_way[: sizes.BOOKINGS_IN_INTRO],
        more=len(choice.in_the_way) - sizes.BOOKINGS_IN_INTRO,
    )
    hint = (
        "One that runs before ends when this begins; one that begins later is cancelled; what is held becomes "
        "free. Their holders are told."
    )
    return modal(
        GRANT_FORM,
        "Grant",
        [section(intro), input_block("giving_way", "Who gives way", multi_select(options, chosen), hint=hint)],
        submit="Grant",
        metadata={"b": choice.booking.id},
    )


def refuse_form(one: BookingRecord) -> View:
    """Ask why, for the person who asked."""
    return modal(
        REFUSE_FORM,
        "Refuse",
        [
            section(say("environments.refuse_intro", booking=one)),
            input_block("reason", "Reason", text_area(limit=DETAIL_LIMIT)),
        ],
        submit="Refuse",
        metadata={"b": one.id},
    )


def offer_form(one: BookingRecord, start: datetime, end: datetime, held_until: datetime) -> View:
    """Ask which time to offer and until when to hold it; ``start`` and ``end`` are the next that is free."""
    proposed = "Proposed is the next time of that length that is free."
    lapses = "Nobody else gets this time before. Then the offer lapses."
    return modal(
        OFFER_FORM,
        "Offer another time",
        [
            section(say("environments.offer_intro", booking=one)),
            input_block("start", "From", moment_picker(start), hint=proposed),
            input_block("end", "Until", moment_picker(end)),
            input_block("held", "Held until", moment_picker(held_until), hint=lapses),
        ],
        submit="Offer",
        metadata={"b": one.id},
    )


def _purpose(one: BookingRecord) -> list[Element]:
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


def _holder_and_time(one: BookingRecord, zone: ZoneInfo) -> str:
    state = " (held)" if one.held else ""
    return f"{cut(one.holder_name, 25)}{state} {span_words(*one.takes, zone)}"
