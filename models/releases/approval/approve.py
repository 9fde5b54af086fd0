"""Approving a requested release; the last approval that is needed takes it on."""

from dataclasses import dataclass
from datetime import datetime

from models.catalog.document import Catalog, LaterApprovalTerms, Service
from models.catalog.quorum import Tally
from models.catalog.roles import role_words
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.lifecycle import Verb
from models.packages.dependents import keys_brought, redraw_releases_after
from models.people.directory import names
from models.releases.approval.decision_case import read_case, write_case_decision
from models.releases.approval.decisions import APPROVED
from models.releases.approval.events import ApprovalGranted
from models.releases.approval.later_approvals import require_later_approvals
from models.releases.approval.permission import right_to_approve
from models.releases.approval.rights import DecisionRight
from models.releases.plan.plan import create_plan
from models.releases.policy.stored_findings import require_waivers
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Approved:
    identifier: str
    tally: Tally
    again: bool
    """The person had approved this already; nothing was changed."""


async def approve_release(work: UnitOfWork, actor: Actor, release_id: int, round_: int) -> Approved:
    """Count ``actor``'s approval of round ``round_``; with the last one needed the release is approved.

    Raises :class:`~models.errors.Refused` for requesters, for people in no role that is asked for, when their
    roles have all approved, and when this would complete the approvals of a release whose policy findings are not
    all waived; :class:`~models.errors.Stale` when the release has changed since.
    """
    async with work(actor) as tx:
        case = await read_case(tx, Verb.APPROVE, release_id, round_, allow_repeat=True)
        if case.has_decided(actor.person, APPROVED):
            return Approved(case.identifier, case.progress.tally(), again=True)
        right, tally = await right_to_approve(tx, case)
        await write_case_decision(tx, case, APPROVED, right)
        if tally.complete:
            await require_waivers(tx, case.catalog, case.id, case.identifier)
            await lifecycle.approve(tx, case.id, case.identifier, case.state)
            await carry_out_approval(
                tx,
                case.catalog,
                case.service,
                case.id,
                case.round,
                case.type_name,
                case.window_start,
                case.rules.later,
            )
        tx.record(
            ApprovalGranted(
                subject=case.id,
                release_id=case.id,
                identifier=case.identifier,
                channel=case.service.channel,
                grounds=await _grounds(tx, right),
                round=case.round,
                roles=right.roles,
                standing_in_for=right.standing_in_for,
                complete=tally.complete,
                requester=case.requester,
            )
        )
        return Approved(case.identifier, tally, again=False)


async def _grounds(tx: Transaction, right: DecisionRight) -> str:
    if not right.standing_in_for:
        return f"holds {role_words(right.roles)}"
    called = await names(tx.session, (right.standing_in_for,))
    absent = called.get(right.standing_in_for, right.standing_in_for)
    return f"stands in for {absent}, who holds {role_words(right.roles)}"


async def carry_out_approval(
    tx: Transaction,
    catalog: Catalog,
    service: Service,
    release_id: int,
    round_: int,
    type_name: str,
    window_start: datetime,
    later: LaterApprovalTerms | None,
) -> None:
    """Make the plan, redraw the cards of releases that come later, and require the later approvals."""
    await create_plan(tx, catalog, release_id, service, type_name, window_start)
    await redraw_releases_after(tx, catalog, release_id, await keys_brought(tx, release_id), window_start)
    if later:
        require_later_approvals(tx, release_id, round_, later, catalog.zone(service))
