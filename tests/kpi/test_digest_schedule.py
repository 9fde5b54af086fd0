from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog.document import Catalog, Digest
from models.kpi.digest_schedule import digest_due_at, digests_by_key, due_digests, next_digest_at

EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def catalog(*found: dict[str, Any], zone: str = "UTC") -> Catalog:
    return Catalog.model_validate({"timezone": zone, "digests": list(found)})


def digest(at: str = "09:00", **fields: Any) -> dict[str, Any]:
    return {"channel": "C0MGMT", "at": at, **fields}


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("at", "zone", "day", "moment"),
    [
        ("09:00", "Europe/Amsterdam", date(2026, 7, 1), utc(2026, 7, 1, 7)),
        ("09:00", "Europe/Amsterdam", date(2026, 11, 24), utc(2026, 11, 24, 8)),
        ("02:30", "Europe/Amsterdam", date(2026, 3, 29), utc(2026, 3, 29, 1)),
        ("02:30", "Europe/Amsterdam", date(2026, 10, 25), utc(2026, 10, 25, 0, 30)),
        ("00:00", "Asia/Beirut", date(2026, 3, 29), utc(2026, 3, 28, 22)),
        ("02:15", "Australia/Lord_Howe", date(2026, 10, 4), utc(2026, 10, 3, 15, 30)),
        ("23:30", "America/Nuuk", date(2026, 3, 28), utc(2026, 3, 29, 1)),
    ],
)
def test_a_skipped_time_is_due_when_the_clocks_go_on_and_a_repeated_one_at_first(
    at: str, zone: str, day: date, moment: datetime
) -> None:
    assert digest_due_at(Digest.model_validate(digest(at)), day, ZoneInfo(zone)) == moment


@pytest.mark.parametrize(
    ("now", "days"),
    [
        (utc(2026, 11, 24, 8, 59), []),
        (utc(2026, 11, 24, 9, 0), [date(2026, 11, 24)]),
        (utc(2026, 11, 24, 23, 59), [date(2026, 11, 24)]),
        (utc(2026, 11, 25, 0, 0), []),
        (utc(2026, 11, 28, 12, 0), []),
    ],
)
def test_a_digest_is_due_from_its_time_until_its_day_ends_and_only_on_its_days(
    now: datetime, days: list[date]
) -> None:
    assert [one.day for one in due_digests(catalog(digest()), now)] == days


def test_the_day_is_that_of_the_digests_own_zone() -> None:
    found = due_digests(catalog(digest("00:30", timezone="Asia/Tokyo"), zone="UTC"), utc(2026, 11, 23, 16, 0))

    assert [(one.day, str(one.zone)) for one in found] == [(date(2026, 11, 24), "Asia/Tokyo")]


def test_a_digest_whose_last_hour_the_clocks_skip_comes_as_the_next_day_begins() -> None:
    spring = catalog(digest("23:30", timezone="America/Nuuk", days=["sat"]))

    assert [one.day for one in due_digests(spring, utc(2026, 3, 29, 1, 0))] == [date(2026, 3, 28)]
    assert due_digests(spring, utc(2026, 3, 29, 0, 59)) == []


def test_several_digests_of_one_channel_are_told_apart_by_their_order_and_not_by_their_time() -> None:
    morning, evening = digest("09:00"), digest("17:00")

    assert list(digests_by_key(catalog(morning, evening, digest(channel="C0PAY")))) == [
        "C0MGMT",
        "C0MGMT#2",
        "C0PAY",
    ]
    assert list(digests_by_key(catalog(digest("10:00"), evening))) == ["C0MGMT", "C0MGMT#2"]


def test_the_next_digest_passes_over_days_without_one() -> None:
    friday_noon = utc(2026, 11, 27, 12, 0)

    assert next_digest_at(catalog(digest()), friday_noon) == utc(2026, 11, 30, 9, 0)
    assert next_digest_at(catalog(), friday_noon) is None


ZONES = ["UTC", "Europe/Amsterdam", "America/Nuuk", "Asia/Beirut", "Australia/Lord_Howe", "America/St_Johns"]


@given(
    at=st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda time: f"{time[0]:02}:{time[1]:02}"),
    zone=st.sampled_from(ZONES),
    days=st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(sorted),
    begin=st.integers(0, 365 * 24),
    steps=st.lists(st.integers(1, 50 * 60), min_size=1, max_size=30),
)
def test_however_time_passes_each_digest_is_due_at_most_once_a_day_and_never_before_its_time(
    at: str, zone: str, days: list[str], begin: int, steps: list[int]
) -> None:
    plan = catalog(digest(at, timezone=zone, days=days))
    now = utc(2026, 1, 1) + timedelta(hours=begin)
    seen: set[date] = set()
    for minutes in steps:
        expected = next_digest_at(plan, now)
        now += timedelta(minutes=minutes)
        fresh = {one.day for one in due_digests(plan, now)} - seen
        assert all(EVERY_DAY[day.weekday()] in days for day in fresh)
        assert len(fresh) <= 1
        if fresh and seen:
            assert expected is not None
            assert now >= expected
        seen |= fresh


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", ["00:00", "02:30", "23:30"])
def test_no_day_of_a_year_is_left_out(at: str, zone: str) -> None:
    plan = catalog(digest(at, timezone=zone, days=EVERY_DAY))
    for number in range(365):
        day = date(2026, 1, 1) + timedelta(days=number)
        moment = digest_due_at(plan.digests[0], day, ZoneInfo(zone))

        assert day in [one.day for one in due_digests(plan, moment)]
        assert day not in [one.day for one in due_digests(plan, moment - timedelta(minutes=1))]


def test_a_digest_cannot_look_back_further_than_figures_do() -> None:
    with pytest.raises(ValueError, match="ten years at most"):
        catalog(digest(period="9999w"))
    assert catalog(digest(period="520w")).digests[0].period == "520w"
