"""What a release contains, as a tree: packages in packages, units, configuration items and authorised changes.

A release's authorised changes are in its request; they are nodes of the tree by themselves, and what is kept beside
is only where they stand and their link. So there is one truth about what a release carries.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

DEPTH_LIMIT = 5
"""How many levels a package may have."""


class NodeType(StrEnum):
    """The kinds of node; the value is what the database holds."""

    PACKAGE = "package"
    UNIT = "unit"
    ITEM = "ci"
    CHANGE = "change"

    @property
    def words(self) -> str:
        """The kind as people read it."""
        return _WORDS[self]


_WORDS = {
    NodeType.PACKAGE: "package",
    NodeType.UNIT: "unit",
    NodeType.ITEM: "configuration item",
    NodeType.CHANGE: "change",
}

CONTAINERS = (NodeType.PACKAGE, NodeType.UNIT)

ITEM_KINDS = ("hardware", "software", "documentation", "process")
"""The kinds of configuration item (DOMAIN.md)."""

TOP = ""
"""The parent of what stands in the release itself."""


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in a package.

    ``ref`` names it in forms: a change by its id, everything else by a number; ``parent`` is the ref of what it is
    part of. ``key`` is a configuration item's key, a change's id, or the name of a package or unit.
    """

    ref: str
    what: str
    key: str
    parent: str = TOP
    name: str = ""
    kind: str = ""
    version: str = ""
    link: str = ""

    @property
    def words(self) -> str:
        """The node as people call it: ``unit Payments 9.2``, ``pay-api 9.2.0``, ``CHG0000132``."""
        called = f"{self.key} {self.version}".strip()
        return f"{self.what} {called}" if self.what in CONTAINERS else called


@dataclass(frozen=True, slots=True)
class Placed:
    """A node and how deep it stands; 0 is the release itself."""

    node: Node
    depth: int


def arrange(nodes: Sequence[Node]) -> list[Placed]:
    """``nodes`` from top to bottom, each after what it is part of; siblings keep their order.

    What is part of something that is not there stands at the top.
    """
    known = {node.ref for node in nodes}
    below: dict[str, list[Node]] = {}
    for node in nodes:
        below.setdefault(node.parent if node.parent in known else TOP, []).append(node)
    return list(_walk(below, TOP, 0))


def _walk(below: dict[str, list[Node]], ref: str, depth: int) -> Iterator[Placed]:
    for node in below.get(ref, ()):
        yield Placed(node, depth)
        yield from _walk(below, node.ref, depth + 1)


def subtree(nodes: Iterable[Node], ref: str) -> list[Node]:
    """The node ``ref`` and everything in it, at whatever depth."""
    inside: set[str] = set()
    found = []
    for placed in arrange(list(nodes)):
        if placed.node.ref == ref or placed.node.parent in inside:
            inside.add(placed.node.ref)
            found.append(placed.node)
    return found


def depth_of(nodes: Sequence[Node], ref: str) -> int:
    """The level that ``ref`` stands on, counted from 1; the release itself is 0."""
    return next((placed.depth + 1 for placed in arrange(nodes) if placed.node.ref == ref), 0)


def height_of(nodes: Sequence[Node], ref: str) -> int:
    """How many levels ``ref`` and what is in it take; 1 for a node alone or a new one."""
    depths = [placed.depth for placed in arrange(subtree(nodes, ref))]
    return max(depths, default=0) + 1


def configuration_items(nodes: Iterable[Node]) -> dict[str, Node]:
    """The configuration items by their key."""
    return {node.key: node for node in nodes if node.what == NodeType.ITEM}


def containers(nodes: Sequence[Node]) -> list[Placed]:
    """The packages and units that something may be part of, from top to bottom."""
    return [placed for placed in arrange(nodes) if placed.node.what in CONTAINERS]


@dataclass(frozen=True, kw_only=True)
class CheckedNode:
    """A node that may stand where it says; an item of the catalog has the catalog's name and kind."""

    what: str
    parent: str
    key: str
    name: str
    kind: str
    version: str
    link: str
