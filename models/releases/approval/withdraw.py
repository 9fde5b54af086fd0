"""Withdrawing an approval, until the quorum is there: docs/process.md#quorum."""

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import col, select

from models.catalog.roles import role_words
from models.errors import Refused
from models.events import Actor
from models.lifecycle.lifecycle import Verb
from models.lifecycle.tables.approvals import ApprovalChase, Decision
from models.people.directory import names
from models.releases.approval.decision_case import DecisionCase, read_case
from models.releases.approval.decisions import APPROVED, entitlement
from models.releases.approval.events import ApprovalWithdrawn
from models.releases.approval.progress import can_still_approve, quorum_progress
from models.unit_of_work import Transaction, UnitOfWork


async def withdraw_approval(work: UnitOfWork, actor: Actor, release_id: int, round_: int, payload: str) -> str:
    """Take back the actor's approval of round ``round_``; they may decide again. Returns the identifier.

    A click that Slack repeats, by its key ``payload``, is carried out once. Raises
    :class:`~models.errors.Refused` when the actor hasn't approved or the release no longer waits for approval,
    :class:`~models.errors.Stale` when it has changed since.
    """
    async with work(actor) as tx:
        case = await read_case(tx, Verb.WITHDRAW, release_id, round_)
        if not await tx.once("withdraw", payload):
            return case.identifier
        if not case.has_decided(actor.person, APPROVED):
            raise Refused(await _nothing_to_withdraw(tx, case))
        decision = (await tx.session.exec(select(Decision).where(*_own(tx, case)))).one()
        left = [one for one in case.decisions if one.person != actor.person]
        progress = quorum_progress(case.rules.required, left, case.requesters)
        could_approve = await can_still_approve(tx.session, case.service, progress, tx.now)
        absent = decision.standing_in_for or ""
        called = await names(tx.session, (absent,)) if absent else {}
        tx.record(
            ApprovalWithdrawn(
                subject=case.id,
                release_id=case.id,
                identifier=case.identifier,
                channel=case.service.channel,
                grounds=entitlement(decision.roles, called.get(absent, absent)),
                round=case.round,
                roles=progress.tally().missing_roles,
                person=actor.person,
                given_at=decision.at.isoformat(),
                asked=tuple(one for one in could_approve if one != actor.person),
                standing_in_for=absent,
            )
        )
        await tx.session.exec(delete(Decision).where(*_own(tx, case)))
        await _chase_again(tx, case.id)
        return case.identifier


def _own(tx: Transaction, case: DecisionCase) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Decision.release_id) == case.id,
        col(Decision.round) == case.round,
        col(Decision.person) == tx.actor.person,
    )


async def _nothing_to_withdraw(tx: Transaction, case: DecisionCase) -> str:
    for_me = next(
        (one for one in case.decisions if (one.standing_in_for, one.verdict) == (tx.actor.person, APPROVED)), None
    )
    if for_me:
        called = await names(tx.session, (for_me.person,))
        name = called.get(for_me.person, for_me.person)
        return f"{name} approved {case.identifier} in your place, so only {name} can withdraw that."
    roles = role_words(case.rules.required)
    return f"You haven't approved {case.identifier}, so there is nothing to withdraw. It is decided by its {roles}."


async def _chase_again(tx: Transaction, release_id: int) -> None:
    """Reckon again when the request is chased: the person is one of those it waits for again."""
    chase = update(ApprovalChase).where(col(ApprovalChase.release_id) == release_id)
    await tx.session.exec(chase.values(next_at=tx.now))
