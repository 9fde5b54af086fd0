"""The configuration items that a release delivers, for its release notes."""

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.packages.present_items import present_items
from models.packages.store import nodes_of, read_rows
from models.packages.tree import ITEM_KINDS, NodeType, arrange


@dataclass(frozen=True, slots=True)
class DeliveredItem:
    """``before`` is the version before the release; empty if unknown."""

    key: str
    kind: str
    version: str
    before: str = ""


async def delivered_items(session: AsyncSession, catalog: Catalog, release_id: int) -> tuple[DeliveredItem, ...]:
    """By kind, in the order of the package; items whose version does not change come last in their kind.

    The versions before are those in production without this release, so they stay the same after the deployment.
    """
    present = await present_items(session, catalog, without=release_id)
    before = {key.casefold(): one.version for key, one in present.items()}
    nodes = [placed.node for placed in arrange(nodes_of(await read_rows(session, release_id), ()))]
    items = [
        DeliveredItem(node.key, node.kind, node.version, before.get(node.key.casefold(), ""))
        for node in nodes
        if node.what == NodeType.ITEM
    ]
    return tuple(sorted(items, key=_sort_key))


def _sort_key(one: DeliveredItem) -> tuple[int, str, bool]:
    return (
        ITEM_KINDS.index(one.kind) if one.kind in ITEM_KINDS else len(ITEM_KINDS),
        one.kind,
        one.before == one.version,
    )
