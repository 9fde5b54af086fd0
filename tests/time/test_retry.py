"""Waits before another try."""

import pytest

from models.time.retry import backoff, retry_after


@pytest.mark.parametrize(
    ("first", "longest", "seconds"),
    [
        (2.0, 300.0, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]),
        (30.0, 600.0, [30, 60, 120, 240, 480, 600, 600, 600, 600, 600]),
        (0.5, 30.0, [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30]),
    ],
    ids=["a message", "what a person can mend", "connecting"],
)
def test_waits_double_up_to_the_longest(first, longest, seconds):
    assert [backoff(attempts, first, longest) for attempts in range(1, 11)] == seconds


def test_any_number_of_tries_has_a_wait():
    assert backoff(100_000, 2.0, 300.0) == 300.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "30"}, 30.0),
        ({"retry-after": "7"}, 7.0),
        ({"RETRY-AFTER": "0.5", "Date": "Wed, 02 Dec 2026 10:00:00 GMT"}, 0.5),
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": ""}, 0.0),
        ({"Retry-After": "Wed, 02 Dec 2026 10:00:00 GMT"}, 0.0),
        ({"Retry-After": "nan"}, 0.0),
        ({"Retry-After": "inf"}, 0.0),
        ({"Date": "Wed, 02 Dec 2026 10:00:00 GMT"}, 0.0),
        ({}, 0.0),
        (None, 0.0),
    ],
)
def test_retry_after_is_read_in_seconds(headers, seconds):
    assert retry_after(headers) == seconds
