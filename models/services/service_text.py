"""Windows, freezes and lists of a service as lines of text, the way people type them into a form.

A window is ``mon-thu 09:00-16:00``; a freeze ``Year end: hard 2026-12-18 to 2027-01-04`` or
``Month close: soft every month 28 29 30 31``. What :func:`window_line` and :func:`freeze_line` write is read again
to the same.
"""

import re
from collections.abc import Iterable
from typing import Any

from models.catalog.document import Freeze, Window
from models.time.days import WEEKDAYS

_TIMES = re.compile(r"(\d{2}:\d{2})\s*-\s*(\d{2}:\d{2})", re.ASCII)

_DATED = re.compile(r"(hard|soft)\s+(\S+)\s+to\s+(\S+)")

_RECURRING = re.compile(r"(hard|soft)\s+every\s+(week|month|year)\s+(\S.*)")


def text_lines(text: str) -> list[str]:
    """The lines of ``text`` that say something."""
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]


def window_line(window: Window) -> str:
    """``window`` as a line."""
    return f"{_days(window.days)} {window.from_}-{window.to}"


def read_window(line: str) -> dict[str, Any]:
    """A line as a window of the catalog. Raises ValueError with a sentence when it is none."""
    times = _TIMES.search(line)
    days = [_span(word) for word in line[: times.start()].replace(",", " ").split()] if times else []
    if times is None or times.end() != len(line) or not days:
        raise ValueError(f"{line[:60]!r} is no window; write for example: mon-thu 09:00-16:00.")
    chosen = {day for span in days for day in span}
    return {"days": [day for day in WEEKDAYS if day in chosen], "from": times[1], "to": times[2]}


def freeze_line(freeze: Freeze) -> str:
    """``freeze`` as a line."""
    when = f"{freeze.from_} to {freeze.to}"
    if freeze.every:
        when = f"every {freeze.every} {' '.join(map(str, freeze.days))}"
    return f"{freeze.name}: {freeze.kind} {when}"


def read_freeze(line: str) -> dict[str, Any]:
    """A line as a freeze of the catalog. Raises ValueError with a sentence when it is none."""
    name, _, when = line.rpartition(": ")
    dated, recurring = _DATED.fullmatch(when), _RECURRING.fullmatch(when)
    if name and dated:
        return {"name": name, "kind": dated[1], "from": dated[2], "to": dated[3]}
    if name and recurring:
        days = [int(day) if day.isascii() and day.isdigit() else day for day in recurring[3].split()]
        return {"name": name, "kind": recurring[1], "every": recurring[2], "days": days}
    raise ValueError(
        f"{line[:60]!r} is no freeze; write for example: Year end: hard 2026-12-18 to 2027-01-04, "
        "or: Month close: soft every month 28 29 30 31."
    )


def _span(word: str) -> tuple[str, ...]:
    """``mon`` or ``mon-thu`` as days."""
    first, dash, last = word.lower().partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        raise ValueError(f"{word[:20]!r} is no day; write mon, tue, wed, thu, fri, sat or sun.")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    if end < start:
        raise ValueError(f"{word!r} ends before it begins; write for example: fri sat sun mon.")
    return WEEKDAYS[start : end + 1]


def _days(days: Iterable[str]) -> str:
    """Days in a row as ``mon-thu``, others one by one."""
    positions = sorted(WEEKDAYS.index(day) for day in days)
    runs: list[list[int]] = []
    for position in positions:
        if runs and position == runs[-1][-1] + 1:
            runs[-1].append(position)
        else:
            runs.append([position])
    return " ".join(
        f"{WEEKDAYS[run[0]]}-{WEEKDAYS[run[-1]]}" if len(run) > 2 else " ".join(WEEKDAYS[one] for one in run)
        for run in runs
    )
