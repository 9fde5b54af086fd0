"""The modals of environments. Labels and titles are a contract: people script them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from messages.environments.bookings import GRANT, OFFER, REFUSE
from messages.environments.environments import SAY
from messages.kit.blocks import (
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
from messages.kit.text import cut, say
from models.catalog.document import Environment
from models.environments.records import BookingRecord
from models.lifecycle.release_choices import ReleaseChoice
from models.limits import DETAIL_LIMIT, PURPOSE_LIMIT

BOOK = "environment:book"

ENVIRONMENT_SEARCH = "environment:search"

GRANT_FORM = f"{GRANT}_form"

REFUSE_FORM = f"{REFUSE}_form"

OFFER_FORM = f"{OFFER}_form"

EXTEND_FORM = "environment:extend_form"

RELEASE_FORM = "environment:release_form"

RELEASE_SEARCH = "environment:find_release"

CONTENTS_FORM = f"{SAY}_form"


def booking_form(
    environments: Sequence[Environment], chosen: str, start: datetime, end: datetime, nonce: str
) -> dict[str, Any]:
    """*Book an environment*; ``start`` and ``end`` are proposed, ``nonce`` makes submitting it twice harmless."""
    release = _search(RELEASE_SEARCH, "Type an identifier or a title")
    return modal(
        BOOK,
        "Book an environment",
        [
            _environment(environments, chosen),
            _moment("start", "From", start, "You choose in your own time zone."),
            _moment("end", "Until", end),
            input_block("purpose", "Purpose", text_input(max_length=PURPOSE_LIMIT)),
            input_block("release", "Release", release, optional=True, hint="If it is for one."),
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


def release_options(releases: Sequence[ReleaseChoice]) -> list[Element]:
    """Releases as options of a menu, by identifier."""
    return [option(cut(f"{one.identifier} {one.title}", 75), one.identifier) for one in releases[:SELECT_LIMIT]]


def grant_form(
    one: BookingRecord, in_the_way: Sequence[BookingRecord], must_go: Sequence[int], zone: ZoneInfo
) -> dict[str, Any]:
    """Ask which bookings give way, before anybody loses time; ``zone`` is the reader's."""
    options = [option(cut(_in_the_way(other, zone), 75), str(other.id)) for other in in_the_way[:SELECT_LIMIT]]
    initial = [choice for choice in options if int(choice["value"]) in must_go]
    element: Element = {"type": "multi_static_select", "action_id": "value", "options": options}
    if initial:
        element["initial_options"] = initial
    hint = (
        "One that runs before ends when this begins; one that begins later is cancelled; what is held becomes "
        "free. Their holders are told."
    )
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


def offer_form(one: BookingRecord, start: datetime, end: datetime, held_until: datetime) -> dict[str, Any]:
    """Ask which time to offer and until when to hold it; ``start`` and ``end`` are the next that is free."""
    return modal(
        OFFER_FORM,
        "Offer another time",
        [
            section(say("booking_intro", kind="offer", booking=one)),
            _moment("start", "From", start, "Proposed is the next time of that length that is free."),
            _moment("end", "Until", end),
            _moment("held", "Held until", held_until, "Nobody else gets this time before. Then the offer lapses."),
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


def release_form(name: str, bookings: Sequence[BookingRecord], zone: ZoneInfo) -> dict[str, Any]:
    """Ask which of several bookings to give back; ``zone`` is the reader's."""
    options = [option(cut(_who(one, zone), 75), str(one.id)) for one in bookings]
    return modal(
        RELEASE_FORM,
        "Release an environment",
        [
            section(say("booking_choose", name=name)),
            input_block("booking", "Booking", select("value", options, placeholder="Choose a booking")),
        ],
        submit="Release",
    )


def contents_form(name: str, key: str, test_data: str) -> dict[str, Any]:
    """Ask what is in an environment now; ``test_data`` is what is known of that."""
    data = text_input(initial=cut(test_data, DETAIL_LIMIT), multiline=True, max_length=DETAIL_LIMIT)
    return modal(
        CONTENTS_FORM,
        "What is in it",
        [
            section(say("environment_say_intro", name=name)),
            input_block(
                "versions",
                "Versions",
                text_input(multiline=True, max_length=DETAIL_LIMIT, placeholder="pay-api 9.2.0"),
                optional=True,
                hint="An item or service and its version, one a line. A dash for the version takes it out.",
            ),
            input_block("test_data", "Test data", data, optional=True),
        ],
        submit="Record",
        metadata={"e": key},
    )


def _who(one: BookingRecord, zone: ZoneInfo) -> str:
    """Who and when, for a menu, where Slack does not put moments into the reader's own time zone."""
    state = " (waiting)" if one.status == "waiting" else ""
    return f"{cut(one.holder_name, 25)}{state} {_when(one.start_at, one.end_at, zone)}"


def _in_the_way(one: BookingRecord, zone: ZoneInfo) -> str:
    state = " (held)" if one.held else ""
    return f"{cut(one.holder_name, 25)}{state} {_when(*one.takes, zone)}"


def _when(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """A span by the clock on the reader's wall, with the zone where the clocks change meanwhile."""
    first, last = start.astimezone(zone), end.astimezone(zone)
    begins = f"{first:%d %b %H:%M}" + (f" {first:%Z}" if first.utcoffset() != last.utcoffset() else "")
    return f"{begins} - {last:%d %b %H:%M %Z}"


def _environment(environments: Sequence[Environment], chosen: str) -> Block:
    options = environment_options(environments)
    bookable = [one for one in environments if not one.production]
    if len(bookable) <= SELECT_LIMIT:
        only = bookable[0].key if len(bookable) == 1 else chosen
        element = select("value", options, only, "Choose an environment")
    else:
        element = _search(ENVIRONMENT_SEARCH, "Type an environment's key or name")
        found = [one for one in bookable if one.key == chosen]
        if found:
            element["initial_option"] = environment_options(found)[0]
    return input_block("environment", "Environment", element)


def _search(action_id: str, placeholder: str) -> Element:
    return {
        "type": "external_select",
        "action_id": action_id,
        "min_query_length": 0,
        "placeholder": plain_text(placeholder, 150),
    }


def _detail(name: str, label: str) -> Block:
    return input_block(name, label, text_input(multiline=True, max_length=DETAIL_LIMIT), optional=True)


def _moment(name: str, label: str, chosen: datetime, hint: str = "") -> Block:
    element = {"type": "datetimepicker", "action_id": "value", "initial_date_time": int(chosen.timestamp())}
    return input_block(name, label, element, hint=hint)
