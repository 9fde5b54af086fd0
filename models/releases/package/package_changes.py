"""What an edit of a package changes, node by node, as people read it. No I/O."""

from collections.abc import Sequence
from dataclasses import replace

from models.packages.tree import CONTAINERS, Node, NodeType
from models.releases.request.content_changes import ContentChange

PACKAGE = "package"

CHANGES = "changes"


def package_changes(before: Sequence[Node], after: Sequence[Node]) -> list[ContentChange]:
    """Authorised changes that come or go are a field of the request; all else is the package's."""
    olds, news = {node.ref: node for node in before}, {node.ref: node for node in after}
    changes = [
        ContentChange(PACKAGE, f"{PACKAGE}:{ref}", _words(old, olds), _words(new, news), _respelled(old, new))
        for ref in dict.fromkeys((*olds, *news))
        if (old := olds.get(ref)) != (new := news.get(ref)) and not _came_or_went(old, new)
    ]
    old_ids, new_ids = _ids(before), _ids(after)
    if old_ids != new_ids:
        changes.insert(0, ContentChange(CHANGES, CHANGES, old_ids, new_ids))
    return changes


def _came_or_went(old: Node | None, new: Node | None) -> bool:
    """Whether this is an authorised change that was added or removed."""
    node = old or new
    return node is not None and node.what == NodeType.CHANGE and not (old and new)


def _words(node: Node | None, nodes: dict[str, Node]) -> str:
    if node is None:
        return ""
    kind = f" ({node.kind})" if node.kind else ""
    inside = nodes.get(node.parent)
    return ", ".join(
        part for part in (f"{node.words}{kind}", f"in {inside.words}" if inside else "", node.link) if part
    )


def _respelled(old: Node | None, new: Node | None) -> tuple[str, str] | None:
    """The names of a package or unit where nothing else about it has changed."""
    if old is None or new is None or old.what not in CONTAINERS or replace(old, key=new.key) != new:
        return None
    return old.key, new.key


def _ids(nodes: Sequence[Node]) -> str:
    return ", ".join(sorted(node.key for node in nodes if node.what == NodeType.CHANGE))
