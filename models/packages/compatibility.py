"""Whether a package's configuration items work with what will be there: a pure rule.

Each item states in the catalog which versions of others it works with (``compatible_with``). In the release's
window the version of another item is the one that this package brings, or else the one of the last release planned
before, or else the present one. It is asked of the items in the package, and of those that need one of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.packages.tree import Node, configuration_items
from models.packages.versions import in_range


@dataclass(frozen=True, slots=True)
class PresentItem:
    """A configuration item as it is now; ``needs`` are ranges of versions by the key of another item."""

    version: str
    needs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """A version that a planned release, called ``release``, will bring."""

    key: str
    version: str
    release: str


@dataclass(frozen=True, slots=True)
class Incompatibility:
    """The item ``key`` would stand beside a version of ``other`` that it is not known to work with."""

    key: str
    other: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _WindowVersion:
    version: str
    words: str


def incompatibilities(
    package: Sequence[Node], present: Mapping[str, PresentItem], planned: Iterable[PlannedItem]
) -> list[Incompatibility]:
    """Each item that would stand beside a version it does not work with.

    ``planned`` are the items of the releases planned before this one, in the order of their windows.
    """
    brought = configuration_items(package)
    there = {key: _WindowVersion(one.version, f"it is {one.version} now") for key, one in present.items()}
    for one in planned:
        there[one.key] = _WindowVersion(one.version, f"it is {one.version} from {one.release}")
    for key, node in brought.items():
        there[key] = _WindowVersion(node.version, f"this package brings {node.version}")
    pairs = [
        (key, other, _problem(f"{key} {there[key].version} needs {other} {range_}", there[other], range_))
        for key in _items_to_check(brought, present)
        for other, range_ in present[key].needs.items()
        if other in there and (key in brought or other in brought)
    ]
    return [Incompatibility(*pair) for pair in pairs if pair[2]]


def neighbours(needs: Mapping[str, Mapping[str, str]], keys: Collection[str]) -> frozenset[str]:
    """The items that a version of one of ``keys`` matters to: what they need, and what needs them.

    ``needs`` is ``compatible_with`` by the key of the item that states it.
    """
    needed = {other for key in keys for other in needs.get(key, ())}
    needing = {key for key, others in needs.items() if not others.keys().isdisjoint(keys)}
    return frozenset(needed | needing)


def _items_to_check(brought: Mapping[str, Node], present: Mapping[str, PresentItem]) -> list[str]:
    """The items whose needs count: those of the package first."""
    own = [key for key in brought if key in present]
    return own + [key for key in present if key not in brought]


def _problem(needs: str, found: _WindowVersion, range_: str) -> str:
    verdict = in_range(found.version, range_)
    if verdict:
        return ""
    sentence = f"{needs}; {found.words}"
    return sentence if verdict is False else f"{sentence}, which cannot be compared"
