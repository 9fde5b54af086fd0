"""Redrawing the cards of other releases that depend on what a release brings.

A card depends on the version of a configuration item if the catalog relates it (``compatible_with``, in either
direction) to an item in the card's own package (:mod:`models.packages.compatibility`). Each function reads the
releases in one statement and queues their cards in another, however many there are; the outbox merges requests for
the same card.
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
    """The keys of its configuration items; a prepared statement, because approving is frequent."""
    return frozenset(key for (key,) in await tx.run(_BROUGHT, {"release_id": release_id}))


async def redraw_releases_after(
    tx: Transaction, catalog: Catalog, release_id: int, brings: Collection[str], window_start: datetime
) -> None:
    """Redraw the cards of releases with later windows, now that a release is, or is no longer, planned.

    ``brings`` are the keys of its items.
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
    """Redraw the cards that depend on production, now that ``release`` was deployed or backed out.

    These are the open releases of the same service, whose cards compare with the last deployment, and those with
    related items, whatever their windows.
    """
    brings = await keys_brought(tx, release.id)
    related = neighbours(_needs(catalog), brings)
    same_service = col(Release.service) == release.service
    concerned = or_(same_service, col(Release.id).in_(_bringing(related))) if related else same_service
    query = select(Release.id).where(col(Release.state).in_(OPEN), col(Release.id) != release.id, concerned)
    await _redraw(tx, query)


async def _redraw(tx: Transaction, releases: SelectOfScalar[int] | SelectOfScalar[None]) -> None:
    ids = (await tx.session.exec(releases)).all()
    tx.wish(card_post(id_) for id_ in ids if id_ is not None)


def _needs(catalog: Catalog) -> dict[str, Mapping[str, str]]:
    return {item.key: item.compatible_with for one in catalog.services for item in one.configuration_items}


def _bringing(keys: Collection[str]) -> SelectOfScalar[int]:
    return select(PackageNode.release_id).where(
        col(PackageNode.what) == NodeType.ITEM, col(PackageNode.key).in_(keys)
    )
