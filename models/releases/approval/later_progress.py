"""What an emergency owes that was approved first: when anything is owed, how far it is, and who brings it on."""

from collections.abc import Mapping, Sequence

from sqlmodel import and_, col, select
from sqlmodel.sql.expression import Select

from models.catalog.quorum import Approval, Tally, tally
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.approvals import Decision, LaterApprovals
from models.lifecycle.tables.release import Release
from models.releases.approval.decisions import APPROVED, APPROVED_AFTERWARDS, BYPASSED, deciders, given
from models.releases.approval.stand_ins import DecisionRight

NEVER_WENT_THROUGH = (State.REQUESTED, State.CHANGES_REQUESTED, State.EXPIRED, State.REJECTED, State.CANCELLED)
"""The states in which a release has not gone through, so that nothing is owed for it."""


def incomplete() -> Select[LaterApprovals, Release]:
    """Selects the emergencies that owe something, the earliest due first."""
    current = and_(
        col(Release.id) == col(LaterApprovals.release_id), col(Release.round) == col(LaterApprovals.round)
    )
    return (
        select(LaterApprovals, Release)
        .join(Release, current)
        .where(col(LaterApprovals.completed_at).is_(None), col(Release.state).not_in(NEVER_WENT_THROUGH))
        .order_by(col(LaterApprovals.due_at), col(LaterApprovals.release_id))
    )


def tally_later(
    required: Mapping[str, int], decisions: Sequence[Decision], requester: str, *more: Approval
) -> Tally:
    """How far it is, with ``more`` than was decided so far. Whoever approved before does not count another time."""
    before = deciders(one for one in decisions if one.verdict in (APPROVED, BYPASSED))
    later = [*given(decisions, APPROVED_AFTERWARDS), *more]
    return tally(required, [one for one in later if before.isdisjoint(_people(one))], requester)


def counts_towards(
    required: Mapping[str, int],
    decisions: Sequence[Decision],
    requester: str,
    person: str,
    standings: Sequence[DecisionRight],
) -> tuple[DecisionRight, Tally] | None:
    """The first of ``standings`` in which an approval by ``person`` brings it on, and how far it is then."""
    before = tally_later(required, decisions, requester)
    for standing in standings:
        mine = Approval(person, standing.roles, standing.standing_in_for)
        after = tally_later(required, decisions, requester, mine)
        if sum(after.missing.values()) < sum(before.missing.values()):
            return standing, after
    return None


def _people(approval: Approval) -> set[str]:
    return {approval.person, approval.standing_in_for} - {""}
