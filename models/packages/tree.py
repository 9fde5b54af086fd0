"""What a release contains, as a tree of packages, units, configuration items and authorised changes.

The authorised changes are those of the request, so that there is one truth about them: every one is a node, and its
row only has its place and its link.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

DEPTH_LIMIT = 5
"""Levels of a package (docs/process.md#packages)."""


class NodeType(StrEnum):
    """The values are stored."""

    PACKAGE = "package"
    UNIT = "unit"
    ITEM = "ci"
    CHANGE = "change"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    NodeType.PACKAGE: "package",
    NodeType.UNIT: "unit",
    NodeType.ITEM: "configuration item",
    NodeType.CHANGE: "change",
}

CONTAINERS = (NodeType.PACKAGE, NodeType.UNIT)

ITEM_KINDS = ("hardware", "software", "documentation", "process")
"""The kinds of configuration item (docs/process.md#things)."""

TOP = ""
"""The ``parent`` of nodes at the top level."""


@dataclass(frozen=True, slots=True)
class Node:
    """``ref`` is its reference in forms: a change's id, or a number; ``parent`` is the reference of the parent.

    ``key`` is the key of a configuration item, the id of a change, or the name of a package or unit.
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
        """``unit Payments 9.2``, ``pay-api 9.2.0``, ``CHG0000132``."""
        called = f"{self.key} {self.version}".strip()
        return f"{self.what} {called}" if self.what in CONTAINERS else called


@dataclass(frozen=True, slots=True)
class Placed:
    """A node and its depth; 0 is the top level."""

    node: Node
    depth: int


def arrange(nodes: Sequence[Node]) -> list[Placed]:
    """From top to bottom, each after its parent; siblings keep their order.

    A node whose parent is missing moves to the top level.
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
    inside: set[str] = set()
    nodes_inside = []
    for placed in arrange(list(nodes)):
        if placed.node.ref == ref or placed.node.parent in inside:
            inside.add(placed.node.ref)
            nodes_inside.append(placed.node)
    return nodes_inside


def depth_of(nodes: Sequence[Node], ref: str) -> int:
    """Counted from 1; the release itself is 0."""
    return next((placed.depth + 1 for placed in arrange(nodes) if placed.node.ref == ref), 0)


def height_of(nodes: Sequence[Node], ref: str) -> int:
    """The levels of the subtree of ``ref``; 1 for a node alone or a new one."""
    depths = [placed.depth for placed in arrange(subtree(nodes, ref))]
    return max(depths, default=0) + 1


def configuration_items(nodes: Iterable[Node]) -> dict[str, Node]:
    return {node.key: node for node in nodes if node.what == NodeType.ITEM}


def containers(nodes: Sequence[Node]) -> list[Placed]:
    """Packages and units, from top to bottom."""
    return [placed for placed in arrange(nodes) if placed.node.what in CONTAINERS]


@dataclass(frozen=True, kw_only=True)
class CheckedNode:
    """A valid node; an item of the catalog has the catalog's name and kind."""

    what: str
    parent: str
    key: str
    name: str
    kind: str
    version: str
    link: str
