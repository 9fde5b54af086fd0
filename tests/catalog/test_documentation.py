"""docs/catalog.md describes every field, and its example works."""

import re
import typing

from pydantic import BaseModel

from models.catalog import document
from models.catalog import field_types as values
from models.catalog.numbering import PLACEHOLDERS
from models.catalog.reader import read_catalog
from models.time.days import Weekday
from tests.architecture.modules import ROOT

TEXT = (ROOT / "docs" / "catalog.md").read_text()

PROSE = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)

QUOTED = re.findall(r"`([^`]+)`", PROSE)


def test_the_example_in_the_description_has_no_mistake():
    examples = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    assert examples
    for example in examples:
        assert read_catalog(example.encode()).services


def test_every_field_is_described():
    parts = [part for part in vars(document).values() if isinstance(part, type) and issubclass(part, BaseModel)]
    fields = {
        field.alias or name for part in parts for name, field in part.model_fields.items() if not field.exclude
    }
    written = set(re.findall(r"[\w-]+", " ".join(QUOTED)))
    assert fields - written == set()


def test_every_phase_weekday_and_placeholder_is_described():
    for word in (*typing.get_args(values.Phase), *typing.get_args(Weekday), *PLACEHOLDERS):
        assert word in QUOTED


def test_the_standard_methods_are_described():
    assert ", ".join(document.STANDARD_METHODS) in PROSE
