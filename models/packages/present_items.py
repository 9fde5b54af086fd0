"""Configuration items in production, and those that approved releases will bring."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.environments.contents import contents
from models.lifecycle.lifecycle import OPEN
from models.lifecycle.tables.release import Release
from models.packages.compatibility import PlannedItem, PresentItem
from models.packages.tables import PackageNode
from models.packages.tree import NodeType


async def present_items(
    session: AsyncSession, catalog: Catalog, *, without: int | None = None
) -> dict[str, PresentItem]:
    """The items of all services: the versions in production, or else those in the catalog.

    ``without`` ignores what that release brought.
    """
    in_production: dict[str, str] = {}
    for environment in catalog.environments:
        if environment.production:
            lines = await contents(session, catalog, environment.key, without=without)
            in_production |= {line.ci: line.version for line in lines}
    return {
        key: PresentItem(in_production.get(key, item.version), item.compatible_with)
        for key, item in catalog.items_by_key.items()
    }


async def planned_items(session: AsyncSession, before: datetime, without: int | None = None) -> list[PlannedItem]:
    """What approved releases with windows that start ``before`` then will bring, in the order of their windows."""
    query = (
        select(PackageNode.key, PackageNode.version, Release.identifier)
        .join(Release, col(Release.id) == col(PackageNode.release_id))
        .where(
            col(PackageNode.what) == NodeType.ITEM,
            col(Release.approved_at).is_not(None),
            col(Release.state).in_(OPEN),
            col(Release.window_start) < before,
            col(Release.id).is_distinct_from(without),
        )
        .order_by(col(Release.window_start), col(Release.id))
    )
    return [PlannedItem(*row) for row in (await session.exec(query)).all()]
