"""Approving a requested release; the last approval that is needed takes it on."""

from dataclasses import dataclass
from datetime import datetime

from models.catalog.document import Catalog, LaterApprovalTerms, Service
from models.catalog.quorum import Tally
from models.errors import Invalid, Refused
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.lifecycle import Verb
from models.limits import COMMENT_LIMIT
from models.packages.dependents import keys_brought, redraw_releases_after
from models.people.directory import names
from models.releases.approval.decision_case import read_case, write_decision
from models.releases.approval.decisions import APPROVED, entitlement
from models.releases.approval.emergency_override import write_emergency_override
from models.releases.approval.events import ApprovalGranted
from models.releases.approval.later_approvals import require_later_approvals
from models.releases.approval.past_window import refuse_past_window
from models.releases.approval.permission import right_to_approve
from models.releases.approval.rights import DecisionRight
from models.releases.plan.plan import create_plan
from models.releases.policy.rules.facts import EMERGENCY
from models.releases.policy.stored_findings import require_waivers
from models.text import too_long
from models.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Approved:
    identifier: str
    tally: Tally
    again: bool
    """The person had approved this already; nothing was changed."""
    passed_over: tuple[str, ...] = ()
    """The rules about time that this approval of an emergency overrides, in words."""


async def approve_release(
    work: UnitOfWork, actor: Actor, release_id: int, round_: int, comment: str = ""
) -> Approved:
    """Count ``actor``'s approval of round ``round_``; with the last one needed the release is approved.

    ``comment`` is shown with it.

    Raises :class:`~models.errors.Refused` for requesters, for people in no role that is asked for, when their
    roles have all approved, when its window is over, and when this would complete the approvals of a release whose
    policy findings are not all waived; :class:`~models.errors.Stale` when the release has changed since;
    :class:`~models.errors.Invalid` for a comment that is too long.
    """
    given = check_comment(comment)
    async with work(actor) as tx:
        case = await read_case(tx, Verb.APPROVE, release_id, round_, allow_repeat=True)
        if case.has_decided(actor.person, APPROVED):
            return Approved(case.identifier, case.progress.tally(), again=True)
        right, tally = await right_to_approve(tx, case)
        await refuse_past_window(tx, case)
        await write_decision(tx, case.id, case.round, case.decisions, APPROVED, right, given)
        passed_over: tuple[str, ...] = ()
        if tally.complete:
            await require_waivers(tx, case.catalog, case.id, case.identifier)
            await lifecycle.approve(tx, case.id, case.identifier, case.state)
            passed_over = await carry_out_approval(
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
                passed_over=passed_over,
                comment=given,
            )
        )
        return Approved(case.identifier, tally, again=False, passed_over=passed_over)


async def check_may_comment(work: UnitOfWork, actor: Actor, release_id: int, round_: int) -> str:
    """The identifier, if ``actor`` could approve now. Raises what :func:`approve_release` would raise.

    Somebody who has approved already is refused, too: their comment would be lost.
    """
    async with work.reading(actor) as snapshot:
        case = await read_case(snapshot, Verb.APPROVE, release_id, round_)
        if case.has_decided(actor.person, APPROVED):
            raise Refused(
                f"You have approved {case.identifier} already. Withdraw your approval, then approve with a comment."
            )
        await right_to_approve(snapshot, case)
        await refuse_past_window(snapshot, case)
        return case.identifier


def check_comment(comment: str) -> str:
    given = comment.strip()
    if len(given) > COMMENT_LIMIT:
        raise Invalid({"comment": too_long(given, COMMENT_LIMIT)})
    return given


async def _grounds(tx: Transaction, right: DecisionRight) -> str:
    called = await names(tx.session, (right.standing_in_for,)) if right.standing_in_for else {}
    return entitlement(right.roles, called.get(right.standing_in_for, right.standing_in_for))


async def carry_out_approval(
    tx: Transaction,
    catalog: Catalog,
    service: Service,
    release_id: int,
    round_: int,
    type_name: str,
    window_start: datetime,
    later: LaterApprovalTerms | None,
) -> tuple[str, ...]:
    """Make the plan, redraw the cards of releases that come later, and require the later approvals.

    Returns what an emergency passes over, in words.
    """
    await create_plan(tx, catalog, release_id, service, type_name, window_start)
    await redraw_releases_after(tx, catalog, release_id, await keys_brought(tx, release_id), window_start)
    if later:
        require_later_approvals(tx, release_id, round_, later, catalog.zone(service))
    if later or type_name == EMERGENCY:
        return await write_emergency_override(tx, catalog, service, release_id)
    return ()
