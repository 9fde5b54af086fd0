"""The requesters of a round: who requested the release, and the authors of what it says now.

None of them ever decides on it: docs/process.md#requesters.
"""

from collections.abc import Iterable, Sequence

from sqlmodel import and_, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.tables.approvals import Round
from models.lifecycle.tables.release import Release


def requesters(requester: str, authors: Iterable[str] | None) -> frozenset[str]:
    """A round of before there were authors has none."""
    return frozenset((requester, *(authors or ())))


async def requesters_of(session: AsyncSession, release: Release) -> frozenset[str]:
    """Those of the release's present round."""
    row = await session.get(Round, (release.id, release.round))
    return requesters(release.requester, row.authors if row else ())


async def requesters_by_release(session: AsyncSession, releases: Sequence[Release]) -> dict[int, frozenset[str]]:
    """Like :func:`requesters_of` for many, in one statement."""
    query = (
        select(Round.release_id, Round.authors)
        .join(Release, and_(col(Release.id) == col(Round.release_id), col(Release.round) == col(Round.round)))
        .where(col(Round.release_id).in_([release.id for release in releases]))
    )
    authors = dict((await session.exec(query)).all()) if releases else {}
    return {release.id: requesters(release.requester, authors.get(release.id)) for release in releases}


def part_in(person: str, requester: str, identifier: str) -> str:
    """Why one of the requesters may not decide: the beginning of a refusal."""
    return f"You requested {identifier}" if person == requester else f"You changed what {identifier} says"
