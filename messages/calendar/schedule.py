"""The forward schedule of change, a page at a time, with *Earlier* and *Later*."""

from collections.abc import Sequence
from datetime import timedelta

from messages.kit import rich, signs, sizes
from messages.kit.blocks import Block, Element, Message, actions, button, context, section, value
from messages.kit.charts import data_table, rich_cell, text_cell
from messages.kit.signs import sign, word
from messages.kit.text import cut, say
from messages.releases.planned_lines import TITLE, frozen, planned_line, window_mark, window_span
from models.calendar.arguments import ScheduleArguments
from models.calendar.schedule import SCHEDULE_PAGE, ScheduledFreeze, ScheduleEntry, SchedulePage
from models.catalog.document import Window
from models.time.days import WEEKDAYS, say_day

EARLIER = "schedule:earlier"

LATER = "schedule:later"

AGAINST = 140
"""Characters for what is in a release's way."""

LAST_PAGE = 1_000_000
"""An offset beyond every last page."""

_YEARS = (2000, 2199)


def forward_schedule(page: SchedulePage, *, native: bool) -> Message:
    """One page; with Slack's own table if ``native``, else as text."""
    text = say(
        "calendar.schedule",
        scope=page.service_name or "all services",
        days=f"{say_day(page.arguments.first)} to {say_day(page.arguments.last)}",
        count=page.count,
        shown=len(page.entries),
        first=page.offset + 1,
        against=sum(bool(_against(one)) for one in page.entries),
    )
    blocks: list[Block] = [section(text)]
    if page.freezes:
        blocks.append(_freezes(page.freezes))
    if page.windows:
        windows = cut("; ".join(_window_words(one) for one in page.windows), 400)
        blocks.append(context(say("calendar.windows", windows=windows, zone=str(page.arguments.zone))))
    blocks += _releases(page.entries, native=native)
    blocks.append(actions("schedule", *_turning(page)))
    return Message(text=text, blocks=blocks)


def _releases(entries: Sequence[ScheduleEntry], *, native: bool) -> list[Block]:
    if not entries:
        return []
    if not native:
        return rich.bullet_lists([planned_line(one, _against(one)) for one in entries])
    headings = ("When", "Release", "Service", "State", "In the way")
    rows = [_row(one) for one in entries]
    return [data_table("Forward schedule of change", headings, rows, page_size=SCHEDULE_PAGE, names_row=1)]


def _row(one: ScheduleEntry) -> list[Element]:
    return [
        rich_cell(*window_span(one.window_start, one.window_end)),
        text_cell(f"{one.identifier} {cut(one.title, TITLE)}"),
        text_cell(one.service_name),
        rich_cell(*window_mark(one.window), rich.emoji(sign(one.state)), f" {word(one.state)}"),
        text_cell(_against(one) or "nothing"),
    ]


def _against(one: ScheduleEntry) -> str:
    """What is in a release's way, the hardest first."""
    parts = [frozen(one.freezes)] if one.freezes else []
    if one.conflicts:
        more = len(one.conflicts) - sizes.SCHEDULE_CONFLICTS
        others = ", ".join(one.conflicts[: sizes.SCHEDULE_CONFLICTS]) + (f" and {more} more" if more > 0 else "")
        parts.append(f"conflicts with {others}")
    if one.outside:
        parts.append("outside the deployment windows")
    return cut("; ".join(parts), AGAINST)


def _freezes(freezes: Sequence[ScheduledFreeze]) -> Block:
    lines = [
        rich.line(
            rich.emoji(signs.FREEZE),
            " ",
            rich.words(cut(one.name, 100), bold=True),
            f" ({one.kind} freeze) - ",
            *_span(one),
            f" - {cut(', '.join(one.services) or 'all services', 100)}",
        )
        for one in freezes[: sizes.SCHEDULE_FREEZES]
    ]
    more = len(freezes) - sizes.SCHEDULE_FREEZES
    if more > 0:
        lines.append(rich.line(rich.words(f"and {more} more {'freeze' if more == 1 else 'freezes'}", italic=True)))
    return rich.rich_text(rich.bullets(*lines))


def _turning(page: SchedulePage) -> list[Element]:
    """*Earlier* and *Later* turn the pages of these days, and at the ends go on to the days before and after."""
    arguments = page.arguments
    length = arguments.last - arguments.first + timedelta(days=1)
    buttons = []
    if page.offset > 0:
        buttons.append(button("Earlier", EARLIER, _place(arguments, page.offset - SCHEDULE_PAGE)))
    elif arguments.first.year > _YEARS[0]:
        buttons.append(button("Earlier", EARLIER, _place(arguments, LAST_PAGE, -length)))
    if page.offset + SCHEDULE_PAGE < page.count:
        buttons.append(button("Later", LATER, _place(arguments, page.offset + SCHEDULE_PAGE)))
    elif arguments.last.year < _YEARS[1]:
        buttons.append(button("Later", LATER, _place(arguments, 0, length)))
    return buttons


def _place(arguments: ScheduleArguments, offset: int, by: timedelta = timedelta()) -> str:
    first, last = arguments.first + by, arguments.last + by
    return value(s=arguments.service, f=first.isoformat(), t=last.isoformat(), o=offset)


def _window_words(window: Window) -> str:
    days = [day.capitalize() for day in WEEKDAYS if day in window.days]
    return f"{', '.join(days)} {window.from_}-{window.to}"


def _span(one: ScheduledFreeze) -> list[Element]:
    if one.starts and one.ends:
        return window_span(one.starts, one.ends)
    days = say_day(one.first) if one.first == one.last else f"{say_day(one.first)} to {say_day(one.last)}"
    return [rich.words(days)]
