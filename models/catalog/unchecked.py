"""Looking at a catalog as it was written, right or wrong: what is not of the right kind counts as not there.

So that every check still finds what it can find when another part of the file is mistaken.
"""

from collections.abc import Iterator
from typing import Any

from models.catalog.mistakes import Path

Place = tuple[Path, Any]
"""A place in a catalog and what stands there."""


def mapping(value: Any) -> dict[str, Any]:
    """``value`` where it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def words(value: Any) -> list[str]:
    """The texts in ``value``, where it is a list."""
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """``value`` where it is a text that is not empty."""
    return value if isinstance(value, str) and value else None


def inside(place: Place, *steps: str) -> Place:
    """The place ``steps`` further in; what stands there is nothing where the way ends early."""
    path, value = place
    for step in steps:
        path, value = (*path, step), mapping(value).get(step)
    return path, value


def list_at(place: Place) -> Iterator[Place]:
    """The places of the mappings in a list."""
    path, value = place
    for position, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield (*path, position), item


def fields(place: Place) -> Iterator[Place]:
    """The places of the mappings in a mapping."""
    path, value = place
    for key, item in mapping(value).items():
        if isinstance(item, dict):
            yield (*path, key), item
