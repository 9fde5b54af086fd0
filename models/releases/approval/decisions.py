"""The verdicts, and the decisions on a release's present round, in the order in which people first decided."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.quorum import Approval
from models.catalog.roles import role_words
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.release import Release

APPROVED = "approved"

REJECTED = "rejected"

CHANGES_REQUESTED = "changes_requested"

APPROVED_AFTERWARDS = "approved_afterwards"

BYPASSED = "bypassed"


class Decided(Protocol):
    """What a decision says, however it was read."""

    @property
    def person(self) -> str: ...
    @property
    def verdict(self) -> str: ...
    @property
    def roles(self) -> Sequence[str]: ...
    @property
    def standing_in_for(self) -> str | None: ...


async def decisions_of(session: AsyncSession, release: Release) -> Sequence[Decision]:
    query = select(Decision).where(col(Decision.release_id) == release.id, col(Decision.round) == release.round)
    return (await session.exec(query.order_by(col(Decision.id)))).all()


async def decisions_by_release(session: AsyncSession, releases: Sequence[Release]) -> dict[int, list[Decision]]:
    """The decisions by the release's id; releases that nobody has decided on are left out."""
    rounds = {release.id: release.round for release in releases}
    query = select(Decision).where(col(Decision.release_id).in_(list(rounds))).order_by(col(Decision.id))
    decisions: dict[int, list[Decision]] = {}
    for decision in (await session.exec(query)).all():
        if decision.round == rounds[decision.release_id]:
            decisions.setdefault(decision.release_id, []).append(decision)
    return decisions


def approvals_among(decisions: Iterable[Decided], verdict: str) -> tuple[Approval, ...]:
    return tuple(
        Approval(one.person, tuple(one.roles), one.standing_in_for or "")
        for one in decisions
        if one.verdict == verdict
    )


def deciders(decisions: Iterable[Decided]) -> set[str]:
    """Everybody who has decided or was stood in for: none of them counts another time."""
    return {person for one in decisions for person in (one.person, one.standing_in_for) if person}


def entitlement(roles: Iterable[str], absent: str | None = None) -> str:
    """Why somebody may decide: the roles they hold, or that ``absent``, a name, holds."""
    held = f"holds {role_words(roles)}"
    return f"stands in for {absent}, who {held}" if absent else held


def in_place_of(called: Mapping[str, str], person: str, absent: str | None) -> str:
    """``Sam for Rita``, or just ``Sam``, by the names in ``called``."""
    name = called.get(person, person)
    return f"{name} for {called.get(absent, absent)}" if absent else name
