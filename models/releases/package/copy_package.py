"""Copying the package of another release of the service."""

from collections.abc import Sequence

from models.errors import Invalid
from models.events import Actor
from models.lifecycle.identifiers import load_release
from models.limits import CONTAINERS_LIMIT, ITEMS_LIMIT
from models.packages.events import PackageCopied
from models.packages.store import new_row, nodes_of, read_rows
from models.packages.tree import CONTAINERS, TOP, Node, arrange, configuration_items
from models.releases.package.edit_session import (
    EditedPackage,
    OpenPackage,
    PackageEdit,
    close_package,
    open_package,
    package_event_facts,
)
from models.unit_of_work import UnitOfWork


async def copy_package(work: UnitOfWork, actor: Actor, editing: PackageEdit, source_id: int) -> EditedPackage:
    """Add the packages, units and missing items of another release of the service.

    Authorised changes are not copied: each belongs to the release that carries it. Raises what
    :func:`~models.releases.package.edit.add_node` raises.
    """
    async with work(actor) as tx:
        package, first = await open_package(tx, editing)
        if not first:
            return EditedPackage(package.release.identifier, "")
        source = await load_release(tx.session, source_id)
        if source.service != package.release.service or source.id == package.release.id:
            raise Invalid({"source": f"{source.identifier} is not another release of the same service."})
        wanted = _to_copy(package, nodes_of(await read_rows(tx.session, source_id), ()), source.identifier)
        await _insert(package, wanted)
        event = PackageCopied(**package_event_facts(package), title=source.identifier, copied=len(wanted))
        edited = await close_package(package, event)
        return EditedPackage(edited.identifier, source.identifier, edited.voided, len(wanted))


def _to_copy(package: OpenPackage, source: Sequence[Node], identifier: str) -> list[Node]:
    present_keys = {key.casefold() for key in configuration_items(package.nodes)}
    wanted = [
        placed.node
        for placed in arrange(source)
        if placed.node.what in CONTAINERS or placed.node.key.casefold() not in present_keys
    ]
    if not configuration_items(wanted):
        raise Invalid({"source": f"{identifier} has no configuration item that is not here already."})
    if len(configuration_items(wanted)) + len(present_keys) > ITEMS_LIMIT:
        raise Invalid({"source": f"Together these are more than {ITEMS_LIMIT} configuration items."})
    containers = sum(node.what in CONTAINERS for node in (*wanted, *package.nodes))
    if containers > CONTAINERS_LIMIT:
        raise Invalid({"source": f"Together these are more than {CONTAINERS_LIMIT} packages and units."})
    return wanted


async def _insert(package: OpenPackage, wanted: Sequence[Node]) -> None:
    """Add ``wanted`` from top to bottom, so that a container has its id before what is in it."""
    ids: dict[str, int | None] = {TOP: None}
    for position, node in enumerate(wanted, package.next_position()):
        row = new_row(node, package.id, ids.get(node.parent), position)
        package.tx.session.add(row)
        if node.what in CONTAINERS:
            await package.tx.session.flush()
            ids[node.ref] = row.id
