"""Freezes and windows as days and moments: month ends, leap years, and the clocks going forward and back."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from models.catalog.document import Freeze, Window
from models.catalog.freezes import freeze_holds, freezes_met, frozen_days
from models.catalog.windows import within_windows
from models.time.days import days_between, days_touched

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

NEW_YORK = ZoneInfo("America/New_York")

YEAR_END = Freeze(name="Year end", kind="hard", **{"from": "2026-12-18"}, to="2027-01-04")

MONTH_CLOSE = Freeze(name="Month close", kind="soft", every="month", days=[28, 29, 30, 31])

WEEKEND = Freeze(name="Weekend", kind="soft", every="week", days=["sat", "sun"])

LEAP_DAY = Freeze(name="Leap day", kind="hard", every="year", days=["02-29", "12-24"])


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def window(days: str, start: str, end: str) -> Window:
    return Window(days=days.split(), **{"from": start}, to=end)


@pytest.mark.parametrize(
    ("freeze", "day", "expected"),
    [
        (YEAR_END, "2026-12-17", False),
        (YEAR_END, "2026-12-18", True),
        (YEAR_END, "2027-01-04", True),
        (YEAR_END, "2027-01-05", False),
        (YEAR_END, "2027-12-20", False),
        (MONTH_CLOSE, "2026-11-27", False),
        (MONTH_CLOSE, "2026-11-30", True),
        (MONTH_CLOSE, "2026-12-01", False),
        (MONTH_CLOSE, "2027-02-28", True),
        (MONTH_CLOSE, "2028-02-29", True),
        (WEEKEND, "2026-11-27", False),
        (WEEKEND, "2026-11-28", True),
        (LEAP_DAY, "2027-02-28", False),
        (LEAP_DAY, "2027-03-01", False),
        (LEAP_DAY, "2028-02-29", True),
        (LEAP_DAY, "2026-12-24", True),
    ],
)
def test_a_freeze_holds_on_its_days_both_ends_included(freeze, day, expected):
    assert freeze_holds(freeze, date.fromisoformat(day)) is expected


@pytest.mark.parametrize(
    ("start", "end", "zone", "expected"),
    [
        ("2026-11-24T22:30", "2026-11-24T23:00", AMSTERDAM, ["2026-11-24"]),
        ("2026-11-24T22:30", "2026-11-24T23:01", AMSTERDAM, ["2026-11-24", "2026-11-25"]),
        ("2026-12-18T02:00", "2026-12-18T03:00", NEW_YORK, ["2026-12-17"]),
        ("2026-03-28T23:00", "2026-03-29T22:00", AMSTERDAM, ["2026-03-29"]),
        ("2026-10-24T22:00", "2026-10-25T23:00", AMSTERDAM, ["2026-10-25"]),
        ("2026-11-24T10:00", "2026-11-24T10:00", AMSTERDAM, ["2026-11-24"]),
    ],
)
def test_a_time_touches_the_days_of_the_services_zone_and_ends_before_its_end(start, end, zone, expected):
    days = days_between(*days_touched(utc(start), utc(end), zone))
    assert [day.isoformat() for day in days] == expected


def test_a_freeze_is_met_by_the_local_day_and_not_by_that_of_utc():
    freezes = (YEAR_END, MONTH_CLOSE)

    def met(start, end, zone):
        return tuple(freeze for freeze, _ in freezes_met(freezes, start, end, zone))

    night = (utc("2026-12-17T22:30"), utc("2026-12-17T23:30"))
    assert met(*night, AMSTERDAM) == (YEAR_END,)
    assert met(*night, NEW_YORK) == ()
    assert met(utc("2026-12-27T12:00"), utc("2026-12-28T12:00"), AMSTERDAM) == freezes


@pytest.mark.parametrize(
    ("freeze", "first", "last", "expected"),
    [
        (YEAR_END, "2026-12-30", "2027-02-01", ["2026-12-18/2027-01-04"]),
        (YEAR_END, "2027-01-05", "2027-02-01", []),
        (MONTH_CLOSE, "2027-01-30", "2027-03-28", ["2027-01-28/2027-01-31", "2027-02-28/2027-02-28",
                                                   "2027-03-28/2027-03-31"]),
        (WEEKEND, "2026-11-24", "2026-12-05", ["2026-11-28/2026-11-29", "2026-12-05/2026-12-06"]),
        (WEEKEND, "2026-11-29", "2026-11-29", ["2026-11-28/2026-11-29"]),
        (LEAP_DAY, "2027-01-01", "2028-12-31", ["2027-12-24/2027-12-24", "2028-02-29/2028-02-29",
                                                "2028-12-24/2028-12-24"]),
    ],
)  # fmt: skip
def test_frozen_days_are_whole_spans_wherever_one_begins_to_look(freeze, first, last, expected):
    found = frozen_days(freeze, date.fromisoformat(first), date.fromisoformat(last))
    assert [f"{one.first}/{one.last}" for one in found] == expected


def test_days_that_run_from_one_month_into_the_next_stay_spans_of_their_own():
    edge = Freeze(name="Edge", kind="soft", every="month", days=[1, 31])
    found = frozen_days(edge, date(2026, 12, 31), date(2027, 1, 1))
    assert [(one.first, one.last) for one in found] == [
        (date(2026, 12, 31), date(2026, 12, 31)),
        (date(2027, 1, 1), date(2027, 1, 1)),
    ]


OFFICE = (window("mon tue wed thu", "09:00", "16:00"),)

NIGHT = (window("sat", "22:00", "24:00"), window("sun", "00:00", "03:00"))

CLOCKS = (window("sun", "02:30", "06:00"),)

UNTIL_SKIPPED = (window("sun", "01:00", "02:30"),)


@pytest.mark.parametrize(
    ("windows", "start", "end", "expected"),
    [
        ((), "2026-11-28T03:00", "2026-11-29T03:00", True),
        (OFFICE, "2026-11-24T08:00", "2026-11-24T15:00", True),
        (OFFICE, "2026-11-24T07:59", "2026-11-24T15:00", False),
        (OFFICE, "2026-11-24T08:00", "2026-11-24T15:01", False),
        (OFFICE, "2026-11-24T14:00", "2026-11-25T09:00", False),
        (OFFICE, "2026-11-27T10:00", "2026-11-27T11:00", False),
        (OFFICE, "2026-07-21T07:00", "2026-07-21T14:00", True),
        (NIGHT, "2026-11-28T21:00", "2026-11-29T02:00", True),
        (NIGHT, "2026-11-28T21:00", "2026-11-29T02:01", False),
        # The clocks go from 2:00 to 3:00: the window opens when they go on, at 1:00 UTC.
        (CLOCKS, "2026-03-29T01:00", "2026-03-29T04:00", True),
        (CLOCKS, "2026-03-29T00:59", "2026-03-29T04:00", False),
        (UNTIL_SKIPPED, "2026-03-29T00:00", "2026-03-29T01:00", True),
        (UNTIL_SKIPPED, "2026-03-29T00:00", "2026-03-29T01:01", False),
        # 2:30 comes twice: from the first one on, and until the second one.
        (CLOCKS, "2026-10-25T00:30", "2026-10-25T05:00", True),
        (UNTIL_SKIPPED, "2026-10-24T23:00", "2026-10-25T01:30", True),
    ],
)
def test_windows_allow_what_lies_wholly_in_them(windows, start, end, expected):
    assert within_windows(windows, utc(start), utc(end), AMSTERDAM) is expected
