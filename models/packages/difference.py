"""What changed from one package to the next: a pure comparison."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.packages.tree import Node, NodeType, configuration_items


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A configuration item that is in both packages at different versions."""

    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What is different since the release called ``since``.

    ``changes`` counts the authorised changes that it did not carry, ``units`` the units there are now; ``added``
    and ``removed`` are configuration items with their version.
    """

    since: str
    changes: int
    units: int
    moved: tuple[VersionChange, ...]
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]


def difference(since: str, before: Sequence[Node], after: Sequence[Node]) -> Difference:
    """What ``after`` has that ``before``, the package of ``since``, has not, and the other way round."""
    old, new = _by_name(before), _by_name(after)
    changes = {node.key for node in after if node.what == NodeType.CHANGE}
    return Difference(
        since=since,
        changes=len(changes - {node.key for node in before if node.what == NodeType.CHANGE}),
        units=sum(node.what == NodeType.UNIT for node in after),
        moved=tuple(
            VersionChange(node.key, old[key].version, node.version)
            for key, node in new.items()
            if key in old and old[key].version != node.version
        ),
        added=tuple((node.key, node.version) for key, node in new.items() if key not in old),
        removed=tuple((node.key, node.version) for key, node in old.items() if key not in new),
    )


def _by_name(nodes: Sequence[Node]) -> dict[str, Node]:
    """The items by their key as people read it: an item that was typed in capitals once is still the same."""
    return {key.casefold(): node for key, node in configuration_items(nodes).items()}
