"""Other releases whose cards say something of what a release brings: which these are, and redrawing their cards.

A card depends on the version of a configuration item when the catalog relates that item to one that its own package
brings (``compatible_with``, in either direction): it counts while a release is planned before its window, and from
then on as what production holds (:mod:`models.packages.compatibility`). Each function reads the releases in one
statement and wishes for their cards in another, however many there are; the outbox makes one call of any number of
wishes for the same card.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from models.catalog.document import Catalog
from models.lifecycle.lifecycle import OPEN
from models.lifecycle.message_keys import card_post
from models.lifecycle.tables.release import Release
from models.packages.compatibility import neighbours
from models.packages.tables import PackageNode
from models.packages.tree import NodeType
from models.storage.prepared_statements import Prepared
from models.unit_of_work import Transaction

_BROUGHT = Prepared(
    select_columns(col(PackageNode.key)).where(
        col(PackageNode.release_id) == bindparam("release_id"), col(PackageNode.what) == NodeType.ITEM.value
    )
)


async def keys_brought(tx: Transaction, release_id: int) -> frozenset[str]:
    """The keys of the configuration items that a release brings: one short statement, for approving is frequent."""
    return frozenset(key for (key,) in await tx.run(_BROUGHT, {"release_id": release_id}))


async def redraw_later(
    tx: Transaction, catalog: Catalog, release_id: int, brings: Collection[str], window_start: datetime
) -> None:
    """Redraw the cards that depend on a release being planned, or no longer planned, for ``window_start``.

    ``brings`` are the keys of the items it was or is planned to bring. Only releases with later windows look at it.
    """
    related = neighbours(_needs(catalog), brings)
    if related:
        later = select(Release.id).where(
            col(Release.state).in_(OPEN),
            col(Release.id) != release_id,
            col(Release.window_start) > window_start,
            col(Release.id).in_(_bringing(related)),
        )
        await _redraw(tx, later)


async def redraw_open(tx: Transaction, catalog: Catalog, release: Release) -> None:
    """Redraw the cards that depend on what production holds, now that ``release`` came into it or left it.

    These are the open releases of the same service, whose cards compare with the last deployment, and those with
    related items, whenever their windows are.
    """
    brings = await keys_brought(tx, release.id)
    related = neighbours(_needs(catalog), brings)
    same_service = col(Release.service) == release.service
    concerned = or_(same_service, col(Release.id).in_(_bringing(related))) if related else same_service
    query = select(Release.id).where(col(Release.state).in_(OPEN), col(Release.id) != release.id, concerned)
    await _redraw(tx, query)


async def _redraw(tx: Transaction, releases: SelectOfScalar[int] | SelectOfScalar[None]) -> None:
    found = (await tx.session.exec(releases)).all()
    tx.wish(card_post(one) for one in found if one is not None)


def _needs(catalog: Catalog) -> dict[str, Mapping[str, str]]:
    return {item.key: item.compatible_with for one in catalog.services for item in one.configuration_items}


def _bringing(keys: Collection[str]) -> SelectOfScalar[int]:
    return select(PackageNode.release_id).where(
        col(PackageNode.what) == NodeType.ITEM, col(PackageNode.key).in_(keys)
    )
