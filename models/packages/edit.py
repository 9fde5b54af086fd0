"""Editing what a release contains. It is a material change: approvals given so far no longer hold (DOMAIN.md)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import delete
from sqlmodel import col

from models.catalog.document import Catalog, ConfigurationItem, Service
from models.catalog.roles import role_choice
from models.catalog.store import CatalogCache
from models.delivery import first_time
from models.errors import Invalid, Refused, Stale
from models.events import Actor
from models.packages.dependents import redraw_later
from models.packages.events import (
    PackageCopied,
    PackageEvent,
    PackageNodeAdded,
    PackageNodeChanged,
    PackageNodeRemoved,
)
from models.packages.forms import CheckedNode, NodeForm, check
from models.packages.store import new_row, nodes_of, read_rows, ref_of
from models.packages.tables import PackageNode
from models.packages.tree import (
    CONTAINERS,
    CONTAINERS_LIMIT,
    ITEMS_LIMIT,
    TOP,
    Node,
    What,
    arrange,
    items,
    within,
)
from models.people.directory import roles_of
from models.releases.edit import EDITABLE, change_content
from models.releases.identifiers import load
from models.releases.lifecycle import REQUESTER, State
from models.releases.policy.kept import keep_compatibility
from models.releases.tables import Release
from models.releases.who import who_could
from models.unit_of_work import Transaction, UnitOfWork

EDITORS = ("release_manager", "build_manager")
"""The roles that may edit a package besides the requester of its release."""

PACKAGE = "package"
CHANGES = "changes"
"""What an edit changes of the release, as :data:`models.releases.forms.MATERIAL` calls it."""


@dataclass(frozen=True, slots=True)
class Editing:
    """The form in which somebody edits: of which release, of which round, and the nonce that makes it act once."""

    release_id: int
    round: int
    nonce: str


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit came to: in words, and whether everybody has to decide again."""

    identifier: str
    title: str
    voided: bool = False
    count: int = 1


@dataclass
class _Open:
    """A release whose package is being edited."""

    tx: Transaction
    release: Release
    catalog: Catalog
    service: Service | None
    rows: Sequence[PackageNode]
    planned: frozenset[str]
    """What the release was planned to bring before the edit, by key; nothing unless it was approved."""

    @property
    def id(self) -> int:
        return self.release.id or 0

    @property
    def nodes(self) -> list[Node]:
        return nodes_of(self.rows, self.release.changes)

    @property
    def known(self) -> dict[str, ConfigurationItem]:
        """Every item of the catalog: a release may bring one of another service."""
        return self.catalog.items_by_key

    def row(self, ref: str) -> PackageNode | None:
        return next((one for one in self.rows if ref in (ref_of(one.id), _change_ref(one))), None)

    def place(self) -> int:
        return max((one.position for one in self.rows), default=0) + 1


async def check_may_edit(work: UnitOfWork, catalogs: CatalogCache, actor: Actor, release_id: int) -> Release:
    """The release, if ``actor`` may edit its package now. Raises :class:`~models.errors.Refused` if not."""
    async with work(actor) as tx:
        return (await _open(tx, catalogs, release_id)).release


async def add_node(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, editing: Editing, form: NodeForm
) -> Edited:
    """Put something into the package.

    Raises :class:`~models.errors.Invalid` for wrong fields, :class:`~models.errors.Refused` for people who may not
    and releases that are past it, :class:`~models.errors.Stale` when somebody else edited it meanwhile.
    """
    async with work(actor) as tx:
        package = await _open(tx, catalogs, editing.release_id)
        if not await first_time(tx, f"package:{editing.nonce}"):
            return Edited(package.release.identifier, "")
        _check_round(package, editing.round)
        node = check(form, package.nodes, package.known)
        parent = _words(package.nodes, node.parent)
        title = _title(node)
        if node.what == What.CHANGE:
            package.release.changes = [*package.release.changes, node.key]
        _put(package, node, package.row(node.key) if node.what == What.CHANGE else None)
        event = PackageNodeAdded(**_about(package), title=title, parent=parent)
        return await _edited(package, CHANGES if node.what == What.CHANGE else PACKAGE, event)


async def change_node(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, editing: Editing, ref: str, form: NodeForm
) -> Edited:
    """Replace the node ``ref`` by ``form``; what is in it stays in it. Raises what :func:`add_node` raises."""
    async with work(actor) as tx:
        package = await _open(tx, catalogs, editing.release_id)
        if not await first_time(tx, f"package:{editing.nonce}"):
            return Edited(package.release.identifier, "")
        _check_round(package, editing.round)
        before = find_node(package.nodes, ref)
        node = check(replace(form, what=before.what), package.nodes, package.known, ref)
        fields = tuple(name for name in _FIELDS if getattr(before, name) != getattr(node, name))
        if not fields:
            return Edited(package.release.identifier, before.words, count=0)
        _replace(package, before, node)
        event = PackageNodeChanged(**_about(package), title=_title(node), before=before.words, fields=fields)
        renamed = node.what == What.CHANGE and node.key != before.key
        return await _edited(package, CHANGES if renamed else PACKAGE, event)


async def remove_node(work: UnitOfWork, catalogs: CatalogCache, actor: Actor, editing: Editing, ref: str) -> Edited:
    """Take the node ``ref`` out, with everything in it. Raises what :func:`add_node` raises."""
    async with work(actor) as tx:
        package = await _open(tx, catalogs, editing.release_id)
        if not await first_time(tx, f"package:{editing.nonce}"):
            return Edited(package.release.identifier, "")
        _check_round(package, editing.round)
        node, *inside = _check_removable(package.release, package.nodes, ref)
        gone = {one.ref for one in (node, *inside)}
        package.release.changes = [change for change in package.release.changes if change not in gone]
        await _delete(package, gone)
        event = PackageNodeRemoved(**_about(package), title=node.words, inside=tuple(one.words for one in inside))
        fields = CHANGES if any(one.what == What.CHANGE for one in (node, *inside)) else PACKAGE
        return await _edited(package, fields, event)


async def copy_package(
    work: UnitOfWork, catalogs: CatalogCache, actor: Actor, editing: Editing, source_id: int
) -> Edited:
    """Add packages, units and items of another release of the service; items that are here already stay.

    Authorised changes are not copied: each belongs to the release that carries it. Raises what :func:`add_node`
    raises.
    """
    async with work(actor) as tx:
        package = await _open(tx, catalogs, editing.release_id)
        source = await load(tx.session, source_id)
        if not await first_time(tx, f"package:{editing.nonce}"):
            return Edited(package.release.identifier, "")
        _check_round(package, editing.round)
        if source.service != package.release.service or source.id == package.release.id:
            raise Invalid({"source": f"{source.identifier} is not another release of the same service."})
        wanted = _to_copy(package, nodes_of(await read_rows(tx.session, source_id), ()), source.identifier)
        await _insert(package, wanted)
        event = PackageCopied(**_about(package), title=source.identifier, copied=len(wanted))
        edited = await _edited(package, PACKAGE, event)
        return Edited(edited.identifier, source.identifier, edited.voided, len(wanted))


_FIELDS = ("parent", "key", "kind", "version", "link")


def find_node(nodes: Sequence[Node], ref: str) -> Node:
    """The node ``ref``. Raises :class:`~models.errors.Stale` when it is gone."""
    node = next((one for one in nodes if one.ref == ref), None)
    if node is None:
        raise Stale("This is not in the package any more. Open the package again.")
    return node


def _check_removable(release: Release, nodes: Sequence[Node], ref: str) -> list[Node]:
    """The node and what goes with it; a release keeps at least one authorised change."""
    find_node(nodes, ref)
    gone = within(nodes, ref)
    if set(release.changes) <= {node.key for node in gone if node.what == What.CHANGE}:
        raise Refused(
            f"{release.identifier} carries at least one authorised change. Add the one that takes its place first."
        )
    return gone


async def _open(tx: Transaction, catalogs: CatalogCache, release_id: int) -> _Open:
    release = await load(tx.session, release_id, lock=True)
    catalog = await catalogs.current(tx.session)
    service = catalog.by_key.get(release.service)
    if release.state not in EDITABLE:
        words = State(release.state).words
        raise Refused(f"{release.identifier} is {words}, so what it contains cannot be changed any more.")
    roles = await roles_of(tx.session, service, tx.actor.person) if service else frozenset()
    if tx.actor.person != release.requester and roles.isdisjoint(EDITORS):
        people = await who_could(tx.session, service, EDITORS) if service else "its requester"
        asked = role_choice((REQUESTER, *EDITORS))
        raise Refused(f"What {release.identifier} contains is edited by its {asked}: {people}.")
    rows = await read_rows(tx.session, release_id)
    planned = (row.key for row in rows if row.what == What.ITEM and release.approved_at)
    return _Open(tx, release, catalog, service, rows, frozenset(planned))


def _check_round(package: _Open, round_: int) -> None:
    if package.release.round != round_:
        raise Stale(f"{package.release.identifier} was changed meanwhile. Open its package again, then edit.")


async def _edited(package: _Open, field: str, event: PackageEvent) -> Edited:
    """Record the edit; approvals of what was there before no longer hold, and nobody counts on it any more."""
    package.tx.record(event)
    if field == PACKAGE:
        await keep_compatibility(package.tx, package.catalog, package.release)
    edited = await change_content(package.tx, package.catalog, package.release, (field,))
    release = package.release
    await redraw_later(package.tx, package.catalog, package.id, package.planned, release.window_start)
    return Edited(release.identifier, event.title, edited.voided)


def _about(package: _Open) -> dict[str, Any]:
    channel = package.service.channel if package.service else ""
    return {
        "subject": package.id,
        "release_id": package.id,
        "identifier": package.release.identifier,
        "channel": channel,
    }


def _title(node: CheckedNode) -> str:
    return Node("", node.what, node.key, version=node.version).words


def _words(nodes: Sequence[Node], ref: str) -> str:
    return next((node.words for node in nodes if node.ref == ref), "") if ref != TOP else ""


def _change_ref(row: PackageNode) -> str:
    return row.key if row.what == What.CHANGE else ref_of(row.id)


def _parent_id(ref: str) -> int | None:
    return None if ref == TOP else int(ref.removeprefix("#"))


def _row(package: _Open, node: CheckedNode) -> PackageNode:
    return new_row(node, package.id, _parent_id(node.parent), package.place())


def _replace(package: _Open, before: Node, node: CheckedNode) -> None:
    if node.what == What.CHANGE:
        package.release.changes = [node.key if one == before.key else one for one in package.release.changes]
    _put(package, node, package.row(before.ref))


def _put(package: _Open, node: CheckedNode, row: PackageNode | None) -> None:
    """Write ``node`` into its row, or into a new one."""
    if row is None:
        package.tx.session.add(_row(package, node))
        return
    row.parent_id = _parent_id(node.parent)
    row.key, row.name, row.kind = node.key, node.name, node.kind
    row.version, row.link = node.version, node.link


async def _delete(package: _Open, gone: set[str]) -> None:
    """The rows of ``gone``, and those of changes that the release no longer carries but that stood in one."""
    ids = {row.id for row in package.rows if _change_ref(row) in gone or ref_of(row.parent_id) in gone - {TOP}}
    if ids:
        await package.tx.session.exec(delete(PackageNode).where(col(PackageNode.id).in_(ids)))


def _to_copy(package: _Open, source: Sequence[Node], identifier: str) -> list[Node]:
    here = {key.casefold() for key in items(package.nodes)}
    wanted = [
        placed.node
        for placed in arrange(source)
        if placed.node.what in CONTAINERS or placed.node.key.casefold() not in here
    ]
    if not items(wanted):
        raise Invalid({"source": f"{identifier} has no configuration item that is not here already."})
    if len(items(wanted)) + len(here) > ITEMS_LIMIT:
        raise Invalid({"source": f"Together these are more than {ITEMS_LIMIT} configuration items."})
    boxes = sum(node.what in CONTAINERS for node in (*wanted, *package.nodes))
    if boxes > CONTAINERS_LIMIT:
        raise Invalid({"source": f"Together these are more than {CONTAINERS_LIMIT} packages and units."})
    return wanted


async def _insert(package: _Open, wanted: Sequence[Node]) -> None:
    """Add ``wanted``, top to bottom: what holds something has its number before what it holds."""
    numbers: dict[str, int | None] = {TOP: None}
    for position, node in enumerate(wanted, package.place()):
        row = new_row(node, package.id, numbers.get(node.parent), position)
        package.tx.session.add(row)
        if node.what in CONTAINERS:
            await package.tx.session.flush()
            numbers[node.ref] = row.id
