"""Which bookings fit where, as tables. Times are hours of one day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.environments.time_slots import (
    Use,
    first_served,
    fits,
    give_way,
    held_time,
    held_until,
    next_free,
    overlapping,
    remind_at,
    shortened_to,
)

DAY = datetime(2026, 11, 24, tzinfo=UTC)


def at(hour: float) -> datetime:
    return DAY + timedelta(hours=hour)


def uses(*spans: tuple[float, float]) -> list[Use]:
    return [Use(number, at(start), at(end)) for number, (start, end) in enumerate(spans, 1)]


@pytest.mark.parametrize(
    ("taken", "start", "end", "capacity", "free"),
    [
        ([], 9, 12, 1, True),
        ([(9, 12)], 12, 14, 1, True),
        ([(9, 12)], 7, 9, 1, True),
        ([(9, 12)], 11, 14, 1, False),
        ([(9, 12)], 10, 11, 1, False),
        ([(9, 12)], 8, 13, 1, False),
        ([(9, 12)], 10, 11, 2, True),
        ([(9, 12), (9, 12)], 10, 11, 2, False),
        ([(9, 11), (11, 13)], 9, 13, 2, True),
        ([(9, 12), (11, 13)], 8, 14, 2, False),
        ([(9, 10), (10, 11), (11, 12)], 9, 12, 2, True),
        ([], 9, 12, 0, False),
    ],
)
def test_one_more_fits_where_a_place_is_free_all_the_time(taken, start, end, capacity, free):
    assert fits(uses(*taken), at(start), at(end), capacity) is free


@pytest.mark.parametrize(
    ("taken", "after", "hours", "capacity", "begins"),
    [
        ([], 9, 3, 1, 9),
        ([(8, 12)], 9, 3, 1, 12),
        ([(8, 12), (13, 15)], 9, 1, 1, 12),
        ([(8, 12), (13, 15)], 9, 2, 1, 15),
        ([(8, 12), (8, 10)], 9, 2, 2, 10),
        ([(9, 12)], 7, 2, 1, 7),
    ],
)
def test_the_next_free_time_is_the_first_gap_that_is_long_enough(taken, after, hours, capacity, begins):
    assert next_free(uses(*taken), at(after), timedelta(hours=hours), capacity) == at(begins)


@pytest.mark.parametrize(
    ("taken", "start", "end", "capacity", "leaving"),
    [
        ([], 9, 12, 1, []),
        ([(8, 10)], 9, 12, 1, [1]),
        ([(8, 10), (11, 14)], 9, 12, 1, [1, 2]),
        ([(8, 20), (9, 10), (11, 12)], 8, 20, 2, [2, 3]),
        ([(8, 12), (10, 12)], 9, 12, 2, [2]),
        ([(8, 12), (13, 14)], 9, 12, 1, [1]),
    ],
)
def test_the_latest_to_begin_give_way_and_nobody_who_need_not(taken, start, end, capacity, leaving):
    found = give_way(uses(*taken), at(start), at(end), capacity)
    assert [use.id for use in found] == leaving
    left = [use for use in uses(*taken) if use not in found]
    assert fits(left, at(start), at(end), capacity)
    assert all(not fits([*left, use], at(start), at(end), capacity) for use in found)


@pytest.mark.parametrize(
    ("waiting", "taken", "capacity", "now", "served"),
    [
        ([(9, 12)], [], 1, 8, [(1, 9, 12)]),
        ([(9, 12)], [], 1, 10, [(1, 10, 12)]),
        ([(9, 12)], [], 1, 12, []),
        ([(9, 12), (9, 12)], [], 1, 8, [(1, 9, 12)]),
        ([(9, 12), (12, 14)], [], 1, 8, [(1, 9, 12), (2, 12, 14)]),
        ([(9, 15), (12, 14)], [(9, 10)], 1, 8, [(2, 12, 14)]),
        ([(9, 12), (9, 12), (9, 12)], [], 2, 8, [(1, 9, 12), (2, 9, 12)]),
        ([(9, 12)], [], 0, 8, []),
    ],
)
def test_the_oldest_request_that_fits_is_served_first(waiting, taken, capacity, now, served):
    others = [Use(100 + use.id, use.start, use.end) for use in uses(*taken)]
    found = first_served(uses(*waiting), others, capacity, at(now))
    assert found == [Use(number, at(start), at(end)) for number, start, end in served]


def test_what_is_held_for_a_request_is_not_in_its_way_and_free_for_the_older_once_it_has_its_place():
    waiting = uses((13, 14), (9, 12))
    held = Use(2, at(13), at(16))
    assert first_served(waiting, [held], 1, at(8)) == [Use(2, at(9), at(12)), Use(1, at(13), at(14))]
    assert first_served(waiting[:1], [held], 1, at(8)) == []


@pytest.mark.parametrize(
    ("now", "start", "end", "until"),
    [
        (9, 10, 14, 10),
        (9, 50, 54, 33),
        (9, 9, 14, 10),
        (9, 9.5, 9.75, 9.75),
        (9, 33, 40, 33),
    ],
)
def test_an_offer_is_held_for_a_day_or_until_it_begins_but_an_hour_at_least(now, start, end, until):
    assert held_until(at(now), at(start), at(end)) == at(until)


@pytest.mark.parametrize(
    ("status", "until", "now", "held"),
    [
        ("waiting", 11, 9, True),
        ("waiting", 11, 10.5, True),
        ("waiting", 11, 11, False),
        ("waiting", 13, 12, False),
        ("waiting", None, 9, False),
        ("booked", 11, 9, False),
    ],
)
def test_an_offered_time_is_held_while_one_waits_and_hold_and_time_last(status, until, now, held):
    span = (at(10), at(12))
    ends = None if until is None else at(until)
    assert held_time(status, *span, ends, at(now)) == (span if held else None)


@pytest.mark.parametrize(
    ("span", "start", "now", "end"),
    [
        ((8, 12), 10, 9, 10),
        ((8, 12), 10, 11, 11),
        ((10, 12), 10, 9, None),
        ((11, 14), 10, 9, None),
        ((8, 12), 7, 9, 9),
    ],
)
def test_a_booking_that_gives_way_keeps_what_is_before_the_other(span, start, now, end):
    (one,) = uses(span)
    assert shortened_to(one, at(start), at(now)) == (None if end is None else at(end))


@pytest.mark.parametrize(
    ("start", "end", "reminded"), [(0, 24, 23), (0, 10, 9), (0, 5, 4.5), (0, 1, 0.9), (0, 120, 119)]
)
def test_the_holder_is_reminded_an_hour_or_a_tenth_before_the_end(start, end, reminded):
    assert remind_at(at(start), at(end)) == at(reminded)


def test_overlapping_uses_come_in_the_order_they_begin():
    assert [use.id for use in overlapping(uses((11, 13), (8, 10), (13, 14)), at(9), at(12))] == [2, 1]


spans = st.tuples(st.integers(0, 47), st.integers(1, 12)).map(lambda one: (one[0], one[0] + one[1]))


@given(st.lists(spans, max_size=8), st.lists(spans, max_size=8), st.integers(1, 3), st.integers(0, 24))
def test_whatever_is_asked_for_nobody_is_one_too_many(taken, asked, capacity, now):
    booked: list[Use] = []
    for use in uses(*taken):
        if fits(booked, use.start, use.end, capacity):
            booked.append(use)
    waiting = [Use(100 + use.id, use.start, use.end) for use in uses(*asked)]
    booked += first_served(waiting, booked, capacity, at(now))
    for hour in range(60):
        assert sum(use.start <= at(hour) < use.end for use in booked) <= capacity


@given(st.lists(spans, max_size=8), spans, st.integers(1, 3))
def test_a_proposed_time_is_free_and_whoever_gives_way_makes_room(taken, span, capacity):
    (wanted,) = uses(span)
    begins = next_free(uses(*taken), wanted.start, wanted.end - wanted.start, capacity)
    assert fits(uses(*taken), begins, begins + (wanted.end - wanted.start), capacity)
    leaving = give_way(uses(*taken), wanted.start, wanted.end, capacity)
    left = [use for use in uses(*taken) if use not in leaving]
    assert fits(left, wanted.start, wanted.end, capacity)
