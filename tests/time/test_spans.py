"""Lengths of time as the catalog writes them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.time.spans import Span, parse_offset, parse_span, say_span

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

TEN_ON_THURSDAY = datetime(2026, 10, 29, 10, 0, tzinfo=AMSTERDAM)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("30m", Span(seconds=1800)),
        ("4h", Span(seconds=14400)),
        ("2d", Span(days=2)),
        ("1w", Span(days=7)),
        (" 0d ", Span()),
    ],
)
def test_a_length_is_read(text, span):
    assert parse_span(text) == span


@pytest.mark.parametrize(
    ("text", "span"),
    [("T-7d", Span(days=-7)), ("T+4h", Span(seconds=14400)), ("T", Span()), ("T-30m", Span(seconds=-1800))],
)
def test_a_due_date_is_read(text, span):
    assert parse_offset(text) == span


@pytest.mark.parametrize("text", ["", "4", "h", "4 h", "-4h", "4hours", "4y", "99999d", "٣d"])
def test_what_is_no_length_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="write for example 30m, 4h, 2d or 1w"):
        parse_span(text)


@pytest.mark.parametrize("text", ["", "7d", "T7d", "t-7d", "T-", "T--7d", "T-7"])
def test_what_is_no_due_date_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"write for example T-7d, T\+4h or T"):
        parse_offset(text)


def test_days_keep_the_time_of_day_when_the_clocks_change():
    week_before = Span(days=7).before(TEN_ON_THURSDAY, AMSTERDAM)
    assert week_before == datetime(2026, 10, 22, 10, 0, tzinfo=AMSTERDAM)
    assert week_before.tzinfo is UTC
    assert TEN_ON_THURSDAY.astimezone(UTC) - week_before == timedelta(days=7, hours=1)


def test_hours_are_exact_when_the_clocks_change():
    late = datetime(2026, 10, 25, 0, 30, tzinfo=AMSTERDAM)
    assert Span(seconds=4 * 3600).after(late, AMSTERDAM) == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


def test_a_moment_in_utc_is_counted_on_the_calendar_of_its_zone():
    moment = TEN_ON_THURSDAY.astimezone(UTC)
    assert Span(days=-7).after(moment, AMSTERDAM) == datetime(2026, 10, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("3d", "3 days"),
        ("1d", "1 day"),
        ("2w", "2 weeks"),
        ("1h", "1 hour"),
        ("30m", "30 minutes"),
        ("soon", "soon"),
    ],
)
def test_a_length_of_time_is_said_as_people_say_it(written, said):
    assert say_span(written) == said
