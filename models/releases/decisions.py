"""Reading what was decided in the present round of releases, in the order in which it was decided."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.releases.tables import Decision, Release


async def decisions_of(session: AsyncSession, release: Release) -> Sequence[Decision]:
    """What was decided on one release."""
    query = select(Decision).where(col(Decision.release_id) == release.id, col(Decision.round) == release.round)
    return (await session.exec(query.order_by(col(Decision.id)))).all()


async def decisions_by_release(session: AsyncSession, releases: Sequence[Release]) -> dict[int, list[Decision]]:
    """What was decided on each of ``releases`` by its id; those that nobody has decided on are left out."""
    rounds = {release.id: release.round for release in releases}
    query = select(Decision).where(col(Decision.release_id).in_(list(rounds))).order_by(col(Decision.id))
    found: dict[int, list[Decision]] = {}
    for decision in (await session.exec(query)).all():
        if decision.round == rounds[decision.release_id]:
            found.setdefault(decision.release_id, []).append(decision)
    return found
