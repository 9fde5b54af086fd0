"""Bookings for the people who hold them: messages, answers, and the modals that book, extend and give back.

Labels and titles are a contract: people script them.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from messages.kit import rich, slack_limits
from messages.kit.blocks import (
    Block,
    Element,
    Message,
    View,
    actions,
    button,
    modal,
    option,
    paragraph,
    section,
    value,
)
from messages.kit.inputs import input_block, keyed_menu, moment_picker, search_select, select, text_area, text_input
from messages.kit.text import cut, say
from models.catalog.document import Environment
from models.environments.records import BookingNews, BookingRecord, ReminderRecord
from models.lifecycle.release_choices import ReleaseChoice
from models.limits import DETAIL_LIMIT, PURPOSE_LIMIT

EXTEND = "environment:extend"

GIVE_BACK = "environment:give_back"

BOOK = "environment:book"

ENVIRONMENT_SEARCH = "environment:search"

EXTEND_FORM = "environment:extend_form"

GIVE_BACK_FORM = "environment:release_form"

RELEASE_SEARCH = "environment:find_release"


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
    """What others did to somebody's booking or request."""
    text = say("environments.news", news=news)
    blocks: list[Block] = [section(text)]
    if news.reason:
        blocks.append(rich.rich_text(rich.quote(news.reason)))
    return Message(text=text, blocks=blocks)


def booking_answer(one: BookingRecord, asked: str) -> Message:
    """The answer to a new booking; ``asked`` are the names of the managers who were asked."""
    who = f"{asked} has been asked." if asked else "Nobody is named to arbitrate, so it waits for its turn."
    return paragraph(say("environments.booked", booking=one, asked=who))


def given_back(one: BookingRecord, *, again: bool) -> Message:
    """The answer to the person who gave an environment back, or did so ``again``."""
    return paragraph(say("environments.given_back", booking=one, again=again))


def nothing_to_give_back(key: str, name: str) -> Message:
    """The answer to a person who has no booking to give back."""
    return paragraph(say("environments.nothing_to_give_back", key=key, name=name))


def booking_form(bookable: Sequence[Environment], chosen: str, start: datetime, end: datetime, nonce: str) -> View:
    """*Book an environment*; ``start`` and ``end`` are proposed, ``nonce`` makes submitting it twice harmless."""
    only = bookable[0].key if len(bookable) == 1 else chosen
    environment = keyed_menu("an environment", bookable, only, ENVIRONMENT_SEARCH)
    release = search_select(RELEASE_SEARCH, "Type an identifier or a title")
    purpose = text_input(max_length=PURPOSE_LIMIT)
    return modal(
        BOOK,
        "Book an environment",
        [
            input_block("environment", "Environment", environment),
            input_block("start", "From", moment_picker(start), hint="You choose in your own time zone."),
            input_block("end", "Until", moment_picker(end)),
            input_block("purpose", "Purpose", purpose),
            input_block("release", "Release", release, optional=True, hint="If it is for one."),
            input_block("versions", "Versions needed", text_area(limit=DETAIL_LIMIT), optional=True),
            input_block("test_data", "Test data", text_area(limit=DETAIL_LIMIT), optional=True),
        ],
        submit="Book",
        metadata={"f": nonce},
    )


def release_options(releases: Sequence[ReleaseChoice]) -> list[Element]:
    """Releases as options of a menu, by identifier."""
    shown = releases[: slack_limits.MENU_OPTIONS]
    return [option(f"{one.identifier} {one.title}", one.identifier) for one in shown]


def extend_form(one: BookingRecord, until: datetime) -> View:
    """Ask until when to keep it; ``until`` is proposed."""
    return modal(
        EXTEND_FORM,
        "Extend",
        [
            section(say("environments.extend_intro", booking=one)),
            input_block("until", "Until", moment_picker(until)),
        ],
        submit="Extend",
        metadata={"b": one.id},
    )


def give_back_form(name: str, bookings: Sequence[BookingRecord], zone: ZoneInfo) -> View:
    """Ask which of several bookings to give back; ``zone`` is the reader's."""
    options = [option(_holder_and_time(one, zone), str(one.id)) for one in bookings]
    return modal(
        GIVE_BACK_FORM,
        "Release an environment",
        [
            section(say("environments.give_back_intro", name=name)),
            input_block("booking", "Booking", select("value", options, placeholder="Choose a booking")),
        ],
        submit="Release",
    )


def span_words(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """A span by the reader's clock, for menus, where Slack shows no moments (docs/slack-facts.md#text).

    It names the zone at its start, too, where the clocks change meanwhile.
    """
    first, last = start.astimezone(zone), end.astimezone(zone)
    begins = f"{first:%d %b %H:%M}" + (f" {first:%Z}" if first.utcoffset() != last.utcoffset() else "")
    return f"{begins} - {last:%d %b %H:%M %Z}"


def _holder_and_time(one: BookingRecord, zone: ZoneInfo) -> str:
    state = " (waiting)" if one.status == "waiting" else ""
    return f"{cut(one.holder_name, 25)}{state} {span_words(one.start_at, one.end_at, zone)}"
