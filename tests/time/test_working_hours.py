"""Working time skips nights, weekends and changes of the clocks."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.time.spans import Span
from models.time.working_hours import CLOSES, OPENS, WEEKEND, working_after, working_span
from tests.conftest import MORNING

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

ZONES = ("Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe", "UTC")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "length", "after"),
    [
        # Tuesday within one day, over the night, and to the very end of work.
        ("2026-11-24T10:00+01:00", "4h", "2026-11-24T14:00+01:00"),
        ("2026-11-24T16:00+01:00", "4h", "2026-11-25T12:00+01:00"),
        ("2026-11-24T13:00+01:00", "4h", "2026-11-24T17:00+01:00"),
        # Before and after work, Friday evening, Saturday.
        ("2026-11-24T05:00+01:00", "30m", "2026-11-24T09:30+01:00"),
        ("2026-11-24T17:00+01:00", "30m", "2026-11-25T09:30+01:00"),
        ("2026-11-27T16:30+01:00", "1h", "2026-11-30T09:30+01:00"),
        ("2026-11-28T12:00+01:00", "4h", "2026-11-30T13:00+01:00"),
        # More hours than a day has.
        ("2026-11-24T10:00+01:00", "20h", "2026-11-26T14:00+01:00"),
        # Days keep the time of day and leave the weekend out; a week is five of them.
        ("2026-11-24T10:00+01:00", "1d", "2026-11-25T10:00+01:00"),
        ("2026-11-27T15:00+01:00", "1d", "2026-11-30T15:00+01:00"),
        ("2026-11-28T15:00+01:00", "1d", "2026-12-01T09:00+01:00"),
        ("2026-11-24T10:00+01:00", "5d", "2026-12-01T10:00+01:00"),
        ("2026-11-24T10:00+01:00", "1w", "2026-12-01T10:00+01:00"),
        # Over both changes of the clocks, by the clock on the wall.
        ("2026-10-23T15:00+02:00", "4h", "2026-10-26T11:00+01:00"),
        ("2026-10-23T15:00+02:00", "1d", "2026-10-26T15:00+01:00"),
        ("2026-03-27T15:00+01:00", "4h", "2026-03-30T11:00+02:00"),
    ],
)
def test_working_time_leaves_out_when_nobody_works(moment, length, after):
    assert working_after(at(moment), working_span(length), AMSTERDAM) == at(after)


moments = st.integers(0, 730 * 24 * 60).map(lambda minutes: MORNING + timedelta(minutes=minutes))

spans = st.builds(Span, days=st.integers(0, 30), seconds=st.integers(0, 60 * 3600))

zones = st.sampled_from(ZONES).map(ZoneInfo)


@given(moment=moments, span=spans, zone=zones)
def test_the_end_is_in_working_hours_and_never_earlier(moment, span, zone):
    end = working_after(moment, span, zone)
    assert end >= moment
    local = end.astimezone(zone)
    assert local.weekday() not in WEEKEND
    assert OPENS <= local.time() <= CLOSES


@given(moment=moments, first=st.integers(0, 40 * 3600), second=st.integers(0, 40 * 3600), zone=zones)
def test_hours_can_be_added_one_after_the_other(moment, first, second, zone):
    whole = working_after(moment, Span(seconds=first + second), zone)
    in_two = working_after(working_after(moment, Span(seconds=first), zone), Span(seconds=second), zone)
    # Five in the afternoon and nine the next morning are the same in working time.
    nothing = Span(seconds=1)
    assert in_two == whole or working_after(in_two, nothing, zone) == working_after(whole, nothing, zone)


@given(moment=moments, later=st.timedeltas(timedelta(0), timedelta(days=9)), span=spans, zone=zones)
def test_who_begins_later_ends_no_earlier(moment, later, span, zone):
    assert working_after(moment, span, zone) <= working_after(moment + later, span, zone)
