"""Reads a catalog as written: a value of the wrong kind counts as missing, so that every check still runs."""

from collections.abc import Iterator
from typing import Any

from models.catalog.mistakes import Path

Place = tuple[Path, Any]
"""A path and the value there."""


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def words(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """``value`` if it is a text and not empty."""
    return value if isinstance(value, str) and value else None


def inside(place: Place, *steps: str) -> Place:
    """The place ``steps`` further in; its value is None where the path ends early."""
    path, value = place
    for step in steps:
        path, value = (*path, step), mapping(value).get(step)
    return path, value


def list_at(place: Place) -> Iterator[Place]:
    """The mappings in a list."""
    path, value = place
    for position, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield (*path, position), item


def fields(place: Place) -> Iterator[Place]:
    """The mappings in a mapping."""
    path, value = place
    for key, item in mapping(value).items():
        if isinstance(item, dict):
            yield (*path, key), item


def one_or_more(place: Place) -> Iterator[tuple[Path, str]]:
    """The texts of a list, each with its path, or the one text that is written in its place."""
    path, value = place
    if isinstance(value, str):
        yield path, value
    for position, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, str):
            yield (*path, position), item
