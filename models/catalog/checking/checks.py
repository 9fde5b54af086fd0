"""Checks across the catalog: services, configuration items, numbering and digests.

Each takes the catalog as written and yields a place and a sentence for every mistake.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import combinations
from typing import Any

from models.catalog.checking.field_checks import nearest
from models.catalog.checking.service_checks import check_service
from models.catalog.checking.unchecked import Place, fields, inside, list_at, mapping, one_or_more, text, words
from models.catalog.document import DEFAULT_NUMBERING, STANDARD_METHODS, Deployments
from models.catalog.mistakes import Path, Problem, dotted
from models.catalog.numbering import could_collide, scheme_problem
from models.limits import MENU_LIMIT

_RANGE = re.compile(r"\s*(<=|>=|<|>|==|!=)\s*[A-Za-z0-9][A-Za-z0-9.+_-]*\s*")


def check_catalog(data: Any) -> Iterator[Problem]:
    """The mistakes that show only when fields are compared; single fields are checked by their type."""
    root: Place = ((), data)
    for check in _CHECKS:
        yield from check(root)


def _services(root: Place) -> list[Place]:
    return list(list_at(inside(root, "services")))


def _each_service(root: Place) -> Iterator[Problem]:
    for service in _services(root):
        yield from check_service(service)


def _unique(places: Sequence[Place], name: str, what: str) -> Iterator[Problem]:
    """No two of ``places`` may hold the same value in their field ``name``."""
    first: dict[str, Path] = {}
    for place in places:
        path, value = inside(place, name)
        known = text(value)
        if known is not None and first.setdefault(known, path) != path:
            yield path, f"{known} is {what} {dotted(first[known][:-1])} already."


def _keys(root: Place) -> Iterator[Problem]:
    services = _services(root)
    yield from _unique(services, "key", "the key of")
    yield from _unique(list(list_at(inside(root, "environments"))), "key", "the key of")
    yield from _unique(_configuration_items(root), "key", "the key of")


def _configuration_items(root: Place) -> list[Place]:
    return [item for service in _services(root) for item in list_at(inside(service, "configuration_items"))]


def _compatibility(root: Place) -> Iterator[Problem]:
    items = _configuration_items(root)
    known = [key for item in items if (key := text(inside(item, "key")[1]))]
    for item in items:
        path, value = inside(item, "compatible_with")
        for key, range_ in mapping(value).items():
            if key not in known:
                yield (*path, key), f"No configuration item has the key {key!r}.{nearest(key, known)}"
            if isinstance(range_, str) and not all(_RANGE.fullmatch(part) for part in range_.split(",")):
                yield (*path, key), f'{range_[:60]!r} is not a range of versions; write for example ">=14,<16".'


def _items_of_risk_rules(root: Place) -> Iterator[Problem]:
    """A release may bring the items of any service."""
    known = [key for item in _configuration_items(root) if (key := text(inside(item, "key")[1]))]
    for service in _services(root):
        for rule in list_at(inside(service, "policy", "risk")):
            for path, key in one_or_more(inside(rule, "when", "items")):
                if key not in known:
                    yield path, f"No configuration item has the key {key[:60]!r}.{nearest(key, known)}"


def _references(root: Place) -> Iterator[Problem]:
    known = [key for service in _services(root) if (key := text(inside(service, "key")[1]))]
    lists = [inside(service, "depends_on") for service in _services(root)]
    lists += [inside(digest, "services") for digest in list_at(inside(root, "digests"))]
    for path, value in lists:
        for position, key in enumerate(value if isinstance(value, list) else ()):
            if isinstance(key, str) and key not in known:
                yield (*path, position), f"No service has the key {key!r}.{nearest(key, known)}"


def _cycles(root: Place) -> Iterator[Problem]:
    places = {key: service for service in _services(root) if (key := text(inside(service, "key")[1]))}
    needs = {key: set(words(inside(place, "depends_on")[1])) & places.keys() for key, place in places.items()}
    while circle := _circle(needs):
        one, other = circle[0], circle[1]
        needs[one].discard(other)
        way = " -> ".join(circle)
        yield inside(places[one], "depends_on")[0], f"Services depend on each other in a circle: {way}. Remove one."


def _circle(needs: Mapping[str, Collection[str]]) -> list[str] | None:
    """A circle of services, each followed by one it depends on; the first is repeated at the end."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle[::-1]
    return None


def _numbering(root: Place) -> Iterator[Problem]:
    usable: list[tuple[str, str, Path]] = []
    for service in _services(root):
        key, scheme = text(inside(service, "key")[1]), inside(service, "numbering")[1]
        path = inside(service, "numbering")[0]
        scheme = DEFAULT_NUMBERING if scheme is None else scheme
        if not isinstance(scheme, str):
            continue
        problem = scheme_problem(scheme)
        if problem:
            yield path, problem
        elif key is not None:
            usable.append((key, scheme, path))
    for (one, scheme, _), (other, second, path) in combinations(usable, 2):
        if one != other and could_collide((one, scheme), (other, second)):
            yield path, f"{other} could give a release the same identifier as {one}. Put {{service}} into both."


def _menus(root: Place) -> Iterator[Problem]:
    """Until a service is chosen, the request form offers the types and methods of all services in one menu."""
    policies = [inside(service, "policy")[1] for service in _services(root)]
    types = {name for policy in policies for name in mapping(mapping(policy).get("types"))}
    methods = {name for policy in policies for name in words(mapping(policy).get("deployment_methods"))}
    for what, names in (("types", types), ("deployment methods", methods | set(STANDARD_METHODS))):
        if len(names) > MENU_LIMIT:
            sentence = f"The services have {len(names)} different {what}; a menu in Slack takes {MENU_LIMIT}."
            yield ("services",), sentence


def _reported(root: Place) -> Iterator[Problem]:
    """A reported deployment belongs to one service. Services with different environments may share a repository."""
    taken: dict[tuple[str, str, str], Path] = {}
    for service in _services(root):
        deployments = mapping(inside(service, "deployments")[1])
        production = words(deployments.get("production")) or list(Deployments().production)
        for kind, environments in (("repositories", production), ("applications", [""])):
            path, named = inside(service, "deployments", kind)
            for position, name in enumerate(named if isinstance(named, list) else ()):
                keys = [(kind, name.casefold(), one.casefold()) for one in environments if isinstance(name, str)]
                other = next((taken[key] for key in keys if key in taken and taken[key] != service[0]), None)
                if other is not None:
                    yield (*path, position), f"{name[:60]} {_SHARED[kind].format(dotted(other))}"
                taken.update((key, service[0]) for key in keys if key not in taken)


_SHARED = {
    "repositories": "deploys {} to the same environment. Give one of the two another list under production.",
    "applications": "is an application of {} already.",
}


def _digests(root: Place) -> Iterator[Problem]:
    seen: dict[tuple[Any, Any], Path] = {}
    for path, digest in list_at(inside(root, "digests")):
        name = (text(digest.get("channel")), text(digest.get("at")))
        if None not in name and seen.setdefault(name, path) != path:
            yield path, f"{dotted(seen[name])} is posted in this channel at this time already."


def _actors(root: Place) -> Iterator[Problem]:
    """Tools disagree about case, so a name is one person's however it is written."""
    path, actors = inside(root, "actors")
    first: dict[str, tuple[str, Any]] = {}
    for name, person in mapping(actors).items():
        other, known = first.setdefault(str(name).casefold(), (str(name), person))
        if known != person:
            yield (*path, name), f"{other} is somebody else; case does not matter here. Remove one."


def _repetitions(root: Place) -> Iterator[Problem]:
    """No list of words or days may repeat an entry."""
    waiting = [root]
    while waiting:
        path, value = waiting.pop()
        waiting += fields((path, value))
        lists = [((*path, key), item) for key, item in mapping(value).items() if isinstance(item, list)]
        for place in lists:
            waiting += list_at(place)
            yield from _repeated(place)


def _repeated(place: Place) -> Iterator[Problem]:
    path, value = place
    seen = set()
    for position, item in enumerate(value):
        if isinstance(item, (str, int)) and item in seen:
            yield (*path, position), f"{item} stands in this list twice. Remove one."
        elif isinstance(item, (str, int)):
            seen.add(item)


_CHECKS: tuple[Callable[[Place], Iterator[Problem]], ...] = (
    _keys,
    _references,
    _cycles,
    _compatibility,
    _items_of_risk_rules,
    _numbering,
    _each_service,
    _menus,
    _reported,
    _digests,
    _actors,
    _repetitions,
)
