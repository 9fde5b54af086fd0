"""Releases as lines of a list."""

from collections.abc import Mapping

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.lifecycle import OPEN
from models.lifecycle.tables.release import Release
from models.people.directory import names
from models.releases.card.records import ReleaseLine


async def release_lines(
    session: AsyncSession,
    *,
    service: str = "",
    state: str = "",
    requester: str = "",
    limit: int = 20,
    offset: int = 0,
) -> list[ReleaseLine]:
    """The releases that are open, or in ``state``, the nearest window first; ``offset`` of them are passed over."""
    query = select(Release)
    query = query.where(col(Release.state) == state) if state else query.where(col(Release.state).in_(OPEN))
    if service:
        query = query.where(col(Release.service) == service)
    if requester:
        query = query.where(col(Release.requester) == requester)
    newest_first = state and state not in OPEN
    order = col(Release.id).desc() if newest_first else col(Release.window_start)
    rows = (await session.exec(query.order_by(order, col(Release.id)).offset(offset).limit(limit))).all()
    called = await names(session, {row.requester for row in rows})
    return [release_line(row, called) for row in rows]


def release_line(row: Release, called: Mapping[str, str]) -> ReleaseLine:
    """``row`` as a line of a list."""
    return ReleaseLine(
        id=row.id,
        identifier=row.identifier,
        type=row.type,
        title=row.title,
        state=row.state,
        window_start=row.window_start,
        requester_name=called.get(row.requester, row.requester),
    )
