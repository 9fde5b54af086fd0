"""Waiving what a release does not keep of its policy: an approver of it does, with a reason."""

from models.errors import Refused
from models.events import Actor
from models.lifecycle.lifecycle import Verb
from models.lifecycle.reasons import check_reason
from models.lifecycle.tables.findings import ReleaseFinding
from models.releases.approval.events import FindingWaived
from models.releases.approval.records import FindingToWaive
from models.releases.approval.rights import decider
from models.releases.policy.recorded import kept, kept_alone
from models.releases.policy.rules.findings import EVERYTHING
from models.unit_of_work import Snapshot, UnitOfWork


async def waivable(
    work: UnitOfWork, actor: Actor, release_id: int, round_: int
) -> tuple[str, list[FindingToWaive]]:
    """The identifier, and the findings that ``actor`` may waive now.

    Raises :class:`~models.errors.Refused` when they may not decide on the release or nothing is left to waive.
    """
    async with work.reading(actor) as snapshot:
        deciding = await decider(snapshot, Verb.APPROVE, release_id, round_)
        waiting = await _waiting(snapshot, deciding.identifier, release_id)
        return deciding.identifier, [FindingToWaive(row.id, row.rule, row.key, row.sentence) for row in waiting]


async def waive(
    work: UnitOfWork, actor: Actor, release_id: int, round_: int, reason: str, finding: int = EVERYTHING
) -> None:
    """Waive one finding, or all that wait; the reason stays on the card. Sent twice it waives once.

    Raises like :func:`waivable`, and :class:`~models.errors.Invalid` without a usable reason.
    """
    given = check_reason(reason)
    async with work(actor) as tx:
        deciding = await decider(tx, Verb.APPROVE, release_id, round_)
        named = [row for row in await kept_alone(tx, release_id) if finding in (EVERYTHING, row.id)]
        waived = [row for row in named if row.waived_by is None]
        if not waived and any((row.waived_by, row.reason) == (actor.person, given) for row in named):
            return
        if not waived:
            raise Refused(f"Nothing is left to waive for {deciding.identifier}.")
        for row in waived:
            row.waived_by, row.waived_at, row.reason = actor.person, tx.now, given
        tx.record(
            FindingWaived(
                subject=release_id,
                release_id=release_id,
                identifier=deciding.identifier,
                channel=deciding.channel,
                grounds=given,
                round=round_,
                findings=tuple(row.sentence for row in waived),
            )
        )


async def _waiting(snapshot: Snapshot, identifier: str, release_id: int) -> list[ReleaseFinding]:
    waiting = [row for row in await kept(snapshot.session, release_id) if row.waived_by is None]
    if not waiting:
        raise Refused(f"Nothing is left to waive for {identifier}.")
    return waiting
