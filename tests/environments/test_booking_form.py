"""Problems with the time of a booking."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.catalog.document import Environment
from models.environments.booking_form import length_problem, span_problems

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
STAGING = Environment(key="staging", name="Staging", max_booking="5d")
FRIDAY = datetime(2026, 10, 23, 8, 0, tzinfo=UTC)
"""10:00 in Amsterdam, two days before the clocks go back."""


@pytest.mark.parametrize(
    ("hours", "said"), [(5 * 24, ""), (5 * 24 + 1, ""), (5 * 24 + 1.1, "Staging is booked for 5 days at most")]
)
def test_five_days_are_five_days_of_the_calendar_also_where_the_clocks_change(hours, said):
    problem = length_problem(FRIDAY, FRIDAY + timedelta(hours=hours), STAGING, AMSTERDAM)
    assert problem.startswith(said)
    assert bool(problem) is bool(said)


def test_the_minute_that_runs_has_not_passed():
    now = FRIDAY + timedelta(seconds=40)
    wrong = span_problems(FRIDAY, FRIDAY + timedelta(hours=1), now, STAGING, AMSTERDAM)
    assert wrong == {"start": "", "end": ""}
    wrong = span_problems(FRIDAY - timedelta(minutes=1), FRIDAY, now, STAGING, AMSTERDAM)
    assert [text.partition(".")[0] for text in wrong.values()] == ["This has passed", "This has passed"]
