"""Reading any file at all ends in a catalog or in its mistakes, never in anything else."""

import contextlib
import copy
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.catalog.document import Catalog
from models.catalog.mistakes import CatalogMistakes, Path, dotted
from models.catalog.reader import read_catalog
from tests.conftest import DATA, example_document


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """The path to every value of the example."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inner:
        yield (*path, step)
        yield from places(item, (*path, step))


PLACES = list(places(example_document()))

NESTED = st.recursive(
    st.text(max_size=3) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=5,
)

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**20),
    st.floats(allow_nan=True),
    st.dates(date(1, 1, 1)),
    st.datetimes(),
    st.binary(max_size=4),
    st.text(max_size=12),
    st.sampled_from(["PAY", "owner", "T-1d", "24:00", "{sequence}", "U0RITA", "S0X", "mon", "*a", "2026-02-30"]),
    NESTED,
)


def put(document: dict[str, Any], path: Path, value: Any) -> None:
    """Put ``value`` at ``path``, if the path still exists."""
    here: Any = document
    with contextlib.suppress(KeyError, IndexError, TypeError):
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = value


def written(document: dict[str, Any]) -> bytes:
    """The document as YAML, with the writer in C if there is one, because there are many documents."""
    dumper = getattr(yaml, "CDumper", yaml.Dumper)
    return yaml.dump(document, Dumper=dumper, allow_unicode=True).encode()


def read(content: bytes) -> Catalog | None:
    """The catalog, or None after checking that each mistake has a line of the file and a sentence."""
    try:
        return read_catalog(content)
    except CatalogMistakes as error:
        mistakes = error.mistakes
    lines = max(len(content.decode(errors="replace").splitlines()), 1)
    assert mistakes
    assert [mistake for mistake in mistakes if not (1 <= mistake.line <= lines and mistake.sentence)] == []
    return None


KINDS = {tuple("#" if isinstance(step, int) else step for step in path): path for path in PLACES}
"""One place of each kind: the first window's start represents those of all windows."""

WRONG = (None, True, "x", [], {}, ["x", 1, None, []])


@pytest.mark.parametrize("path", KINDS.values(), ids=dotted)
def test_every_wrong_kind_of_value_in_every_place_is_read_or_explained(path):
    for value in WRONG:
        document = example_document()
        put(document, path, value)
        read(written(document))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=4))
def test_a_catalog_with_anything_in_any_place_is_read_or_explained(changes):
    document = copy.deepcopy(example_document())
    for path, value in changes:
        put(document, path, value)
    catalog = read(written(document))
    if catalog is not None:
        assert Catalog.model_validate(catalog.model_dump(mode="json", by_alias=True)) == catalog


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=60) | st.text("[]{}:-,&*!|>'\"%@` \n\tab1#?", max_size=40).map(str.encode))
def test_any_bytes_are_read_or_explained(content):
    read(content)


EXAMPLE = (DATA / "catalog.yaml").read_bytes()


@settings(max_examples=100, deadline=None)
@given(start=st.integers(0, len(EXAMPLE)), length=st.integers(0, 40), put_in=st.binary(max_size=4))
def test_a_damaged_catalog_is_read_or_explained(start, length, put_in):
    read(EXAMPLE[:start] + put_in + EXAMPLE[start + length :])
