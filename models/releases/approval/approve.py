"""Approving a requested release; with the last approval that is needed it goes on."""

from dataclasses import dataclass

from models.catalog.quorum import Tally, tally
from models.catalog.roles import role_words
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.lifecycle import Verb
from models.people.directory import names
from models.releases.approval.case import DecisionCase, read_case, write_decision
from models.releases.approval.completion import count_on
from models.releases.approval.decisions import APPROVED
from models.releases.approval.events import ApprovalGranted
from models.releases.approval.rights import counting_right
from models.releases.approval.stand_ins import DecisionRight
from models.releases.policy.recorded import require_waivers
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval came to."""

    identifier: str
    tally: Tally
    again: bool
    """The person had approved this already; nothing was changed."""


async def approve_release(work: UnitOfWork, actor: Actor, release_id: int, round_: int) -> Approved:
    """Count ``actor``'s approval of round ``round_``; with the last one needed the release is approved.

    Raises :class:`~models.errors.Refused` for the requester, for people in no role that is asked for and when
    their roles have all approved, and when this would complete the approvals of a release whose policy findings
    are not all waived; :class:`~models.errors.Stale` when the release has changed since.
    """
    async with work(actor) as tx:
        case = await read_case(tx, Verb.APPROVE, release_id, round_, approved=True)
        before = tally(case.type.approvals, case.approvals, case.requester)
        if any(one.person == actor.person and one.verdict == APPROVED for one in case.decisions):
            return Approved(case.identifier, before, again=True)
        standing, after = await counting_right(tx, case, actor.person, before)
        await write_decision(tx, case, APPROVED, standing, "")
        if after.complete:
            await require_waivers(tx, case.catalog, case.id, case.identifier)
            await _complete(tx, case)
        tx.record(
            ApprovalGranted(
                subject=case.id,
                release_id=case.id,
                identifier=case.identifier,
                channel=case.service.channel,
                grounds=await _grounds(tx, standing),
                round=case.round,
                roles=standing.roles,
                standing_in_for=standing.standing_in_for,
                complete=after.complete,
                requester=case.requester,
            )
        )
        return Approved(case.identifier, after, again=False)


async def _complete(tx: Transaction, case: DecisionCase) -> None:
    await lifecycle.approve(tx, case.id, case.identifier, case.row.state)
    await count_on(tx, case.catalog, case.service, case.id, case.round, case.row.type, case.row.window_start)


async def _grounds(tx: Transaction, standing: DecisionRight) -> str:
    if not standing.standing_in_for:
        return f"holds {role_words(standing.roles)}"
    called = await names(tx.session, (standing.standing_in_for,))
    absent = called.get(standing.standing_in_for, standing.standing_in_for)
    return f"stands in for {absent}, who holds {role_words(standing.roles)}"
