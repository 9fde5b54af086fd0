from collections.abc import Iterable

from sqlalchemy import insert, update
from sqlmodel import col

from models.lifecycle.tables.approvals import Decision
from models.releases.approval.decisions import Decided
from models.releases.approval.rights import DecisionRight
from models.storage.prepared_statements import Prepared
from models.unit_of_work import Transaction

_DECIDE = Prepared(
    insert(Decision), ("release_id", "round", "person", "verdict", "standing_in_for", "roles", "reason", "at")
)

IN_NO_ROLE = DecisionRight(())


async def write_decision(
    tx: Transaction,
    release_id: int,
    round_: int,
    decisions: Iterable[Decided],
    verdict: str,
    right: DecisionRight = IN_NO_ROLE,
    reason: str = "",
) -> None:
    """Write down what the actor decides, in place of an earlier decision of theirs among the round's ``decisions``.

    Nothing of the earlier one is left. The first one is a plain insert, because approving is what happens most.
    """
    values = {
        "verdict": verdict,
        "standing_in_for": right.standing_in_for or None,
        "roles": list(right.roles),
        "reason": reason,
        "at": tx.now,
    }
    if all(one.person != tx.actor.person for one in decisions):
        row = {"release_id": release_id, "round": round_, "person": tx.actor.person, **values}
        await tx.run(_DECIDE, row)
        return
    await tx.session.exec(
        update(Decision)
        .where(
            col(Decision.release_id) == release_id,
            col(Decision.round) == round_,
            col(Decision.person) == tx.actor.person,
        )
        .values(**values)
    )
