"""The schedule as iCalendar (RFC 5545), for calendar programs to subscribe to.

The library that writes it is loaded with the first calendar that is asked for: most processes never need it.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from messages.text import cut, plain
from models.calendar.feed import Feed, FreezeEntry, ReleaseEntry
from models.releases.lifecycle import State

if TYPE_CHECKING:
    from icalendar import Calendar, Event

REFRESH = timedelta(minutes=15)
"""How often a program is asked to look; they do as they like."""

TEXT = 3000


def render(feed: Feed) -> bytes:
    """The whole calendar; the same for the same ``feed``."""
    from icalendar import Calendar
    from icalendar.prop import vDuration, vText

    calendar = Calendar()
    calendar.add("prodid", "-//Release Desk//Forward schedule of change//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = f"Releases - {_line(', '.join(feed.services), 200) or 'all services'}"
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for release in feed.releases:
        _add_release(calendar, release)
    for freeze in feed.freezes:
        _add_freeze(calendar, freeze)
    written: bytes = calendar.to_ical()
    return written


def _add_release(calendar: "Calendar", one: ReleaseEntry) -> None:
    event = _event(one.uid, one.sequence, one.modified)
    event.add("dtstart", one.window_start)
    event.add("dtend", one.window_end)
    event.add("status", "CANCELLED" if one.gone else "CONFIRMED" if one.approved else "TENTATIVE")
    event.add("summary", _summary(one))
    event.add("description", _description(one))
    event.add("categories", [_line(one.service_name, 75)])
    calendar.add_component(event)


def _add_freeze(calendar: "Calendar", one: FreezeEntry) -> None:
    event = _event(one.uid, one.sequence, one.modified)
    event.add("dtstart", one.first)
    event.add("dtend", one.last + timedelta(days=1))
    event.add("status", "CONFIRMED")
    event.add("summary", f"Freeze: {_line(one.name, 75)} ({one.kind})")
    event.add("description", f"No deployments of {_line(', '.join(one.services), TEXT)}")
    calendar.add_component(event)


def _event(uid: str, sequence: int, modified: datetime) -> "Event":
    """What all entries have: they tell and occupy nobody, so that a schedule makes nobody look busy."""
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", modified)
    event.add("last-modified", modified)
    event.add("transp", "TRANSPARENT")
    return event


def _summary(one: ReleaseEntry) -> str:
    title = f"{one.identifier} {_line(one.title, 200)}"
    return f"{title} ({State(one.state).words})" if one.gone or not one.approved else title


def _description(one: ReleaseEntry) -> str:
    lines = [
        f"{_line(one.service_name, 75)}: {one.type} release, {State(one.state).words}",
        f"Method: {_line(one.method, 75)}",
        f"Requested by {_line(one.requester_name, 100)}",
        *([f"Authorised changes: {_line(', '.join(one.changes), 500)}"] if one.changes else []),
        "",
        *map(plain, cut(one.description, TEXT).splitlines()),
    ]
    return "\n".join(lines).strip()


def _line(text: str, limit: int) -> str:
    """``text`` in one line; its direction marks turn nothing round that stands beside it."""
    return plain(cut(" ".join(text.split()), limit))
