"""Moments and people in sentences."""

from datetime import timedelta

import pytest

from messages.kit.text import between, told
from tests.conftest import MORNING


@pytest.mark.parametrize(("hours", "days_named"), [(1, 1), (11, 1), (12, 2), (24, 2), (80, 2)], ids=str)
def test_the_day_stands_once_where_the_time_alone_says_when_it_ends(hours, days_named):
    said = between(MORNING, MORNING + timedelta(hours=hours))
    assert said.count("{date_long_pretty}") == days_named
    assert said.count("{time}") == 2


def test_a_message_for_nobody_in_particular_begins_without_a_mention():
    assert (told("U0ANN"), told("")) == ("<@U0ANN> ", "")
