"""The audit trail: a row for every event, in the transaction that made the change (docs/process.md#audit-trail)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, insert
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.events import Actor, Event
from models.storage.database import Writing, json_column
from models.storage.prepared_statements import Prepared
from models.storage.row_id import row_id


class AuditEntry(SQLModel, table=True):
    """Who did what, when, on which grounds, from which surface. Rows are added, never changed."""

    __tablename__ = "audit_entry"

    id: int = row_id()
    at: datetime
    person: str
    surface: str
    tag: str
    kind: str
    subject: str
    release_id: int | None = Field(default=None, index=True)
    grounds: str = ""
    facts: dict[str, Any] = Field(sa_column=Column(json_column(), nullable=False))


_ADD = Prepared(
    insert(AuditEntry),
    ("at", "person", "surface", "tag", "kind", "subject", "release_id", "grounds", "facts"),
)


async def write(writing: Writing, actor: Actor, at: datetime, events: list[Event]) -> None:
    rows = [
        {
            "at": at,
            "person": actor.person,
            "surface": actor.surface,
            "tag": event.tag,
            "kind": event.kind,
            "subject": str(event.subject),
            "release_id": event.release_id,
            "grounds": event.grounds,
            "facts": event.facts(),
        }
        for event in events
    ]
    await writing.run_many(_ADD, rows)


async def of_release(
    session: AsyncSession, release_id: int, limit: int, before: int | None = None
) -> list[AuditEntry]:
    """The latest ``limit`` entries of a release, newest first, with ids below ``before``."""
    query = select(AuditEntry).where(col(AuditEntry.release_id) == release_id)
    if before is not None:
        query = query.where(col(AuditEntry.id) < before)
    return list((await session.exec(query.order_by(col(AuditEntry.id).desc()).limit(limit))).all())
