"""Time zones as calendar programs read them, compared with the machine's own."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from messages.calendar.zones import time_zone

ZONES = [
    "Europe/Amsterdam",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Etc/UTC",
]


@pytest.mark.parametrize("name", ZONES)
def test_each_hour_has_the_offset_of_the_zone(name):
    described, meant = time_zone(name, 2026, 2027).to_tz(lookup_tzid=False), ZoneInfo(name)
    for hour in range(2 * 365 * 24):
        wall = datetime.fromisoformat("2026-01-01") + timedelta(hours=hour)
        if _shown_once(wall, meant):
            assert wall.replace(tzinfo=described).utcoffset() == wall.replace(tzinfo=meant).utcoffset(), wall


def _shown_once(wall, zone):
    """Whether clocks show ``wall`` just once; programs differ about other times, and none of ours are sent."""
    return wall.replace(tzinfo=zone).utcoffset() == wall.replace(tzinfo=zone, fold=1).utcoffset()


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("Europe/Amsterdam", ["FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10"]),
        ("America/New_York", ["FREQ=YEARLY;BYDAY=2SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11"]),
        ("Asia/Kolkata", []),
        ("Africa/Casablanca", []),
        ("America/Santiago", []),
    ],
)
def test_clocks_that_are_set_by_a_rule_are_described_by_it(name, rules):
    parts = time_zone(name, 2026, 2026).subcomponents
    assert [part["RRULE"].to_ical().decode() for part in parts if "RRULE" in part] == rules


def test_a_change_is_told_by_the_clock_that_went_until_then():
    summer, winter = time_zone("Europe/Amsterdam", 2026, 2026).subcomponents
    assert (summer.name, summer["DTSTART"].dt) == ("DAYLIGHT", datetime.fromisoformat("2025-03-30T02:00"))
    assert (winter.name, winter["DTSTART"].dt) == ("STANDARD", datetime.fromisoformat("2025-10-26T03:00"))


def test_a_zone_is_written_the_same_each_time():
    assert (
        time_zone("Europe/Amsterdam", 2026, 2027).to_ical() == time_zone("Europe/Amsterdam", 2026, 2027).to_ical()
    )
