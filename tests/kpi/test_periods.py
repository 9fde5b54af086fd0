from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog.document import Catalog
from models.errors import Invalid
from models.kpi.arguments import parse_kpi_arguments
from models.kpi.buckets import CATEGORIES_LIMIT, buckets
from models.kpi.periods import Period, parse_period
from models.time.days import midnight
from tests.conftest import example_document

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
INSTANT = timedelta(microseconds=1)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM).astimezone(UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "start", "end", "before_start", "before_end"),
    [
        ("7d", (2026, 11, 17, 10), (2026, 11, 24, 10), (2026, 11, 10, 10), (2026, 11, 17, 10)),
        # 24 October is summer time: thirty calendar days are an hour longer than thirty times 24 hours
        ("31d", (2026, 10, 24, 10), (2026, 11, 24, 10), (2026, 9, 23, 10), (2026, 10, 24, 10)),
        ("12w", (2026, 9, 1, 10), (2026, 11, 24, 10), (2026, 6, 9, 10), (2026, 9, 1, 10)),
        ("12h", (2026, 11, 23, 22), (2026, 11, 24, 10), (2026, 11, 23, 10), (2026, 11, 23, 22)),
        ("month", (2026, 11, 1), (2026, 11, 24, 10), (2026, 10, 1), (2026, 10, 24, 10)),
        ("Quarter", (2026, 10, 1), (2026, 11, 24, 10), (2026, 7, 1), (2026, 8, 24, 10)),
        ("year", (2026, 1, 1), (2026, 11, 24, 10), (2025, 1, 1), (2025, 11, 24, 10)),
    ],
)
def test_a_running_period_ends_now_and_is_compared_with_as_much_of_what_came_before(
    text: str,
    start: tuple[int, ...],
    end: tuple[int, ...],
    before_start: tuple[int, ...],
    before_end: tuple[int, ...],
) -> None:
    period = parse_period(text, NOW, AMSTERDAM)

    assert period.now.start == local(*start)
    assert period.now.end - INSTANT == local(*end) == NOW
    assert period.before.start == local(*before_start)
    assert abs(period.before.end - local(*before_end)) <= INSTANT


@pytest.mark.parametrize(
    ("text", "start", "end", "before_start"),
    [
        ("2016-03-01..2016-12-31", (2016, 3, 1), (2017, 1, 1), (2015, 4, 30)),
        ("2016-02-29", (2016, 2, 29), (2016, 3, 1), (2016, 2, 28)),
        ("2016-3-1..2016-3-31", (2016, 3, 1), (2016, 4, 1), (2016, 1, 30)),
    ],
)
def test_dates_are_whole_days_of_the_zone_first_and_last_included(
    text: str, start: tuple[int, ...], end: tuple[int, ...], before_start: tuple[int, ...]
) -> None:
    period = parse_period(text, NOW, AMSTERDAM)

    assert (period.now.start, period.now.end) == (local(*start), local(*end))
    assert (period.before.start, period.before.end) == (local(*before_start), local(*start))


def test_a_range_that_is_still_running_counts_and_compares_what_has_passed_of_it() -> None:
    period = parse_period("2026-11-23..2026-11-26", NOW, AMSTERDAM)

    assert period.now.end == NOW + INSTANT
    assert period.before.start == local(2026, 11, 19)
    assert period.before.end - INSTANT == local(2026, 11, 20, 10)
    assert period.before_words == "the same stretch of the 4 days before"


def test_the_stretch_compared_with_never_runs_into_the_period_itself() -> None:
    last_of_march = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)

    period = parse_period("month", last_of_march, AMSTERDAM)

    assert period.before.end == period.now.start == local(2026, 3, 1)


def test_the_first_moment_of_a_year_has_a_year_before() -> None:
    period = parse_period("year", local(2026, 1, 1), AMSTERDAM)

    assert period.now.start == local(2026, 1, 1)
    assert period.before.start == local(2025, 1, 1)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("2016-12-31..2016-03-01", "ends before it begins"),
        ("2016-02-30", "no day of the calendar"),
        ("2016-13-01..2016-14-01", "no day of the calendar"),
        ("2026-12-01..2026-12-24", "still to come"),
        ("0001-01-01..2016-01-01", "before 1 Jan 1980"),
        ("1980-01-01..2016-01-01", "longer than ten years"),
        ("9999w", "longer than ten years"),
        ("99999999999d", "longer than ten years"),
        ("0d", "no time at all"),
        ("7x", "not a period"),
        ("2016", "not a period"),
        ("2016-03-01..", "not a period"),
        ("20160301", "not a period"),
        ("", "not a period"),
    ],
)
def test_what_is_no_period_is_said_with_what_to_write(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        parse_period(text, NOW, AMSTERDAM)


@pytest.fixture
def catalog() -> Catalog:
    return Catalog.model_validate(example_document())


@pytest.mark.parametrize(
    ("text", "period", "services"),
    [
        ("", "30d", ()),
        ("pay", "30d", ("PAY",)),
        ("quarter PAY", "quarter", ("PAY",)),
        ("web shop 12W", "12w", ("WEB",)),
        ("Payments, 7d.", "7d", ("PAY",)),
        ("2016-03-01 .. 2016-12-31 web", "2016-03-01..2016-12-31", ("WEB",)),
        ("2016-03-01…2016-12-31", "2016-03-01..2016-12-31", ()),
    ],
)
def test_period_and_service_are_read_in_any_order(
    catalog: Catalog, text: str, period: str, services: tuple[str, ...]
) -> None:
    scope = parse_kpi_arguments(text, catalog, NOW)

    assert (scope.period.text, scope.services) == (period, services)


def test_days_are_those_of_the_service(catalog: Catalog) -> None:
    document = example_document()
    document["services"][0]["timezone"] = "America/New_York"

    scope = parse_kpi_arguments("2016-03-01 pay", Catalog.model_validate(document), NOW)

    assert scope.period.now.start == datetime(2016, 3, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("billing", "'billing' is no period and no service.*PAY, WEB"),
        ("pay web", "'pay web' is no period and no service"),
        ("7d 30d", "7d and 30d are two periods"),
        ("7y pay", "'7y' is not a period"),
    ],
)
def test_what_is_neither_period_nor_service_is_named(catalog: Catalog, text: str, complaint: str) -> None:
    with pytest.raises(Invalid, match=complaint):
        parse_kpi_arguments(text, catalog, NOW)


@pytest.mark.parametrize(
    ("text", "unit", "first", "last", "count"),
    [
        ("7d", "day", "17 Nov", "24 Nov", 8),
        ("30d", "week", "25 Oct", "23 Nov", 6),
        ("12w", "week", "1 Sep", "23 Nov", 13),
        ("quarter", "week", "1 Oct", "23 Nov", 9),
        ("2016-03-01..2016-12-31", "month", "Mar 2016", "Dec 2016", 10),
        ("2016-11-15..2020-02-14", "quarter", "Q4 2016", "Q1 2020", 14),
        ("2017-01-01..2026-01-01", "year", "2017", "2026", 10),
        ("2016-03-01", "day", "1 Mar", "1 Mar", 1),
    ],
)
def test_a_chart_has_the_finest_unit_that_fits(text: str, unit: str, first: str, last: str, count: int) -> None:
    cut = buckets(parse_period(text, NOW, AMSTERDAM))

    assert (cut.unit, cut.each[0].label, cut.each[-1].label, len(cut.each)) == (unit, first, last, count)


def test_weeks_begin_on_monday_at_midnight_of_the_zone() -> None:
    cut = buckets(parse_period("30d", NOW, AMSTERDAM))

    assert [one.end for one in cut.each[:2]] == [local(2026, 10, 26), local(2026, 11, 2)]
    assert cut.each[-1].end == NOW + INSTANT


ZONES = st.sampled_from(
    ["UTC", "Europe/Amsterdam", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia"]
).map(ZoneInfo)
FIRST = datetime(1995, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 35 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
LENGTHS = st.tuples(st.integers(1, 500), st.sampled_from("hdw")).map(lambda span: f"{span[0]}{span[1]}")


def assert_whole(period: Period) -> None:
    """A period follows the one it is compared with, and its chart covers it without gap or overlap."""
    assert period.before.start < period.before.end <= period.now.start < period.now.end
    ends = [one.end for one in buckets(period).each]
    assert ends == sorted(ends)
    assert period.now.start <= ends[0]
    assert ends[-1] == period.now.end
    assert 1 <= len(ends) <= CATEGORIES_LIMIT
    labels = [one.label for one in buckets(period).each]
    assert len(set(labels)) == len(labels)
    assert max(len(label) for label in labels) <= 20


@given(LENGTHS, MOMENTS, ZONES)
def test_the_last_days_are_whole_in_every_zone(text: str, now: datetime, zone: ZoneInfo) -> None:
    assert_whole(parse_period(text, now, zone))


@given(st.sampled_from(["month", "quarter", "year"]), MOMENTS, ZONES)
def test_calendar_periods_are_whole_in_every_zone(text: str, now: datetime, zone: ZoneInfo) -> None:
    assert_whole(parse_period(text, now, zone))


@given(st.dates(date(1995, 1, 1), date(2030, 1, 1)), st.integers(0, 3600), ZONES)
def test_ranges_are_whole_in_every_zone(first: date, days: int, zone: ZoneInfo) -> None:
    last = first + timedelta(days=days)
    assert_whole(parse_period(f"{first}..{last}", midnight(first, zone) + timedelta(hours=1), zone))
