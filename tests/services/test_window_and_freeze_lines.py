"""Windows and freezes as lines: they round-trip, and mistakes say how to write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog.document import Freeze, Window
from models.services.window_and_freeze_lines import freeze_line, read_freeze, read_window, text_lines, window_line
from models.time.days import WEEKDAYS

DAYS = st.sets(st.sampled_from(WEEKDAYS), min_size=1).map(lambda days: [day for day in WEEKDAYS if day in days])


@given(DAYS, st.integers(0, 22), st.integers(0, 59))
def test_a_window_is_read_as_it_was_written(days, hour, minute):
    window = {"days": days, "from": f"{hour:02}:{minute:02}", "to": "23:30"}
    assert read_window(window_line(Window.model_validate(window))) == window


@pytest.mark.parametrize(
    "freeze",
    [
        {"name": "Year end", "kind": "hard", "from": "2026-12-18", "to": "2027-01-04"},
        {"name": "Month close", "kind": "soft", "every": "month", "days": [28, 29, 30, 31]},
        {"name": "Weekend", "kind": "soft", "every": "week", "days": ["sat", "sun"]},
        {"name": "Audit: external", "kind": "hard", "every": "year", "days": ["12-24"]},
    ],
)
def test_a_freeze_is_read_as_it_was_written(freeze):
    assert read_freeze(freeze_line(Freeze.model_validate(freeze))) == freeze


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mon-thu 09:00-16:00", ["mon", "tue", "wed", "thu"]),
        ("Mon, Wed 09:00 - 16:00", ["mon", "wed"]),
        ("sat-sun 00:00-24:00", ["sat", "sun"]),
    ],
)
def test_days_are_read_in_the_ways_people_write_them(line, expected):
    assert read_window(line)["days"] == expected


@pytest.mark.parametrize("line", ["09:00-16:00", "mon", "mon 9-16", "monday 09:00-16:00", "thu-mon 09:00-16:00"])
def test_what_is_no_window_is_refused_with_an_example(line):
    with pytest.raises(ValueError, match="write"):
        read_window(line)


@pytest.mark.parametrize("line", ["Year end", "hard 2026-12-18 to 2027-01-04", "A: firm every month 1", "A: soft"])
def test_what_is_no_freeze_is_refused_with_an_example(line):
    with pytest.raises(ValueError, match="write for example"):
        read_freeze(line)


def test_empty_lines_say_nothing():
    assert text_lines(" \n one  line \n\n") == ["one line"]
