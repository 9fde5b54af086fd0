"""What people enter about a node, and what is wrong with it: pure rules, a sentence for each field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.catalog.document import ConfigurationItem
from models.errors import Invalid
from models.limits import CHANGES_LIMIT, CONTAINERS_LIMIT, ITEMS_LIMIT, LINK_LIMIT, NAME_LIMIT, VERSION_LIMIT
from models.packages.change_ids import parse_changes
from models.packages.tree import (
    CONTAINERS,
    DEPTH_LIMIT,
    ITEM_KINDS,
    TOP,
    CheckedNode,
    Node,
    NodeType,
    containers,
    depth_of,
    height_of,
    subtree,
)
from models.text import too_long

_LINK = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class NodeForm:
    """What a person entered. ``item`` is the key of a catalog item that was chosen, ``key`` one that was typed."""

    what: str
    parent: str = TOP
    item: str = ""
    key: str = ""
    kind: str = ""
    version: str = ""
    link: str = ""


def check_node(
    form: NodeForm, nodes: Sequence[Node], catalog_items: Mapping[str, ConfigurationItem], ref: str = ""
) -> CheckedNode:
    """Check ``form`` for a new node, or for the node ``ref``; ``catalog_items`` are by key.

    Raises :class:`~models.errors.Invalid` with every wrong field.
    """
    key = _node_key(form, catalog_items)
    item = catalog_items.get(key) if form.what == NodeType.ITEM else None
    kind = (item.kind if item else form.kind) if form.what == NodeType.ITEM else ""
    version = "" if form.what == NodeType.CHANGE else " ".join(form.version.split())
    link = form.link.strip()
    problems = {
        "what": "" if form.what in NodeType.__members__.values() else "Choose what it is.",
        "parent": _parent_problem(form, nodes, ref),
        "item": _item_problem(form, catalog_items),
        "key": _key_problem(form.what, key, nodes, ref),
        "kind": _kind_problem(form.what, kind),
        "version": _version_problem(form.what, key, version),
        "link": _link_problem(link),
    }
    wrong = {name: problem for name, problem in problems.items() if problem}
    if wrong:
        raise Invalid(wrong)
    return CheckedNode(
        what=form.what,
        parent=form.parent,
        key=key,
        name=item.name if item else "",
        kind=kind,
        version=version,
        link=link,
    )


def _node_key(form: NodeForm, catalog_items: Mapping[str, ConfigurationItem]) -> str:
    """The key of the node: an item as the catalog spells it, a change in capitals."""
    typed = " ".join(form.key.split())
    if form.what == NodeType.CHANGE:
        good, bad = parse_changes(typed)
        return good[0] if len(good) == 1 and not bad else typed
    if form.what != NodeType.ITEM:
        return typed
    spelling = {key.casefold(): key for key in catalog_items}
    return form.item or spelling.get(typed.casefold(), typed)


def _parent_problem(form: NodeForm, nodes: Sequence[Node], ref: str) -> str:
    if form.parent == TOP:
        return ""
    parent = next((placed.node for placed in containers(nodes) if placed.node.ref == form.parent), None)
    if parent is None:
        return "This is not in the package any more. Choose what it is part of."
    if ref and any(node.ref == form.parent for node in subtree(nodes, ref)):
        return "Nothing can be part of itself. Choose something outside it."
    if parent.what == NodeType.UNIT and form.what in CONTAINERS:
        return "A unit holds configuration items and changes. Choose a package, or the release itself."
    if depth_of(nodes, form.parent) + (height_of(nodes, ref) if ref else 1) > DEPTH_LIMIT:
        return f"A package has at most {DEPTH_LIMIT} levels. Choose something further up."
    return ""


def _item_problem(form: NodeForm, catalog_items: Mapping[str, ConfigurationItem]) -> str:
    if form.what != NodeType.ITEM or not form.item:
        return ""
    if form.item not in catalog_items:
        return f"{form.item} is not in the catalog any more. Type its key instead."
    typed = " ".join(form.key.split())
    if typed and typed.casefold() != form.item.casefold():
        return "Choose an item of the catalog or type the key of another, not both."
    return ""


def _key_problem(what: str, key: str, nodes: Sequence[Node], ref: str) -> str:
    if not key:
        return _EMPTY.get(what, "Say what it is called.")
    if what == NodeType.CHANGE and parse_changes(key) != ([key], []):
        return f"{key[:40]!r} is not a change id. Write one such as CHG0000132."
    if len(key) > NAME_LIMIT:
        return too_long(key, NAME_LIMIT)
    same = [node for node in nodes if node.what == what and node.ref != ref]
    twin = next((node for node in same if node.key.casefold() == key.casefold()), None)
    if twin and what in (NodeType.ITEM, NodeType.CHANGE):
        return f"{twin.words} is in the package already. Change that one."
    return "" if ref else _count_problem(what, nodes)


_EMPTY: Mapping[str, str] = {
    NodeType.ITEM: "Choose an item of the catalog above, or type the key of another.",
    NodeType.CHANGE: "Write the change's id, such as CHG0000132.",
}


def _count_problem(what: str, nodes: Sequence[Node]) -> str:
    if what in CONTAINERS:
        count = sum(node.what in CONTAINERS for node in nodes)
        return "" if count < CONTAINERS_LIMIT else f"A release holds at most {CONTAINERS_LIMIT} packages and units."
    count = sum(node.what == what for node in nodes)
    if what == NodeType.ITEM:
        return "" if count < ITEMS_LIMIT else f"A package holds at most {ITEMS_LIMIT} configuration items."
    return "" if count < CHANGES_LIMIT else f"{CHANGES_LIMIT} changes is the most for one release."


def _kind_problem(what: str, kind: str) -> str:
    if what != NodeType.ITEM or kind in ITEM_KINDS:
        return ""
    return f"Say what kind of item it is: {', '.join(ITEM_KINDS[:-1])} or {ITEM_KINDS[-1]}."


def _version_problem(what: str, key: str, version: str) -> str:
    if what == NodeType.ITEM and not version:
        return f"Say which version of {key or 'it'} the release brings."
    if len(version) > VERSION_LIMIT:
        return too_long(version, VERSION_LIMIT)
    return ""


def _link_problem(link: str) -> str:
    if not link or (_LINK.fullmatch(link) and len(link) <= LINK_LIMIT):
        return ""
    return f"Write a whole address, such as https://change.example/CHG0000132, in at most {LINK_LIMIT} characters."
