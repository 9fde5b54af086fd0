"""Waiving policy findings of a requested release: docs/process.md#waivers."""

from models.errors import Refused
from models.events import Actor
from models.lifecycle.lifecycle import Verb
from models.lifecycle.reasons import check_reason
from models.releases.approval.events import FindingWaived
from models.releases.approval.permission import case_to_decide
from models.releases.approval.records import FindingToWaive
from models.releases.policy.rules.findings import ALL_FINDINGS
from models.releases.policy.stored_findings import findings_of, lock_findings, waits_for_waiver
from models.unit_of_work import UnitOfWork


async def waivable(
    work: UnitOfWork, actor: Actor, release_id: int, round_: int
) -> tuple[str, list[FindingToWaive]]:
    """The identifier, and the findings that ``actor`` may waive now.

    Raises :class:`~models.errors.Refused` when they may not decide on the release or nothing is left to waive.
    """
    async with work.reading(actor) as snapshot:
        case = await case_to_decide(snapshot, Verb.APPROVE, release_id, round_)
        found = await findings_of(snapshot.session, release_id)
        rows = [row for row in found if waits_for_waiver(row, case.service)]
        if not rows:
            raise _nothing_left(case.identifier)
        return case.identifier, [FindingToWaive(row.id, row.rule, row.key, row.sentence) for row in rows]


async def waive(
    work: UnitOfWork, actor: Actor, release_id: int, round_: int, reason: str, finding: int = ALL_FINDINGS
) -> None:
    """Waive one finding, or all that wait; the reason stays on the card. Sent twice it waives once.

    Raises like :func:`waivable`, and :class:`~models.errors.Invalid` without a usable reason.
    """
    given = check_reason(reason)
    async with work(actor) as tx:
        case = await case_to_decide(tx, Verb.APPROVE, release_id, round_)
        named = [row for row in await lock_findings(tx, release_id) if finding in (ALL_FINDINGS, row.id)]
        waived = [row for row in named if waits_for_waiver(row, case.service)]
        if not waived and any((row.waived_by, row.reason) == (actor.person, given) for row in named):
            return
        if not waived:
            raise _nothing_left(case.identifier)
        for row in waived:
            row.waived_by, row.waived_at, row.reason = actor.person, tx.now, given
        tx.record(
            FindingWaived(
                subject=release_id,
                release_id=release_id,
                identifier=case.identifier,
                channel=case.service.channel,
                grounds=given,
                round=round_,
                findings=tuple(row.sentence for row in waived),
            )
        )


def _nothing_left(identifier: str) -> Refused:
    return Refused(f"Nothing is left to waive for {identifier}.")
