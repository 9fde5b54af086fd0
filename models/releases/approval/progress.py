"""How far the approvals of a round are, whether one more would count, and who can still give one."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Service
from models.catalog.quorum import Approval, Tally, tally
from models.releases.approval.decisions import (
    APPROVED,
    APPROVED_AFTERWARDS,
    BYPASSED,
    Decided,
    approvals_among,
    deciders,
)
from models.releases.approval.standing_in.stand_ins import delegates_of


@dataclass(frozen=True, slots=True)
class ApprovalProgress:
    """The approvals that a round requires by role, and those that were given.

    ``spent`` are the requesters and everybody who has decided or was stood in for: nobody waits for them.
    """

    required: Mapping[str, int]
    approvals: tuple[Approval, ...]
    requesters: AbstractSet[str]
    spent: frozenset[str]
    counted_before: frozenset[str] = frozenset()
    """People who don't count among later approvals, because they approved the round or broke its glass."""

    def tally(self, *more: Approval) -> Tally:
        counting = [one for one in (*self.approvals, *more) if self.counted_before.isdisjoint(one.people)]
        return tally(self.required, counting, self.requesters)

    def with_approval(self, approval: Approval) -> Tally | None:
        """The tally with ``approval``; None when it wouldn't count."""
        after = self.tally(approval)
        return after if sum(after.missing.values()) < sum(self.tally().missing.values()) else None


def quorum_progress(
    required: Mapping[str, int], decisions: Iterable[Decided], requesters: AbstractSet[str]
) -> ApprovalProgress:
    """How far a request is."""
    decided = tuple(decisions)
    spent = frozenset((*requesters, *deciders(decided)))
    return ApprovalProgress(required, approvals_among(decided, APPROVED), requesters, spent)


def later_progress(
    required: Mapping[str, int], decisions: Iterable[Decided], requesters: AbstractSet[str]
) -> ApprovalProgress:
    """How far the later approvals of an emergency are."""
    decided = tuple(decisions)
    return ApprovalProgress(
        required=required,
        approvals=approvals_among(decided, APPROVED_AFTERWARDS),
        requesters=requesters,
        spent=frozenset((*requesters, *deciders(decided))),
        counted_before=frozenset(deciders(one for one in decided if one.verdict in (APPROVED, BYPASSED))),
    )


def holders_of_missing(service: Service | None, progress: ApprovalProgress) -> dict[str, tuple[str, ...]]:
    """The people and groups who hold each role that is still missing."""
    return {role: service.holders(role) if service else () for role in progress.tally().missing_roles}


async def can_still_approve(
    session: AsyncSession, service: Service, progress: ApprovalProgress, now: datetime
) -> tuple[str, ...]:
    """The people and groups who can fill the missing roles, and the stand-ins of these people."""
    holders = [
        one for held in holders_of_missing(service, progress).values() for one in held if one not in progress.spent
    ]
    delegates = await delegates_of(session, service, holders, now)
    stand_ins = [one for several in delegates.values() for one in several if one not in progress.spent]
    return tuple(dict.fromkeys((*holders, *stand_ins)))
