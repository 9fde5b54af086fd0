"""A planned release as one line of a list: its window, and what is in its way."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from messages.kit import rich
from messages.kit.blocks import Element
from messages.kit.signs import WINDOW_ALERT, WINDOW_WORDS, sign, word
from messages.kit.text import cut, is_short
from models.lifecycle.window_state import WindowState

TITLE = 60
"""Characters of a title in a list of planned releases."""

WITH_WEEKDAY = "{day_divider_pretty} {time}"


class PlannedRelease(Protocol):
    """What a line shows, of the schedule or of the digest."""

    @property
    def identifier(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def service_name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def window_start(self) -> datetime: ...
    @property
    def window_end(self) -> datetime: ...
    @property
    def window(self) -> WindowState: ...


def planned_line(one: PlannedRelease, against: str) -> Element:
    """A planned release; ``against`` says what is in its way."""
    marks: list[Element | str] = [" - ", rich.words(against, bold=True)] if against else []
    return rich.line(
        *window_mark(one.window),
        rich.emoji(sign(one.state)),
        " ",
        rich.words(one.identifier, code=True),
        " ",
        rich.words(cut(one.title, TITLE), bold=True),
        f" - {one.service_name} - {one.type} - {word(one.state).lower()} - ",
        *window_span(one.window_start, one.window_end),
        *marks,
    )


def window_mark(window: WindowState) -> list[Element]:
    """Stands first where a window was missed or is overrun."""
    if not window:
        return []
    return [rich.emoji(WINDOW_ALERT), rich.words(f" {WINDOW_WORDS[window]} ", bold=True)]


def window_span(start: datetime, end: datetime, form: str = WITH_WEEKDAY, *, bold: bool = False) -> list[Element]:
    """A window in the reader's own time zone; ``form`` is the date format of its start."""
    end_form = "{time}" if is_short(start, end) else "{date_short_pretty} {time}"
    return [rich.date(start, form, bold=bold), rich.words(" - ", bold=bold), rich.date(end, end_form, bold=bold)]


def frozen(freezes: Sequence[tuple[str, str]]) -> str:
    """The freezes that a window touches, each ``(name, kind)``, the hard ones first."""
    return cut("; ".join(f"{kind} freeze {name}" for name, kind in sorted(freezes, key=lambda one: one[1])), 140)
