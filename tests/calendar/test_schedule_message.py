"""The forward schedule keeps Slack's limits, whatever people typed and however much there is."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from messages.calendar.schedule import forward_schedule
from models.calendar.arguments import ScheduleArguments
from models.calendar.schedule import SCHEDULE_PAGE, ScheduledFreeze, ScheduleEntry, SchedulePage
from models.catalog.document import Window
from tests.conftest import MORNING
from tests.slack_limits import HOSTILE, LONG, active_markup, assert_valid_message

ASKED = ScheduleArguments("PAY", date(2026, 11, 24), date(2026, 12, 8), ZoneInfo("Europe/Amsterdam"))


def crowded(typed: str) -> SchedulePage:
    """As much of everything as one page can hold."""
    entry = ScheduleEntry(
        identifier=typed[:60] or "-",
        title=typed,
        service_name=typed[:75],
        type=typed[:40],
        state="changes_requested",
        window_start=MORNING,
        window_end=MORNING + timedelta(days=3),
        conflicts=(typed[:60],) * 30,
        freezes=((typed[:75], "hard"), (typed[:75], "soft")) * 5,
        outside=True,
    )
    span = ScheduledFreeze(typed[:75], "hard", ASKED.first, ASKED.last, (typed[:75],) * 50)
    window = Window(days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"], **{"from": "00:00"}, to="24:00")
    return SchedulePage(ASKED, typed[:75], 500, 50, (entry,) * SCHEDULE_PAGE, (span,) * 200, (window,) * 100)


@pytest.mark.parametrize("native", [True, False])
@pytest.mark.parametrize("typed", [HOSTILE, LONG, "x" * 10_000, "\u202e" * 200, "&" * 500, "<" * 500])
def test_the_fullest_page_is_taken_by_slack_and_nothing_in_it_acts(typed: str, native: bool) -> None:
    message = forward_schedule(crowded(typed), native=native)
    assert_valid_message(message)
    assert active_markup(message) == []


def test_freezes_that_are_not_named_are_counted() -> None:
    shown = str(forward_schedule(crowded("x"), native=True).blocks)
    assert "and 194 more freezes" in shown
