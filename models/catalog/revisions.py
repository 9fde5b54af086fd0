"""Where the applied catalogs are kept, newest last; what is current is read once and remembered by revision."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, text
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.storage.row_id import row_id


class CatalogRevision(SQLModel, table=True):
    """One applied catalog. Plain JSON, not binary: the order of roles and types is the order people wrote."""

    __tablename__ = "catalog_revision"

    id: int = row_id()
    applied_at: datetime
    applied_by: str
    document: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


async def lock_revisions(session: AsyncSession) -> None:
    """Have nobody else add a revision until the transaction ends. On SQLite a transaction is alone already."""
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        await connection.execute(text("LOCK TABLE catalog_revision IN SHARE ROW EXCLUSIVE MODE"))


class CatalogCache:
    """Remembers the parsed catalog per revision, so that a click parses nothing."""

    def __init__(self) -> None:
        self._catalog = Catalog()

    async def current(self, session: AsyncSession) -> Catalog:
        """The catalog that holds now, for a caller that has not read the revision yet."""
        revision = (await session.exec(select(func.max(CatalogRevision.id)))).one()
        return await self.at(session, revision or 0)

    def known(self, revision: int) -> Catalog | None:
        """The catalog of ``revision`` if it is the one remembered; asks nobody."""
        return self._catalog if self._catalog.revision == revision else None

    async def at(self, session: AsyncSession, revision: int) -> Catalog:
        """The catalog of ``revision``; asks the database only when it is not the one remembered."""
        if self._catalog.revision != revision:
            row = (await session.exec(select(CatalogRevision).where(col(CatalogRevision.id) == revision))).one()
            self._catalog = Catalog.model_validate({**row.document, "revision": revision})
        return self._catalog
