"""The compatibility rule (docs/process.md#compatibility).

Items state in the catalog which versions of others they work with (``compatible_with``). The version of another
item in the release's window is the one in this package, or else that of the last release planned before, or else
the present one. The rule checks the items of the package, and those that need one of them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.packages.tree import Node, configuration_items
from models.packages.versions import in_range


@dataclass(frozen=True, slots=True)
class PresentItem:
    """``version`` is the present one; ``needs`` are version ranges by the key of another item."""

    version: str
    needs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlannedItem:
    """A version that a planned release will bring; ``release`` is its identifier."""

    key: str
    version: str
    release: str


@dataclass(frozen=True, slots=True)
class Incompatibility:
    """The item ``key`` does not work with the version of ``other``, or the two cannot be compared."""

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
    """``planned`` are the items of the releases planned before this one, in the order of their windows."""
    brought = configuration_items(package)
    in_window = {key: _WindowVersion(one.version, f"it is {one.version} now") for key, one in present.items()}
    for one in planned:
        in_window[one.key] = _WindowVersion(one.version, f"it is {one.version} from {one.release}")
    for key, node in brought.items():
        in_window[key] = _WindowVersion(node.version, f"this package brings {node.version}")
    pairs = [
        (key, other, _problem(f"{key} {in_window[key].version} needs {other} {range_}", in_window[other], range_))
        for key in _items_to_check(brought, present)
        for other, range_ in present[key].needs.items()
        if other in in_window and (key in brought or other in brought)
    ]
    return [Incompatibility(*pair) for pair in pairs if pair[2]]


def neighbours(needs: Mapping[str, Mapping[str, str]], keys: Collection[str]) -> frozenset[str]:
    """The items that ``keys`` need, and those that need them; ``needs`` is ``compatible_with`` by key."""
    needed = {other for key in keys for other in needs.get(key, ())}
    needing = {key for key, others in needs.items() if not others.keys().isdisjoint(keys)}
    return frozenset(needed | needing)


def _items_to_check(brought: Mapping[str, Node], present: Mapping[str, PresentItem]) -> list[str]:
    """Those of the package first."""
    own = [key for key in brought if key in present]
    return own + [key for key in present if key not in brought]


def _problem(needs: str, other: _WindowVersion, range_: str) -> str:
    compatible = in_range(other.version, range_)
    if compatible:
        return ""
    sentence = f"{needs}; {other.words}"
    return sentence if compatible is False else f"{sentence}, which cannot be compared"
