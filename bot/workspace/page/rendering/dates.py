"""Moments as Slack writes them, in the reader's time zone."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from bot.workspace.page.rendering.html import link, tag
from bot.workspace.page.rendering.reader import Reader

TOKEN = re.compile(r"\{([a-z_]+)\}")
NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}
SPANS = ((86400 * 365, "year"), (86400 * 30, "month"), (86400, "day"), (3600, "hour"), (60, "minute"))


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _full(day: datetime) -> str:
    return f"{day:%B} {ordinal(day.day)}, {day.year}"


def _short(day: datetime) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def _long(day: datetime) -> str:
    return f"{day:%A}, {_full(day)}"


PLAIN: dict[str, Callable[[datetime], str]] = {
    "date_num": lambda day: f"{day:%Y-%m-%d}",
    "date": _full,
    "date_short": _short,
    "date_long": _long,
    "date_long_full": _long,
    "date_slash": lambda day: f"{day:%m/%d/%Y}",
    "time": lambda day: f"{day:%H:%M}",
    "time_secs": lambda day: f"{day:%H:%M:%S}",
}
PRETTY = {
    "date_pretty": _full,
    "date_short_pretty": _short,
    "date_long_pretty": _long,
    "day_divider_pretty": _long,
}


def ago(moment: datetime, now: datetime) -> str:
    """In the largest whole unit."""
    seconds = (moment - now).total_seconds()
    for size, unit in SPANS:
        count = int(abs(seconds) // size)
        if count:
            words = f"{count} {unit}{'' if count == 1 else 's'}"
            return f"in {words}" if seconds > 0 else f"{words} ago"
    return "just now"


def near_day(moment: datetime, reader: Reader) -> str | None:
    """`yesterday`, `today` or `tomorrow` on the reader's calendar, otherwise `None`."""
    days = (reader.local(moment).date() - reader.local(reader.now).date()).days
    return NEAR_DAYS.get(days)


def written(moment: datetime, pattern: str, reader: Reader) -> str:
    """Fill Slack's date tokens; an unknown token stays as it is."""
    local = reader.local(moment)

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name == "ago":
            return ago(moment, reader.now)
        if name in PRETTY:
            near = near_day(moment, reader)
            if near is not None:
                return near.capitalize() if match.start() == 0 else near
            return PRETTY[name](local)
        return PLAIN[name](local) if name in PLAIN else match[0]

    return TOKEN.sub(fill, pattern)


def moment_of(timestamp: str | int) -> datetime | None:
    """`None` when `timestamp` is no Unix time."""
    try:
        return datetime.fromtimestamp(int(timestamp), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def date_html(timestamp: str | int, pattern: str, fallback: str, reader: Reader, address: str = "") -> Markup:
    """Slack's date token as `<time>`, with the full moment on hover; the fallback for an invalid timestamp."""
    moment = moment_of(timestamp)
    if moment is None:
        return Markup("{}").format(fallback)
    shown = tag(
        "time",
        written(moment, pattern, reader),
        datetime=moment.isoformat(),
        title=full_title(moment, reader),
    )
    return link(address, shown) if address else shown


def full_title(moment: datetime, reader: Reader) -> str:
    """For a tooltip, with the zone."""
    local = reader.local(moment)
    return f"{_long(local)} at {local:%H:%M:%S} {local:%Z}"


def clock_time(moment: datetime, reader: Reader) -> str:
    """Hours and minutes."""
    return f"{reader.local(moment):%H:%M}"


def day_title(moment: datetime, reader: Reader) -> str:
    """For the line between two days: Today, Yesterday, or the date."""
    near = near_day(moment, reader)
    if near is not None:
        return near.capitalize()
    local = reader.local(moment)
    year = "" if abs(reader.now - moment) < timedelta(days=300) else f", {local.year}"
    return f"{local:%A}, {local:%B} {ordinal(local.day)}{year}"
