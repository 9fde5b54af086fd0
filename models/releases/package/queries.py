"""Reading packages for people."""

from collections.abc import Sequence

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, ConfigurationItem
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import OPEN, State
from models.lifecycle.release_choices import ReleaseChoice
from models.lifecycle.tables.release import Release
from models.packages.compatibility import Incompatibility, incompatibilities
from models.packages.difference import Difference, difference
from models.packages.present_items import planned_items, present_items
from models.packages.records import NO_SUMMARY, PackageRecord, PackageSummary
from models.packages.store import nodes_of, read_rows
from models.packages.tables import PackageNode
from models.packages.tree import Node, NodeType, arrange
from models.releases.request.change_content import EDITABLE

SEARCH_WORDS = 8
"""How many words of a search count; nobody types more on purpose."""

SOURCES_OFFERED = 100
"""How many releases a menu offers to copy from."""


async def package_record(session: AsyncSession, catalog: Catalog, release_id: int) -> PackageRecord:
    """What a release contains. Raises :class:`~models.errors.NotFound`."""
    release = await load_release(session, release_id)
    rows = await read_rows(session, release_id)
    return PackageRecord(
        release_id=release_id,
        identifier=release.identifier,
        title=release.title,
        round=release.round,
        editable=release.state in EDITABLE,
        placed=tuple(arrange(nodes_of(rows, release.changes))),
        summary=await _summary(session, catalog, release, nodes_of(rows, release.changes)),
    )


async def package_summary(session: AsyncSession, catalog: Catalog, release: Release) -> PackageSummary:
    """What the card shows of a package; nothing when it holds no more than changes."""
    rows = await read_rows(session, release.id)
    if all(row.what == NodeType.CHANGE for row in rows):
        return NO_SUMMARY
    return await _summary(session, catalog, release, nodes_of(rows, release.changes))


async def releases_to_copy_from(session: AsyncSession, release_id: int, typed: str) -> list[ReleaseChoice]:
    """The newest other releases of the service with items whose identifier or title contains every typed word."""
    release = await load_release(session, release_id)
    filled = select(PackageNode.release_id).where(col(PackageNode.what) == NodeType.ITEM)
    query = select(Release.id, Release.identifier, Release.title).where(
        col(Release.service) == release.service, col(Release.id) != release_id, col(Release.id).in_(filled)
    )
    for word in typed.split()[:SEARCH_WORDS]:
        query = query.where(
            or_(
                col(Release.identifier).icontains(word, autoescape=True),
                col(Release.title).icontains(word, autoescape=True),
            )
        )
    rows = (await session.exec(query.order_by(col(Release.id).desc()).limit(SOURCES_OFFERED))).all()
    return [ReleaseChoice(id_, identifier, title) for id_, identifier, title in rows]


async def items_of_service(
    session: AsyncSession, catalog: Catalog, release_id: int
) -> tuple[ConfigurationItem, ...]:
    """The configuration items of the service that the release is of; none when the catalog has dropped it."""
    release = await load_release(session, release_id)
    service = catalog.by_key.get(release.service)
    return service.configuration_items if service else ()


async def _summary(
    session: AsyncSession, catalog: Catalog, release: Release, nodes: Sequence[Node]
) -> PackageSummary:
    wrong: list[Incompatibility] = []
    if release.state in OPEN:
        planned = await planned_items(session, release.window_start, without=release.id)
        wrong = incompatibilities(nodes, await present_items(session, catalog), planned)
    return PackageSummary(await _difference_to_last(session, release, nodes), tuple(wrong))


async def _difference_to_last(session: AsyncSession, release: Release, nodes: Sequence[Node]) -> Difference | None:
    """The difference to the last release of the service that was deployed before and not backed out."""
    query = select(Release).where(
        col(Release.service) == release.service,
        col(Release.deployed_at).is_not(None),
        col(Release.state) != State.BACKED_OUT,
        col(Release.id) != release.id,
    )
    if release.deployed_at:
        query = query.where(col(Release.deployed_at) < release.deployed_at)
    last = (await session.exec(query.order_by(col(Release.deployed_at).desc()).limit(1))).first()
    if last is None:
        return None
    before = nodes_of(await read_rows(session, last.id), last.changes)
    return difference(last.identifier, before, nodes)
