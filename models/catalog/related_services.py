from collections.abc import Iterable, Mapping

from models.catalog.document import Catalog


def related(catalog: Catalog) -> dict[str, frozenset[str]]:
    """For each service: itself, what it depends on at any remove, and what depends on it."""
    below = {key: _reach(key, {one.key: one.depends_on for one in catalog.services}) for key in catalog.by_key}
    return {
        key: below[key] | {other for other, reached in below.items() if key in reached} for key in catalog.by_key
    }


def with_needed(catalog: Catalog, key: str) -> frozenset[str]:
    """The service ``key`` and what it depends on at any remove."""
    return _reach(key, {one.key: one.depends_on for one in catalog.services})


def _reach(key: str, edges: Mapping[str, Iterable[str]]) -> frozenset[str]:
    reached: set[str] = set()
    ahead = [key]
    while ahead:
        service = ahead.pop()
        if service not in reached:
            reached.add(service)
            ahead.extend(edges.get(service, ()))
    return frozenset(reached)
