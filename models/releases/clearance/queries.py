"""Reading overrides and notices for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.events import SYSTEM
from models.lifecycle.identifiers import load_release
from models.lifecycle.tables.clearance import Override
from models.lifecycle.tables.release import Release
from models.people.directory import names
from models.releases.clearance.read_facts import window_end
from models.releases.clearance.records import ClearanceNotice, OverrideLine


async def overrides_of(session: AsyncSession, release_id: int) -> Sequence[Override]:
    """Those that open something, of every round, in the order in which they were given."""
    query = select(Override).where(col(Override.release_id) == release_id).order_by(col(Override.id))
    return [row for row in (await session.exec(query)).all() if row.obstacles]


def override_lines(
    rows: Sequence[Override], release: Release, called: Mapping[str, str], now: datetime | None = None
) -> tuple[OverrideLine, ...]:
    return tuple(
        OverrideLine(
            kind=row.kind,
            person=called.get(row.by, "a pipeline" if row.by == SYSTEM.person else row.by),
            at=row.at,
            reason=row.reason,
            obstacles=tuple(one["text"] for one in row.obstacles),
            over=row.ended_at is not None or row.round != release.round or (now is not None and row.until <= now),
        )
        for row in rows
    )


async def clearance_notice(session: AsyncSession, release_id: int, facts: Mapping[str, Any]) -> ClearanceNotice:
    """The notice with the facts it was recorded with."""
    release = await load_release(session, release_id)
    person = str(facts.get("person") or "")
    called = await names(session, {person} if person else ())
    until = str(facts.get("until") or "")
    return ClearanceNotice(
        kind=str(facts["notice"]),
        release_id=release_id,
        round=release.round,
        identifier=release.identifier,
        title=release.title,
        state=release.state,
        person=called.get(person, person),
        mentions=tuple(facts.get("mentions") or ()),
        reason=str(facts.get("grounds") or ""),
        obstacles=tuple(facts.get("obstacles") or ()),
        window_start=release.window_start,
        window_end=window_end(release),
        until=datetime.fromisoformat(until) if until else None,
    )
