"""When a criterion can be met, and whether evidence counts at once: pure rules (docs/process.md#criteria)."""

from collections.abc import Collection, Sequence

from models.lifecycle.lifecycle import IN_PRODUCTION, SENT_BACK, State
from models.releases.activities.gates import EXIT, MET, SUPPORT, UNCONFIRMED

BEFORE_TEST = (State.REQUESTED, *SENT_BACK, State.APPROVED, State.BUILDING)
"""An emergency that goes first has no test: it is past these once its deployment starts."""


def too_early(gate: str, state: str, failures: Sequence[str], *, document: bool) -> str:
    """Why a criterion of ``gate`` can't be met yet, as a half-sentence; empty when it can.

    What it says plays no part. Criteria of early life support are about production. Exit criteria are about what
    the tests have shown, so they need the test to have begun and no failed component to be open; ``failures`` say
    what each of those lacks. A ``document`` may be delivered at any time.
    """
    if gate == SUPPORT and state not in IN_PRODUCTION:
        return "it isn't deployed"
    if gate != EXIT or document:
        return ""
    if state in BEFORE_TEST:
        return "its test hasn't begun"
    return "; ".join(failures)


def outcome_of_evidence(person: str, requesters: Collection[str], others: bool) -> str:
    """Whether evidence that ``person`` enters counts at once; ``others`` besides requesters could confirm it."""
    return UNCONFIRMED if person in requesters and others else MET
