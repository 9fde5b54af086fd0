"""Reading what was decided: the approvals among decisions, everybody they use up, and how they are called."""

from collections.abc import Iterable, Mapping

from models.releases.quorum import Approval
from models.releases.tables import Decision

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
