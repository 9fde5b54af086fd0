"""Reading and adding the rows of packages."""

from collections.abc import Iterable, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.packages.tables import PackageNode
from models.packages.tree import TOP, CheckedNode, Node, NodeType
from models.unit_of_work import Transaction


def ref_of(row_id: int | None) -> str:
    """A row's reference in forms; None is the release itself. No change has such an id."""
    return TOP if row_id is None else f"#{row_id}"


def node_of(row: PackageNode) -> Node:
    return Node(
        ref=row.key if row.what == NodeType.CHANGE else ref_of(row.id),
        what=row.what,
        key=row.key,
        parent=ref_of(row.parent_id),
        name=row.name,
        kind=row.kind,
        version=row.version,
        link=row.link,
    )


def nodes_of(rows: Iterable[PackageNode], changes: Iterable[str]) -> list[Node]:
    """The rows and the ``changes`` of a release as nodes; a change is a node even without a row."""
    nodes: list[Node] = []
    change_nodes: dict[str, Node] = {}
    for row in rows:
        node = node_of(row)
        if row.what == NodeType.CHANGE:
            change_nodes[row.key] = node
        else:
            nodes.append(node)
    return nodes + [change_nodes.get(change) or Node(change, NodeType.CHANGE, change) for change in changes]


def change_ref(row: PackageNode) -> str:
    """The reference of the row's node; a change's is its id."""
    return row.key if row.what == NodeType.CHANGE else ref_of(row.id)


async def read_rows(session: AsyncSession, release_id: int) -> Sequence[PackageNode]:
    query = select(PackageNode).where(col(PackageNode.release_id) == release_id)
    return (await session.exec(query.order_by(col(PackageNode.position), col(PackageNode.id)))).all()


def add_items(tx: Transaction, release_id: int, items: Iterable[Node]) -> None:
    """Add the package of a new release."""
    tx.session.add_all(new_row(node, release_id, None, position) for position, node in enumerate(items, 1))


def new_row(node: Node | CheckedNode, release_id: int, parent_id: int | None, position: int) -> PackageNode:
    return PackageNode(
        release_id=release_id,
        parent_id=parent_id,
        position=position,
        what=node.what,
        key=node.key,
        name=node.name,
        kind=node.kind,
        version=node.version,
        link=node.link,
    )


async def versions_brought(session: AsyncSession, release_id: int) -> dict[str, str]:
    """By the key of the configuration item; leaves out items without a version."""
    rows = await read_rows(session, release_id)
    return {row.key: row.version for row in rows if row.what == NodeType.ITEM and row.version}
