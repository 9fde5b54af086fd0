from collections.abc import Sequence
from dataclasses import dataclass

from models.packages.tree import Node, NodeType, configuration_items


@dataclass(frozen=True, slots=True)
class VersionChange:
    key: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference from the package of the release ``since``, an identifier.

    ``changes`` counts the new authorised changes, ``units`` all units of the present package; ``added`` and
    ``removed`` are configuration items as ``(key, version)``.
    """

    since: str
    changes: int
    units: int
    moved: tuple[VersionChange, ...]
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]


def difference(since: str, before: Sequence[Node], after: Sequence[Node]) -> Difference:
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
    """By folded key: an item that was once typed in capitals is the same."""
    return {key.casefold(): node for key, node in configuration_items(nodes).items()}
