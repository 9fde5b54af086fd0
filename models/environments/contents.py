"""What is in an environment (docs/process.md#contents)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ScalarSelect
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.environments.events import ContentRecorded, ContentTakenBack
from models.environments.records import ContentLine
from models.environments.tables import TEST_DATA, EnvironmentContent
from models.lifecycle.tables.release import Release
from models.people.directory import names
from models.unit_of_work import Transaction


def record_contents(
    tx: Transaction, environment: str, versions: Mapping[str, str], release_id: int | None, said_by: str = ""
) -> None:
    """Record ``versions``, by key of the item, as in ``environment`` from now on; an empty one removes the item.

    ``said_by`` is a person who stated it, if no deployment did.
    """
    for ci, version in versions.items():
        tx.session.add(
            EnvironmentContent(
                environment=environment,
                ci=ci,
                version=version,
                since=tx.now,
                release_id=release_id,
                said_by=said_by or None,
            )
        )
    if versions:
        tx.record(
            ContentRecorded(subject=environment, release_id=release_id, versions=dict(versions), person=said_by)
        )


def record_deployed(
    tx: Transaction, catalog: Catalog, release: Release, versions: Mapping[str, str] | None = None
) -> None:
    """Record in every production environment the release under its service, and the ``versions`` it brings."""
    for environment in catalog.environments:
        if environment.production:
            put = {release.service: release.identifier, **(versions or {})}
            record_contents(tx, environment.key, put, release.id)


async def take_back_contents(tx: Transaction, release_id: int) -> None:
    """Undo what a release that was backed out had put anywhere; what was there before counts again."""
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
    """What is in an environment now, by name; ``without`` leaves out what that release brought.

    Production begins with the versions of the catalog.
    """
    called = _names(catalog)
    found = _initial(catalog, key)
    query = (
        select(EnvironmentContent, Release.identifier)
        .join(Release, col(Release.id) == col(EnvironmentContent.release_id), isouter=True)
        .where(col(EnvironmentContent.id).in_(_newest(key, without)), EnvironmentContent.ci != TEST_DATA)
    )
    rows = (await session.exec(query)).all()
    people = await names(session, {row.said_by for row, _ in rows if row.said_by})
    for row, identifier in rows:
        said_by = people.get(row.said_by or "", row.said_by or "")
        name = called.get(row.ci, row.ci)
        found[row.ci] = ContentLine(row.ci, name, row.version, row.since, identifier or "", said_by)
    found = {ci: line for ci, line in found.items() if line.version}
    return sorted(found.values(), key=lambda line: (line.name.casefold(), line.ci))


def _newest(key: str, without: int | None) -> ScalarSelect[Any]:
    """The newest row of each item in an environment that wasn't taken back.

    Old rows pile up, so they aren't scanned: the index leads from each item to the next, and to its newest row.
    """
    row = aliased(EnvironmentContent)
    things = select(func.min(row.ci).label("ci")).where(row.environment == key).cte("things", recursive=True)
    following = select(func.min(row.ci)).where(row.environment == key, col(row.ci) > things.c.ci)
    things = things.union_all(select(following.scalar_subquery()).where(things.c.ci.is_not(None)))
    counts = (row.environment == key, col(row.ci) == things.c.ci, col(row.taken_back_at).is_(None))
    brought = () if without is None else (col(row.release_id).is_distinct_from(without),)
    newest = select(row.id).where(*counts, *brought).order_by(col(row.id).desc()).limit(1)
    return select(newest.correlate(things).scalar_subquery()).select_from(things).scalar_subquery()


async def stated_test_data(session: AsyncSession, key: str) -> EnvironmentContent | None:
    """The latest statement about an environment's test data; an empty version means that there is none."""
    query = select(EnvironmentContent).where(
        EnvironmentContent.environment == key, EnvironmentContent.ci == TEST_DATA
    )
    return (await session.exec(query.order_by(col(EnvironmentContent.id).desc()).limit(1))).first()


def _names(catalog: Catalog) -> dict[str, str]:
    items = {key: item.name for key, item in catalog.items_by_key.items()}
    return {**items, **{service.key: service.name for service in catalog.services}}


def _initial(catalog: Catalog, key: str) -> dict[str, ContentLine]:
    environment = catalog.environment(key)
    if environment is None or not environment.production:
        return {}
    return {item.key: ContentLine(item.key, item.name, item.version) for item in catalog.items_by_key.values()}
