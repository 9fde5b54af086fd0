from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.identifiers import identifiers
from models.lifecycle.lifecycle import OPEN
from models.lifecycle.tables.release import Release
from models.lifecycle.window_state import window_state
from models.people.directory import names
from models.releases.card.records import ReleaseLine


async def release_lines(
    session: AsyncSession,
    now: datetime,
    *,
    service: str = "",
    state: str = "",
    requester: str = "",
    limit: int = 20,
    offset: int = 0,
) -> list[ReleaseLine]:
    """The releases that are open, or in ``state``: open ones by window, others newest first."""
    query = select(Release)
    query = query.where(col(Release.state) == state) if state else query.where(col(Release.state).in_(OPEN))
    if service:
        query = query.where(col(Release.service) == service)
    if requester:
        query = query.where(col(Release.requester) == requester)
    newest_first = state and state not in OPEN
    order = col(Release.id).desc() if newest_first else col(Release.window_start)
    rows = (await session.exec(query.order_by(order, col(Release.id)).offset(offset).limit(limit))).all()
    return await lines_of(session, rows, now)


async def lines_of(session: AsyncSession, releases: Sequence[Release], now: datetime) -> list[ReleaseLine]:
    called = await names(session, {release.requester for release in releases})
    newer = await identifiers(session, {release.superseded_by for release in releases})
    return [
        ReleaseLine(
            id=release.id,
            identifier=release.identifier,
            type=release.type,
            title=release.title,
            state=release.state,
            window_start=release.window_start,
            requester_name=called.get(release.requester, release.requester),
            superseded_by=newer.get(release.superseded_by or 0, ""),
            window=window_state(release, now),
        )
        for release in releases
    ]
