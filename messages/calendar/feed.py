"""The schedule as iCalendar (RFC 5545), for calendar programs to subscribe to.

The library that writes it is loaded with the first calendar, because most processes never need it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from messages.calendar.zones import time_zone
from messages.kit.text import cut, plain
from models.calendar.feed import Feed, ReleaseEntry
from models.calendar.freeze_entries import FreezeEntry
from models.lifecycle.lifecycle import state_words

if TYPE_CHECKING:
    from icalendar import Calendar, Event

REFRESH = timedelta(minutes=15)
"""How often programs are asked to look; many ignore it."""

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
    _add_zones(calendar, feed.releases)
    for release in feed.releases:
        _add_release(calendar, release)
    for freeze in feed.freezes:
        _add_freeze(calendar, freeze)
    written: bytes = calendar.to_ical()
    return written


def _add_zones(calendar: "Calendar", releases: Sequence[ReleaseEntry]) -> None:
    """Each zone that a time of ``releases`` is written in, once."""
    years = [_local(at, one).year for one in releases for at in (one.window_start, one.window_end)]
    for name in sorted({one.timezone for one in releases if ZoneInfo(one.timezone) is not _UTC}):
        calendar.add_component(time_zone(name, min(years), max(years)))


def _local(at: datetime, release: ReleaseEntry) -> datetime:
    """``at`` in the zone of the release's service; in UTC when the clocks there show that time a second time.

    A local time means the first one that the clocks show (RFC 5545, 3.3.5).
    """
    here = at.astimezone(ZoneInfo(release.timezone))
    return at.astimezone(_UTC) if here.fold else here


_UTC = ZoneInfo("UTC")


def _add_release(calendar: "Calendar", one: ReleaseEntry) -> None:
    event = _event(one.uid, one.sequence, one.modified)
    event.add("dtstart", _local(one.window_start, one))
    event.add("dtend", _local(one.window_end, one))
    event.add("status", "CANCELLED" if one.gone else "CONFIRMED" if one.approved else "TENTATIVE")
    event.add("summary", _summary(one))
    event.add("description", _description(one))
    event.add("categories", [_line(one.service_name, 75)])
    calendar.add_component(event)


def _add_freeze(calendar: "Calendar", one: FreezeEntry) -> None:
    event = _event(one.uid, one.sequence, one.modified)
    event.add("dtstart", one.starts.astimezone(_UTC) if one.starts else one.first)
    event.add("dtend", one.ends.astimezone(_UTC) if one.ends else one.last + timedelta(days=1))
    event.add("status", "CANCELLED" if one.gone else "CONFIRMED")
    event.add("summary", f"Freeze: {_line(one.name, 75)} ({'cancelled' if one.gone else one.kind})")
    no_more = "No freeze any more for" if one.gone else "No deployments of"
    event.add("description", f"{no_more} {_line(', '.join(one.services) or 'all services', TEXT)}")
    calendar.add_component(event)


def _event(uid: str, sequence: int, modified: datetime) -> "Event":
    """What all entries have in common; they are transparent, so that the schedule makes nobody look busy."""
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
    return f"{title} ({state_words(one.state, one.superseded_by)})" if one.gone or not one.approved else title


def _description(one: ReleaseEntry) -> str:
    lines = [
        f"{_line(one.service_name, 75)}: {one.type} release, {state_words(one.state, one.superseded_by)}",
        f"Method: {_line(one.method, 75)}",
        f"Requested by {_line(one.requester_name, 100)}",
        *([f"Authorised changes: {_line(', '.join(one.changes), 500)}"] if one.changes else []),
        "",
        *map(plain, cut(one.description, TEXT).splitlines()),
    ]
    return "\n".join(lines).strip()


def _line(text: str, limit: int) -> str:
    """``text`` in one line, its direction marks kept to itself."""
    return plain(cut(" ".join(text.split()), limit))
