"""What an emergency owes that was approved first: when anything is owed, how far it is, and who brings it on."""

from collections.abc import Mapping, Sequence

from sqlmodel import and_, col, select
from sqlmodel.sql.expression import Select

from models.catalog.quorum import Approval, Tally, tally
from models.lifecycle.lifecycle import State
from models.lifecycle.tables.approvals import Afterwards, Decision
from models.lifecycle.tables.release import Release
from models.releases.approval.decisions import APPROVED, APPROVED_AFTERWARDS, BYPASSED, deciders, given
from models.releases.approval.stand_ins import Standing

OWES_NOTHING = (State.REQUESTED, State.CHANGES_REQUESTED, State.EXPIRED, State.REJECTED, State.CANCELLED)
"""The states in which a release has not gone through, so that nothing is owed for it."""


def owing_releases() -> Select[Afterwards, Release]:
    """Selects the emergencies that owe something, the earliest due first."""
    current = and_(col(Release.id) == col(Afterwards.release_id), col(Release.round) == col(Afterwards.round))
    return (
        select(Afterwards, Release)
        .join(Release, current)
        .where(col(Afterwards.completed_at).is_(None), col(Release.state).not_in(OWES_NOTHING))
        .order_by(col(Afterwards.due_at), col(Afterwards.release_id))
    )


def tally_afterwards(
    required: Mapping[str, int], decisions: Sequence[Decision], requester: str, *more: Approval
) -> Tally:
    """How far it is, with ``more`` than was decided so far. Whoever approved before does not count another time."""
    before = deciders(one for one in decisions if one.verdict in (APPROVED, BYPASSED))
    later = [*given(decisions, APPROVED_AFTERWARDS), *more]
    return tally(required, [one for one in later if before.isdisjoint(_people(one))], requester)


def counting(
    required: Mapping[str, int],
    decisions: Sequence[Decision],
    requester: str,
    person: str,
    standings: Sequence[Standing],
) -> tuple[Standing, Tally] | None:
    """The first of ``standings`` in which an approval by ``person`` brings it on, and how far it is then."""
    before = tally_afterwards(required, decisions, requester)
    for standing in standings:
        mine = Approval(person, standing.roles, standing.standing_in_for)
        after = tally_afterwards(required, decisions, requester, mine)
        if sum(after.missing.values()) < sum(before.missing.values()):
            return standing, after
    return None


def _people(approval: Approval) -> set[str]:
    return {approval.person, approval.standing_in_for} - {""}
