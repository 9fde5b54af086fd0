"""Moments as people type them: words, a moment in the person's time zone, and how many words say it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from models.time.moments import read_moment, say_with_zone

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
"""10:00 in Amsterdam."""


@pytest.mark.parametrize(
    ("typed", "moment", "used"),
    [
        ("18:00 Sale", "Tue 24 Nov 2026 18:00 UTC+1", 1),
        ("8:00 Sale", "Wed 25 Nov 2026 08:00 UTC+1", 1),
        ("10:00", "Wed 25 Nov 2026 10:00 UTC+1", 1),
        ("today 10:01", "Tue 24 Nov 2026 10:01 UTC+1", 2),
        ("tomorrow 18:00 Sale", "Wed 25 Nov 2026 18:00 UTC+1", 2),
        ("Tomorrow, at 18:00: sale", "Wed 25 Nov 2026 18:00 UTC+1", 3),
        ("18:00 tomorrow", "Wed 25 Nov 2026 18:00 UTC+1", 2),
        ("2026-12-01 08:00 Sale", "Tue 1 Dec 2026 08:00 UTC+1", 2),
        ("2026-12-01T08:00", "Tue 1 Dec 2026 08:00 UTC+1", 1),
        ("fri 08:00", "Fri 27 Nov 2026 08:00 UTC+1", 2),
        ("tuesday 18:00", "Tue 24 Nov 2026 18:00 UTC+1", 2),
        ("tuesday 09:00", "Tue 1 Dec 2026 09:00 UTC+1", 2),
        ("4h Sale", "Tue 24 Nov 2026 14:00 UTC+1", 1),
        ("30m", "Tue 24 Nov 2026 10:30 UTC+1", 1),
        ("2d", "Thu 26 Nov 2026 10:00 UTC+1", 1),
        ("4 hours until later", "Tue 24 Nov 2026 14:00 UTC+1", 2),
        ("2 days", "Thu 26 Nov 2026 10:00 UTC+1", 2),
    ],
)
def test_a_moment_is_read_as_people_type_it(typed, moment, used):
    read, words = read_moment(typed.split(), TUESDAY, AMSTERDAM)
    assert (say_with_zone(read, AMSTERDAM), words) == (f"{moment} (Europe/Amsterdam)", used)


def test_a_length_ends_with_its_last_minute():
    read, _ = read_moment(["4h"], TUESDAY.replace(second=1), AMSTERDAM)
    assert read == datetime(2026, 11, 24, 13, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2027-03-28 02:30", "Sun 28 Mar 2027 03:00 UTC+2"),
        ("2027-10-31 02:30", "Sun 31 Oct 2027 02:30 UTC+1"),
    ],
)
def test_a_time_that_clocks_skip_or_show_twice_is_the_later_moment(typed, moment):
    assert say_with_zone(read_moment(typed.split(), TUESDAY, AMSTERDAM)[0], AMSTERDAM).startswith(moment)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Write for example"),
        ("soon", "'soon' is no moment"),
        ("tomorrow", "Say the time, too: `tomorrow 18:00`"),
        ("2026-11-31 08:00", "There is no 2026-11-31"),
        ("9999-12-31 08:00", "too far away"),
        ("25:00", "is no moment"),
    ],
)
def test_what_is_no_moment_is_explained(typed, says):
    with pytest.raises(ValueError, match=says):
        read_moment(typed.split(), TUESDAY, AMSTERDAM)
