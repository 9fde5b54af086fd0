"""Editing what a release contains, which is a material change (docs/process.md#rounds-and-material-changes)."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import delete
from sqlmodel import col

from models.errors import Refused, Stale
from models.events import Actor
from models.lifecycle.tables.release import Release
from models.packages.events import PackageNodeAdded, PackageNodeChanged, PackageNodeRemoved
from models.packages.store import change_ref, new_row, ref_of
from models.packages.tables import PackageNode
from models.packages.tree import TOP, CheckedNode, Node, NodeType, subtree
from models.releases.package.edit_session import (
    PACKAGE_EDITORS,
    EditedPackage,
    OpenPackage,
    PackageEdit,
    close_package,
    open_package,
    package_event_facts,
    release_to_edit,
)
from models.releases.package.forms import NodeForm, check_node
from models.releases.package.package_changes import CHANGES, PACKAGE
from models.releases.request.content_changes import WORDS
from models.releases.request.queries import edit_cost
from models.releases.request.records import EditCost
from models.unit_of_work import UnitOfWork


async def check_may_edit_package(work: UnitOfWork, actor: Actor, release_id: int) -> EditCost:
    """What it costs to edit the package. Raises :class:`~models.errors.Refused` when ``actor`` may not.

    That is also where too few people would be left to approve it, whatever they change.
    """
    async with work.reading(actor) as snapshot:
        release = await release_to_edit(snapshot, release_id)
        cost = await edit_cost(snapshot, release, PACKAGE_EDITORS)
        if cost.refusal and {WORDS[PACKAGE], WORDS[CHANGES]} <= set(cost.always):
            raise Refused(cost.refusal)
        return cost


async def add_node(work: UnitOfWork, actor: Actor, editing: PackageEdit, form: NodeForm) -> EditedPackage:
    """Put something into the package.

    Raises :class:`~models.errors.Invalid` for wrong fields, :class:`~models.errors.Refused` for people who may not
    and releases whose deployment has started, :class:`~models.errors.Stale` when somebody else edited it meanwhile.
    """
    async with work(actor) as tx:
        package, first = await open_package(tx, editing)
        if not first:
            return EditedPackage(package.release.identifier, "")
        node = check_node(form, package.nodes, package.catalog_items)
        parent = _words(package.nodes, node.parent)
        title = _title(node)
        if node.what == NodeType.CHANGE:
            package.release.changes = [*package.release.changes, node.key]
        _put(package, node, package.row(node.key) if node.what == NodeType.CHANGE else None)
        event = PackageNodeAdded(**package_event_facts(package), title=title, parent=parent)
        return await close_package(package, event)


async def change_node(
    work: UnitOfWork, actor: Actor, editing: PackageEdit, ref: str, form: NodeForm
) -> EditedPackage:
    """Replace the node ``ref`` by ``form``; what is in it stays in it. Raises what :func:`add_node` raises."""
    async with work(actor) as tx:
        package, first = await open_package(tx, editing)
        if not first:
            return EditedPackage(package.release.identifier, "")
        before = find_node(package.nodes, ref)
        node = check_node(replace(form, what=before.what), package.nodes, package.catalog_items, ref)
        fields = tuple(name for name in _FIELDS if getattr(before, name) != getattr(node, name))
        if not fields:
            return EditedPackage(package.release.identifier, before.words, count=0)
        _replace(package, before, node)
        event = PackageNodeChanged(
            **package_event_facts(package), title=_title(node), before=before.words, fields=fields
        )
        return await close_package(package, event)


async def remove_node(work: UnitOfWork, actor: Actor, editing: PackageEdit, ref: str) -> EditedPackage:
    """Remove the node ``ref`` with everything in it. Raises what :func:`add_node` raises."""
    async with work(actor) as tx:
        package, first = await open_package(tx, editing)
        if not first:
            return EditedPackage(package.release.identifier, "")
        node, *inside = _check_removable(package.release, package.nodes, ref)
        gone = {part.ref for part in (node, *inside)}
        package.release.changes = [change for change in package.release.changes if change not in gone]
        await _delete(package, gone)
        event = PackageNodeRemoved(
            **package_event_facts(package), title=node.words, inside=tuple(part.words for part in inside)
        )
        return await close_package(package, event)


_FIELDS = ("parent", "key", "kind", "version", "link")


def find_node(nodes: Sequence[Node], ref: str) -> Node:
    """The node ``ref``. Raises :class:`~models.errors.Stale` when it is gone."""
    node = next((node for node in nodes if node.ref == ref), None)
    if node is None:
        raise Stale("This is not in the package any more. Open the package again.")
    return node


def _check_removable(release: Release, nodes: Sequence[Node], ref: str) -> list[Node]:
    """The node and everything in it. Raises Refused when no authorised change would be left."""
    find_node(nodes, ref)
    gone = subtree(nodes, ref)
    if set(release.changes) <= {node.key for node in gone if node.what == NodeType.CHANGE}:
        raise Refused(
            f"{release.identifier} carries at least one authorised change. Add the one that takes its place first."
        )
    return gone


def _title(node: CheckedNode) -> str:
    return Node("", node.what, node.key, version=node.version).words


def _words(nodes: Sequence[Node], ref: str) -> str:
    return next((node.words for node in nodes if node.ref == ref), "") if ref != TOP else ""


def _parent_id(ref: str) -> int | None:
    return None if ref == TOP else int(ref.removeprefix("#"))


def _row(package: OpenPackage, node: CheckedNode) -> PackageNode:
    return new_row(node, package.id, _parent_id(node.parent), package.next_position())


def _replace(package: OpenPackage, before: Node, node: CheckedNode) -> None:
    if node.what == NodeType.CHANGE:
        package.release.changes = [node.key if one == before.key else one for one in package.release.changes]
    _put(package, node, package.row(before.ref))


def _put(package: OpenPackage, node: CheckedNode, row: PackageNode | None) -> None:
    """Write ``node`` into ``row``, or into a new one."""
    if row is None:
        package.tx.session.add(_row(package, node))
        return
    row.parent_id = _parent_id(node.parent)
    row.key, row.name, row.kind = node.key, node.name, node.kind
    row.version, row.link = node.version, node.link


async def _delete(package: OpenPackage, gone: set[str]) -> None:
    """Delete the rows of ``gone``, and of changes inside them that the release no longer carries."""
    ids = {row.id for row in package.rows if change_ref(row) in gone or ref_of(row.parent_id) in gone - {TOP}}
    if ids:
        await package.tx.session.exec(delete(PackageNode).where(col(PackageNode.id).in_(ids)))
