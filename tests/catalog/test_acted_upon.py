"""Every field of the catalog has an effect: it is read outside of what reads, writes and edits the catalog."""

import ast

import pytest
from pydantic import BaseModel

from models.catalog import document
from models.releases.activities.gates import CRITERIA
from models.releases.request.content_changes import WORDS
from tests.architecture.modules import files, name, tree

ACTING = ("handlers", "messages", "models", "scheduler")
ABOUT_THE_CATALOG = (
    "models.catalog.",
    "models.services.",
    "messages.services.",
    "handlers.services",
    "models.migrations.",
)
HELPING = {
    f"models.catalog.{one}"
    for one in (
        "document",
        "freezes",
        "deployment_windows",
        "quorum",
        "related_services",
        "roles",
        "types_and_methods",
    )
}
"""Modules of the catalog's own folder that act on its fields."""

FORMAT = {"Catalog.version"}
"""It only says which format the file has."""

FIELDS = [
    (part.__name__, one)
    for part in vars(document).values()
    if isinstance(part, type) and issubclass(part, BaseModel) and part is not document.Part
    for one, field in part.model_fields.items()
    if not field.exclude and f"{part.__name__}.{one}" not in FORMAT
]


def _read() -> set[str]:
    """The attributes that acting modules read."""
    acting = [path for path in files(*ACTING) if not name(path).startswith(ABOUT_THE_CATALOG)]
    acting += [path for path in files("models") if name(path) in HELPING]
    return {
        node.attr
        for path in acting
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    }


READ = _read() | set(CRITERIA) | set(WORDS)
"""Criteria are read by the name of their gate, materiality by that of the field."""


@pytest.mark.parametrize(("part", "field"), FIELDS)
def test_a_field_is_read_where_it_makes_a_difference(part, field):
    assert field in READ, f"nobody acts on {part}.{field}"


@pytest.mark.parametrize("part", sorted({part for part, _ in FIELDS}))
def test_no_part_takes_a_field_that_nobody_knows(part):
    assert getattr(document, part).model_config["extra"] == "forbid"
