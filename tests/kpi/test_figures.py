"""The arithmetic of figures, and conflicts between windows."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.catalog.document import Catalog
from models.catalog.related_services import related
from models.kpi.figures import Compared, Ratio, Unresolved
from models.lifecycle.overlaps import Planned, conflicts
from tests.conftest import example_document

START = datetime(2026, 11, 26, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 0, None), (0, 5, 0), (5, 5, 100), (22, 36, 61), (1, 8, 13), (249, 250, 99), (1, 1000, 1), (1, 2, 50)],
)
def test_all_and_none_are_said_only_when_true_and_nothing_is_no_data(
    part: int, whole: int, percent: int | None
) -> None:
    assert Ratio(part, whole).percent == percent


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_percent_is_within_one_point_of_the_ratio(part: int, whole: int) -> None:
    part = min(part, whole)
    percent = Ratio(part, whole).percent

    assert percent is not None
    assert abs(percent - 100 * part / whole) < 1


@pytest.mark.parametrize(
    ("now", "before", "change"),
    [
        (Ratio(25, 26), Ratio(23, 25), 4),
        (Ratio(1, 2), Ratio(1, 2), 0),
        (Ratio(0, 0), Ratio(1, 2), None),
        (Ratio(1, 2), Ratio(0, 0), None),
    ],
)
def test_a_share_moves_in_points_between_the_percents_shown(now: Ratio, before: Ratio, change: int | None) -> None:
    assert Compared(now, before).change == change


def test_a_number_moves_by_itself() -> None:
    assert Compared(Unresolved(7, 2), Unresolved(8, 0)).change == -1


def planned(identity: int, service: str, start: int, end: int) -> Planned:
    return Planned(identity, f"R{identity}", service, START + timedelta(hours=start), START + timedelta(hours=end))


TOGETHER = {"PAY": frozenset({"PAY", "WEB"}), "WEB": frozenset({"PAY", "WEB"}), "HR": frozenset({"HR"})}


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        (planned(1, "PAY", 0, 2), planned(2, "PAY", 1, 3), True),
        (planned(1, "PAY", 0, 2), planned(2, "PAY", 2, 3), False),
        (planned(1, "PAY", 0, 9), planned(2, "WEB", 3, 4), True),
        (planned(1, "PAY", 0, 9), planned(2, "HR", 3, 4), False),
        (planned(1, "OLD", 0, 9), planned(2, "OLD", 3, 4), True),
        (planned(1, "OLD", 0, 9), planned(2, "PAY", 3, 4), False),
    ],
)
def test_windows_that_overlap_conflict_where_services_hang_together(
    first: Planned, second: Planned, clash: bool
) -> None:
    expected = {1: ("R2",), 2: ("R1",)} if clash else {}

    assert conflicts([second, first], TOGETHER) == expected


@given(
    st.lists(st.tuples(st.sampled_from(["PAY", "WEB", "HR"]), st.integers(0, 40), st.integers(1, 9)), max_size=12)
)
def test_conflicts_are_those_that_comparing_every_pair_finds(windows: list[tuple[str, int, int]]) -> None:
    rows = [
        planned(index, service, start, start + length) for index, (service, start, length) in enumerate(windows)
    ]

    found = {(release, other) for release, others in conflicts(rows, TOGETHER).items() for other in others}

    assert found == {
        (one.id, other.identifier)
        for one in rows
        for other in rows
        if one is not other
        and other.service in TOGETHER[one.service]
        and one.start < other.end
        and other.start < one.end
    }


def test_services_hang_together_along_dependencies_up_and_down_but_not_sideways() -> None:
    document = example_document()
    web = document["services"][1]
    document["services"] += [
        {**web, "key": "APP", "channel": "C0APP", "depends_on": ["WEB"]},
        {**web, "key": "POS", "channel": "C0POS", "depends_on": ["PAY"]},
    ]

    together = related(Catalog.model_validate(document))

    assert together["PAY"] == {"PAY", "WEB", "APP", "POS"}
    assert together["APP"] == {"APP", "WEB", "PAY"}
    assert together["POS"] == {"POS", "PAY"}
