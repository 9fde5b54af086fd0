"""What is due about a window, and when to look again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.releases.windows.due import WatchedWindow, WindowDue, window_due

ZONE = ZoneInfo("Europe/Amsterdam")
HOUR = timedelta(hours=1)
START = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
"""Wednesday 10:00 in Amsterdam."""
END = START + 2 * HOUR
THURSDAY = END + timedelta(days=1)

READY = WatchedWindow(state="ready", start=START, end=END)
DEPLOYING = replace(READY, state="deploying")
MISSED = replace(READY, missed_at=END, next_at=THURSDAY)
OVERRUN = replace(DEPLOYING, overrun=1, next_at=END + HOUR)
FRIDAY_EVENING = datetime(2026, 12, 4, 20, 0, tzinfo=UTC)
MONDAY = datetime(2026, 12, 7, 8, 0, tzinfo=UTC)

CASES = [
    ("long before", READY, START - 5 * HOUR, WindowDue(next_at=START - HOUR)),
    ("an hour before", READY, START - HOUR, WindowDue(soon=True, next_at=START)),
    ("told already", replace(READY, soon_at=START - HOUR), START - HOUR / 2, WindowDue(next_at=START)),
    ("an hour before, undecided", replace(READY, state="requested"), START - HOUR, WindowDue(next_at=START)),
    ("an hour before, deploying early", DEPLOYING, START - HOUR, WindowDue(next_at=START)),
    ("it began while the program was down", READY, START + HOUR, WindowDue(next_at=END)),
    ("it ended", READY, END, WindowDue(missed=True, next_at=THURSDAY)),
    ("it ended, undecided", replace(READY, state="requested"), END, WindowDue(missed=True, next_at=THURSDAY)),
    ("it ended weeks ago", READY, MONDAY, WindowDue(missed=True, next_at=MONDAY + timedelta(days=1))),
    ("missed, the same day", MISSED, END + HOUR, WindowDue(next_at=THURSDAY)),
    (
        "missed, the next working day",
        MISSED,
        THURSDAY,
        WindowDue(missed=True, next_at=THURSDAY + timedelta(days=1)),
    ),
    ("missed, on a weekend", MISSED, FRIDAY_EVENING, WindowDue(next_at=MONDAY)),
    ("overrun, at any hour", DEPLOYING, FRIDAY_EVENING, WindowDue(overrunning=True, next_at=FRIDAY_EVENING + HOUR)),
    ("overrun, half an hour later", OVERRUN, END + HOUR / 2, WindowDue(next_at=END + HOUR)),
    (
        "overrun, an hour later, at any hour",
        replace(OVERRUN, next_at=FRIDAY_EVENING),
        FRIDAY_EVENING,
        WindowDue(overrunning=True, next_at=MONDAY + timedelta(days=1)),
    ),
    ("overrun, later on in working hours", replace(OVERRUN, overrun=2), FRIDAY_EVENING, WindowDue(next_at=MONDAY)),
    (
        "overrun, down for days",
        DEPLOYING,
        MONDAY + timedelta(days=9),
        WindowDue(overrunning=True, next_at=MONDAY + timedelta(days=9, hours=1)),
    ),
    ("deployed", replace(READY, state="deployed"), END, WindowDue()),
    ("sent back", replace(READY, state="changes_requested"), END, WindowDue()),
]


@pytest.mark.parametrize(("window", "now", "due"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_due(window: WatchedWindow, now: datetime, due: WindowDue) -> None:
    assert window_due(window, now, ZONE) == due
