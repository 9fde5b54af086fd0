"""Reading what was decided in the present round of releases, in the order in which it was decided."""

from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.quorum import Approval
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.release import Release


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


APPROVED = "approved"

REJECTED = "rejected"

CHANGES_REQUESTED = "changes_requested"

APPROVED_AFTERWARDS = "approved_afterwards"

BYPASSED = "bypassed"


def given(decisions: Iterable[Decision], verdict: str = APPROVED) -> list[Approval]:
    """The approvals among ``decisions``, in their order."""
    return [
        Approval(one.person, tuple(one.roles), one.standing_in_for or "")
        for one in decisions
        if one.verdict == verdict
    ]


def deciders(decisions: Iterable[Decision]) -> set[str]:
    """Everybody who has decided or was stood in for: none of them counts another time."""
    return {person for one in decisions for person in (one.person, one.standing_in_for) if person}


def in_place_of(called: Mapping[str, str], person: str, absent: str | None) -> str:
    """``Sam for Rita``, or just ``Sam``, by the names in ``called``."""
    name = called.get(person, person)
    return f"{name} for {called.get(absent, absent)}" if absent else name
