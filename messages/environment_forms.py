"""The modals of environments. Labels and titles are a contract: people script them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from messages.blocks import (
    SELECT_LIMIT,
    Block,
    Element,
    input_block,
    modal,
    option,
    plain_text,
    section,
    select,
    text_input,
)
from messages.environments import GRANT, OFFER, REFUSE
from messages.text import cut, say
from models.catalog.document import Environment
from models.environments.forms import DETAIL_LIMIT, PURPOSE_LIMIT, RELEASE_LIMIT
from models.environments.records import BookingRecord

BOOK = "environment:book"
ENVIRONMENT_SEARCH = "environment:search"
GRANT_FORM = f"{GRANT}_form"
REFUSE_FORM = f"{REFUSE}_form"
OFFER_FORM = f"{OFFER}_form"
EXTEND_FORM = "environment:extend_form"
RELEASE_FORM = "environment:release_form"


def booking_form(
    environments: Sequence[Environment], chosen: str, start: datetime, end: datetime, nonce: str
) -> dict[str, Any]:
    """*Book an environment*; ``start`` and ``end`` are proposed, ``nonce`` makes submitting it twice harmless."""
    release = text_input(max_length=RELEASE_LIMIT, placeholder="PAY-2026.014")
    return modal(
        BOOK,
        "Book an environment",
        [
            _environment(environments, chosen),
            _moment("start", "From", start, "You choose in your own time zone."),
            _moment("end", "Until", end),
            input_block("purpose", "Purpose", text_input(max_length=PURPOSE_LIMIT)),
            input_block("release", "Release", release, optional=True, hint="Its identifier, if it is for one."),
            _detail("versions", "Versions needed"),
            _detail("test_data", "Test data"),
        ],
        submit="Book",
        metadata={"f": nonce},
    )


def environment_options(environments: Sequence[Environment], typed: str = "") -> list[Element]:
    """The environments that may be booked and whose key or name holds what was typed."""
    wanted = typed.casefold()
    found = [
        one
        for one in environments
        if not one.production and (wanted in one.key.casefold() or wanted in one.name.casefold())
    ]
    return [option(cut(f"{one.name} ({one.key})", 75), one.key) for one in found[:SELECT_LIMIT]]


def grant_form(one: BookingRecord, in_the_way: Sequence[BookingRecord], must_go: Sequence[int]) -> dict[str, Any]:
    """Ask which bookings give way, before anybody loses time."""
    options = [option(cut(_who(other), 75), str(other.id)) for other in in_the_way[:SELECT_LIMIT]]
    initial = [choice for choice in options if int(choice["value"]) in must_go]
    element: Element = {"type": "multi_static_select", "action_id": "value", "options": options}
    if initial:
        element["initial_options"] = initial
    hint = "One that runs before ends when this begins; one that begins later is cancelled. Their holders are told."
    return modal(
        GRANT_FORM,
        "Grant",
        [
            section(say("booking_grant_intro", booking=one, others=in_the_way[:5], more=len(in_the_way) - 5)),
            input_block("giving_way", "Who gives way", element, hint=hint),
        ],
        submit="Grant",
        metadata={"b": one.id},
    )


def refuse_form(one: BookingRecord) -> dict[str, Any]:
    """Ask why; whoever asked reads it."""
    return modal(
        REFUSE_FORM,
        "Refuse",
        [
            section(say("booking_intro", kind="refuse", booking=one)),
            input_block("reason", "Reason", text_input(multiline=True, max_length=DETAIL_LIMIT)),
        ],
        submit="Refuse",
        metadata={"b": one.id},
    )


def offer_form(one: BookingRecord, start: datetime, end: datetime) -> dict[str, Any]:
    """Ask which time to offer; ``start`` and ``end`` are the next that is free."""
    return modal(
        OFFER_FORM,
        "Offer another time",
        [
            section(say("booking_intro", kind="offer", booking=one)),
            _moment("start", "From", start, "Proposed is the next time of that length that is free."),
            _moment("end", "Until", end),
        ],
        submit="Offer",
        metadata={"b": one.id},
    )


def extend_form(one: BookingRecord, until: datetime) -> dict[str, Any]:
    """Ask until when to keep it."""
    return modal(
        EXTEND_FORM,
        "Extend",
        [section(say("booking_intro", kind="extend", booking=one)), _moment("until", "Until", until)],
        submit="Extend",
        metadata={"b": one.id},
    )


def release_form(name: str, bookings: Sequence[BookingRecord]) -> dict[str, Any]:
    """Ask which of several bookings to give back."""
    options = [option(cut(_who(one), 75), str(one.id)) for one in bookings]
    return modal(
        RELEASE_FORM,
        "Release an environment",
        [
            section(say("booking_choose", name=name)),
            input_block("booking", "Booking", select("value", options, placeholder="Choose a booking")),
        ],
        submit="Release",
    )


def _who(one: BookingRecord) -> str:
    waits = " (waiting)" if one.status == "waiting" else ""
    return f"{one.holder_name}{waits} {one.start_at:%d %b %H:%M} - {one.end_at:%d %b %H:%M} UTC"


def _environment(environments: Sequence[Environment], chosen: str) -> Block:
    options = environment_options(environments)
    bookable = [one for one in environments if not one.production]
    if len(bookable) <= SELECT_LIMIT:
        only = bookable[0].key if len(bookable) == 1 else chosen
        element = select("value", options, only, "Choose an environment")
    else:
        element = {
            "type": "external_select",
            "action_id": ENVIRONMENT_SEARCH,
            "min_query_length": 0,
            "placeholder": plain_text("Type an environment's key or name", 150),
        }
        found = [one for one in bookable if one.key == chosen]
        if found:
            element["initial_option"] = environment_options(found)[0]
    return input_block("environment", "Environment", element)


def _detail(name: str, label: str) -> Block:
    return input_block(name, label, text_input(multiline=True, max_length=DETAIL_LIMIT), optional=True)


def _moment(name: str, label: str, chosen: datetime, hint: str = "") -> Block:
    element = {"type": "datetimepicker", "action_id": "value", "initial_date_time": int(chosen.timestamp())}
    return input_block(name, label, element, hint=hint)
