"""The differences between two catalogs, a line for everything added, removed or changed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from models.catalog.document import Catalog, Service

SHOWN = 120
"""Longer values are cut to this many characters."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    "environments": ("key",),
    "services": ("key",),
    "configuration_items": ("key",),
    "freezes": ("name",),
    "plan": ("title",),
    "digests": ("channel", "at"),
}
"""What identifies an item of these lists."""

_PARTS = {"services": "Service {}", "environments": "Environment {}", "digests": "Digest in {}"}


def differences(before: Catalog, after: Catalog) -> list[str]:
    return list(_mapping("", before.as_written(), after.as_written()))


def changed_services(before: Catalog, after: Catalog) -> set[str]:
    """Keys of the services in both catalogs that changed; all of them when the catalog's time zone did."""
    shared = before.by_key.keys() & after.by_key.keys()
    if before.timezone != after.timezone:
        return set(shared)
    return {key for key in shared if _as_text(before.by_key[key]) != _as_text(after.by_key[key])}


def _as_text(service: Service) -> str:
    """The order of roles and types counts, so services are compared as text."""
    return json.dumps(service.as_written())


def _mapping(where: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in (*new, *(key for key in old if key not in new)):
        inner = f"{where}.{key}" if where and not where.endswith(", ") else f"{where}{key}"
        if key not in new:
            yield f"{inner} removed: {_shown(old[key])}"
        elif key not in old:
            yield f"{inner} added: {_shown(new[key])}"
        else:
            yield from _value(inner, key, old[key], new[key])
    yield from _order(where, list(old), list(new))


def _value(where: str, key: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _mapping(where, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(where, key, old, new)
    elif old != new:
        yield f"{where}: {_shown(old)} -> {_shown(new)}"


def _lists(where: str, key: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
    olds, news = _named(key, old), _named(key, new)
    if olds is not None and news is not None:
        yield from _items(where, key, olds, news)
        return
    for item in old:
        if item not in new:
            yield f"{where} removed: {_shown(item)}"
    for item in new:
        if item not in old:
            yield f"{where} added: {_shown(item)}"
    yield from _order(where, old, new)


def _named(key: str, items: Sequence[Any]) -> Mapping[str, Any] | None:
    """The items by name; None where items have no names or share one."""
    fields = _NAMES.get(key, ())
    names = [" at ".join(str(item[field]) for field in fields) for item in items if isinstance(item, dict)]
    if not fields or len(set(names)) != len(items):
        return None
    return dict(zip(names, items, strict=True))


def _items(where: str, key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for name in (*new, *(name for name in old if name not in new)):
        inner = _PARTS[key].format(name) if key in _PARTS else f"{where}, {name}"
        if name not in new:
            yield f"{inner} removed"
        elif name not in old:
            yield f"{inner} added"
        else:
            yield from _mapping(f"{inner}, ", old[name], new[name])
    yield from _order(where, list(old), list(new))


def _order(where: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[str]:
    """Order counts, because people see it in menus and lists."""
    if [item for item in old if item in new] != [item for item in new if item in old]:
        yield f"{where.removesuffix(', ')}: the order changed"


def _shown(value: Any) -> str:
    text = _words(value) or "none"
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return " ".join(f"{key} {_words(item)}" for key, item in value.items() if item not in ([], {}))
    if isinstance(value, list):
        nested = any(isinstance(item, dict) for item in value)
        return ("; " if nested else ", ").join(_words(item) for item in value)
    return str(value)
