"""Rejecting a requested release, or sending it back for changes."""

from sqlmodel import col, select

from models.catalog.quorum import reachable
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.lifecycle import Verb
from models.lifecycle.reasons import check_reason
from models.lifecycle.tables.release import Release
from models.people.directory import people_in
from models.releases.approval.decision_case import DecisionCase, read_case, write_decision
from models.releases.approval.decisions import CHANGES_REQUESTED, REJECTED
from models.releases.approval.events import ChangesRequested, ReleaseRejected
from models.releases.approval.permission import right_to_decide
from models.releases.policy.collision_findings import refresh_collisions
from models.unit_of_work import Transaction, UnitOfWork


async def reject_release(work: UnitOfWork, actor: Actor, release_id: int, round_: int, reason: str) -> None:
    """Reject with ``reason``: the release is stopped, unless the policy lets it go on while it can be approved.

    Raises like :func:`~models.releases.approval.approve.approve_release`, and :class:`~models.errors.Invalid`
    without a usable reason.
    """
    given = check_reason(reason)
    async with work(actor) as tx:
        case = await read_case(tx, Verb.REJECT, release_id, round_)
        right = await right_to_decide(tx, case)
        if case.has_decided(actor.person, REJECTED):
            return
        await write_decision(tx, case.id, case.round, case.decisions, REJECTED, right, given)
        stopped = await _stops(tx, case, {actor.person, right.standing_in_for})
        if stopped:
            await refresh_collisions(tx, case.catalog, await _move(tx, case.id, Verb.REJECT))
        tx.record(
            ReleaseRejected(
                subject=case.id,
                release_id=case.id,
                identifier=case.identifier,
                channel=case.service.channel,
                grounds=given,
                round=case.round,
                stopped=stopped,
                person=actor.person,
                requester=case.requester,
                standing_in_for=right.standing_in_for,
            )
        )


async def request_changes(work: UnitOfWork, actor: Actor, release_id: int, round_: int, reason: str) -> None:
    """Send the release back to its requester with ``reason``. Raises like :func:`reject_release`."""
    given = check_reason(reason)
    async with work(actor) as tx:
        case = await read_case(tx, Verb.REQUEST_CHANGES, release_id, round_)
        right = await right_to_decide(tx, case)
        await write_decision(tx, case.id, case.round, case.decisions, CHANGES_REQUESTED, right, given)
        await _move(tx, case.id, Verb.REQUEST_CHANGES)
        tx.record(
            ChangesRequested(
                subject=case.id,
                release_id=case.id,
                identifier=case.identifier,
                channel=case.service.channel,
                grounds=given,
                round=case.round,
                person=actor.person,
                requester=case.requester,
                standing_in_for=right.standing_in_for,
            )
        )


async def _stops(tx: Transaction, case: DecisionCase, rejecters: set[str]) -> bool:
    if case.rules.one_rejection_stops:
        return True
    holders = {role: await people_in(tx.session, case.service, role) for role in case.rules.required}
    earlier = [one for one in case.decisions if one.verdict == REJECTED]
    against = {one.person for one in earlier} | {one.standing_in_for for one in earlier} | rejecters
    return not reachable(case.rules.required, holders, case.requesters, against)


async def _move(tx: Transaction, release_id: int, verb: Verb) -> Release:
    release = (await tx.session.exec(select(Release).where(col(Release.id) == release_id))).one()
    lifecycle.move(release, verb, tx.now)
    return release
