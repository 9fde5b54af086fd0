"""A catalog that is written back is read as the same catalog."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.catalog.document import Catalog
from models.catalog.export import export_catalog
from models.catalog.mistakes import CatalogMistakes
from models.catalog.reader import read_catalog
from tests.catalog.test_reading_anything import JUNK, PLACES, put, written
from tests.conftest import DATA, example_document
from tests.slack_limits import HOSTILE

EXAMPLE = read_catalog((DATA / "catalog.yaml").read_bytes())


def again(catalog: Catalog) -> Catalog:
    return read_catalog(export_catalog(catalog).encode())


def test_the_example_is_the_same_when_it_is_read_again() -> None:
    assert again(EXAMPLE) == EXAMPLE
    assert export_catalog(again(EXAMPLE)) == export_catalog(EXAMPLE)


def test_roles_and_types_keep_the_order_in_which_they_were_written() -> None:
    kept = again(EXAMPLE)
    assert [list(one.roles) for one in kept.services] == [list(one.roles) for one in EXAMPLE.services]
    assert [list(one.policy.types) for one in kept.services] == [list(one.policy.types) for one in EXAMPLE.services]


@pytest.mark.parametrize(
    "line",
    [
        "version: 1",
        "    roles:\n      release_manager: [U0RITA]\n",
        '        - {days: [mon, tue, wed, thu], from: "09:00", to: "16:00"}\n',
        "        - {name: Year end, kind: hard, from: 2026-12-18, to: 2027-01-04}\n",
        'version: 9.1.0, compatible_with: {pay-db: ">=14,<16"}}\n',
        'name: Payments database, version: "15.4"}\n',
        "      entry:\n        - Every change in the package is authorised\n        - Test strategy",
    ],
)
def test_it_is_written_as_people_write_it(line: str) -> None:
    assert line in export_catalog(EXAMPLE)


def test_what_is_so_by_default_is_left_out_and_no_anchor_is_invented() -> None:
    text = export_catalog(EXAMPLE)
    assert "one_rejection_stops" not in text
    assert "&id" not in text


@pytest.mark.parametrize(
    "text", ["09:30", "yes", "null", "1_000", "# no comment", "a: b", "*x", "'", '"', "é 🚀", "- x", HOSTILE[:75]]
)
def test_every_text_comes_back_as_it_was(text: str) -> None:
    document = example_document()
    document["services"][0]["name"] = text
    catalog = Catalog.model_validate(document)
    assert again(catalog) == catalog


def test_people_who_run_pipelines_come_back_as_they_were() -> None:
    document = example_document() | {"actors": {"github:Ann": "U0ANN", "azure:ann@example.com": "U0ANN"}}
    catalog = Catalog.model_validate(document)
    assert again(catalog) == catalog
    assert again(catalog).people_by_actor["github:ann"] == "U0ANN"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=4))
def test_any_catalog_that_can_be_read_is_the_same_when_it_is_read_again(changes) -> None:
    document = copy.deepcopy(example_document())
    for path, value in changes:
        put(document, path, value)
    try:
        catalog = read_catalog(written(document))
    except CatalogMistakes:
        return
    assert again(catalog) == catalog
