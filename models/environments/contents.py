"""What is in an environment: recorded by the deployment that puts it there, and taken back with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.environments.events import ContentRecorded, ContentTakenBack
from models.environments.finding import by_key
from models.environments.tables import EnvironmentContent
from models.releases.tables import Release
from models.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One thing that is in an environment.

    ``since`` is empty for what the catalog says was there from the beginning; ``release`` is the identifier of the
    release that brought it, empty if none did.
    """

    ci: str
    name: str
    version: str
    since: datetime | None = None
    release: str = ""


def record_contents(tx: Transaction, environment: str, versions: Mapping[str, str], release_id: int | None) -> None:
    """Record that ``versions``, by the key of their configuration item, are in ``environment`` from now on."""
    for ci, version in versions.items():
        tx.session.add(
            EnvironmentContent(environment=environment, ci=ci, version=version, since=tx.now, release_id=release_id)
        )
    if versions:
        tx.record(ContentRecorded(subject=environment, release_id=release_id, versions=dict(versions)))


def record_deployed(
    tx: Transaction, catalog: Catalog, release: Release, versions: Mapping[str, str] | None = None
) -> None:
    """Record that ``release`` is in production: itself under its service, and the ``versions`` it brings."""
    for environment in catalog.environments:
        if environment.production:
            put = {release.service: release.identifier, **(versions or {})}
            record_contents(tx, environment.key, put, release.id)


async def take_back_contents(tx: Transaction, release_id: int) -> None:
    """Take out what the release had put anywhere, now that it is backed out; what was there before counts again."""
    query = select(EnvironmentContent).where(
        EnvironmentContent.release_id == release_id, col(EnvironmentContent.taken_back_at).is_(None)
    )
    taken: dict[str, list[str]] = {}
    for row in (await tx.session.exec(query.order_by(col(EnvironmentContent.id)))).all():
        row.taken_back_at = tx.now
        taken.setdefault(row.environment, []).append(row.ci)
    for environment, items in taken.items():
        tx.record(ContentTakenBack(subject=environment, release_id=release_id, items=tuple(items)))


async def contents(
    session: AsyncSession, catalog: Catalog, key: str, *, without: int | None = None
) -> list[ContentLine]:
    """What is in an environment now, by name of the thing; ``without`` leaves out what that release brought.

    In production that begins with the versions of the catalog, which are those in production when it was applied.
    """
    called = _names(catalog)
    found = _initial(catalog, key)
    query = (
        select(EnvironmentContent, Release.identifier)
        .join(Release, col(Release.id) == col(EnvironmentContent.release_id), isouter=True)
        .where(EnvironmentContent.environment == key, col(EnvironmentContent.taken_back_at).is_(None))
        .where(*([] if without is None else [col(EnvironmentContent.release_id).is_distinct_from(without)]))
        .order_by(col(EnvironmentContent.id))
    )
    for row, identifier in (await session.exec(query)).all():
        found[row.ci] = ContentLine(row.ci, called.get(row.ci, row.ci), row.version, row.since, identifier or "")
    return sorted(found.values(), key=lambda line: (line.name.casefold(), line.ci))


def _names(catalog: Catalog) -> dict[str, str]:
    items = {item.key: item.name for service in catalog.services for item in service.configuration_items}
    return {**items, **{service.key: service.name for service in catalog.services}}


def _initial(catalog: Catalog, key: str) -> dict[str, ContentLine]:
    environment = by_key(catalog, key)
    if environment is None or not environment.production:
        return {}
    return {
        item.key: ContentLine(item.key, item.name, item.version)
        for service in catalog.services
        for item in service.configuration_items
    }
