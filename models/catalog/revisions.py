"""The applied catalogs, newest last, and a cache of the current one."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, text
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.membership.barred import CHANGES, barred_subjects
from models.storage.row_id import row_id


class CatalogRevision(SQLModel, table=True):
    """An applied catalog. Plain JSON, not binary, keeps the order in which people wrote roles and types."""

    __tablename__ = "catalog_revision"

    id: int = row_id()
    applied_at: datetime
    applied_by: str
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


async def lock_revisions(session: AsyncSession) -> None:
    """Nobody else adds a revision until the transaction ends. On SQLite a transaction is alone already."""
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE catalog_revision IN SHARE ROW EXCLUSIVE MODE"))


async def hold_revision(session: AsyncSession) -> None:
    """Nobody adds a revision until the transaction ends; others may hold it, too.

    Called before the catalog is read, so that a round begins under rules that nobody changes meanwhile, and before
    a release is locked, because those who add a revision lock releases after it.
    """
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE catalog_revision IN ROW EXCLUSIVE MODE"))


class CatalogCache:
    """Keeps the latest catalog parsed, with whom it names in vain, so that a click parses nothing.

    ``changes`` counts the changes of membership (:data:`models.membership.barred.CHANGES`).
    """

    def __init__(self) -> None:
        self._catalog = Catalog()
        self._changes = 0

    async def current(self, session: AsyncSession) -> Catalog:
        """For a caller that hasn't read the current revision's number itself."""
        latest = select(func.max(CatalogRevision.id)).scalar_subquery()
        revision, changes = (await session.exec(select(latest, CHANGES))).one()
        return await self.at(session, revision or 0, changes or 0)

    def known(self, revision: int, changes: int) -> Catalog | None:
        """The catalog of ``revision`` if it is cached; no query."""
        return self._catalog if (self._catalog.revision, self._changes) == (revision, changes) else None

    async def at(self, session: AsyncSession, revision: int, changes: int) -> Catalog:
        """The catalog of ``revision``; queries only if it isn't cached."""
        catalog = self.known(revision, changes)
        if catalog is None:
            catalog = self._catalog
            if catalog.revision != revision:
                row = (await session.exec(select(CatalogRevision).where(col(CatalogRevision.id) == revision))).one()
                catalog = Catalog.model_validate({**row.document, "revision": revision})
            catalog = catalog.without(await barred_subjects(session, catalog.guests))
            self._catalog, self._changes = catalog, changes
        return catalog
