"""After the deployment: verification, early life support, handover to operations, review, retirement."""

from sqlmodel import col, select

from models.errors import Invalid
from models.events import Actor
from models.lifecycle.access import holders_that_answer
from models.lifecycle.lifecycle import Verb
from models.lifecycle.reasons import check_reason
from models.lifecycle.tables.plan import PlanTask
from models.releases.activities.events import (
    EarlyLifeSupportStarted,
    HandoverAccepted,
    HandoverOffered,
    HandoverSentBack,
    ReleaseRetired,
    ReleaseReviewed,
    ReleaseVerified,
)
from models.releases.activities.step import activity_event_facts, begin_step, required_texts, take_step
from models.releases.plan.plan import ELS_END
from models.unit_of_work import Transaction, UnitOfWork

WORKED = ("yes", "partly", "no")
"""Whether a release did what it was for, as a review answers."""


async def verify_deployment(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Record that the release works in production; returns the identifier. Raises Refused."""
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.VERIFY, release_id)
        take_step(tx, step, Verb.VERIFY)
        step.activities.verified_by, step.activities.verified_at = actor.person, tx.now
        tx.record(ReleaseVerified(**activity_event_facts(step, actor)))
        return step.release.identifier


async def start_early_life_support(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Start early life support of a verified release; returns the identifier. Raises Refused."""
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.START_EARLY_LIFE_SUPPORT, release_id)
        take_step(tx, step, Verb.START_EARLY_LIFE_SUPPORT)
        tx.record(EarlyLifeSupportStarted(**activity_event_facts(step, actor)))
        return step.release.identifier


async def offer_handover(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Offer the release to operations; returns the identifier.

    Raises :class:`~models.errors.Refused` while a criterion of early life support is open or it is already offered.
    """
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.HAND_OVER, release_id)
        take_step(tx, step, Verb.HAND_OVER)
        step.activities.offered_by, step.activities.offered_at = actor.person, tx.now
        people = holders_that_answer(step.loaded.service, ("operations_lead",))
        tx.record(HandoverOffered(**activity_event_facts(step, actor), turn=step.activities.turns, mentions=people))
        return step.release.identifier


async def accept_handover(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Take the release over into operations, which ends its support; returns the identifier. Raises Refused."""
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.ACCEPT_HANDOVER, release_id)
        take_step(tx, step, Verb.ACCEPT_HANDOVER)
        step.activities.taken_over_by = actor.person
        await _complete_support_milestone(tx, step.loaded.id)
        mentions = (step.activities.offered_by or step.release.requester,)
        tx.record(
            HandoverAccepted(**activity_event_facts(step, actor), turn=step.activities.turns, mentions=mentions)
        )
        return step.release.identifier


async def send_handover_back(work: UnitOfWork, actor: Actor, release_id: int, reason: str) -> str:
    """Send the offered handover back into early life support; returns the identifier.

    Raises :class:`~models.errors.Invalid` without a reason, Refused when nothing is offered or the person may not.
    """
    given = check_reason(reason)
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.SEND_BACK, release_id)
        take_step(tx, step, Verb.SEND_BACK)
        mentions = (step.activities.offered_by or step.release.requester,)
        step.activities.offered_by = step.activities.offered_at = None
        tx.record(
            HandoverSentBack(
                **activity_event_facts(step, actor), grounds=given, turn=step.activities.turns, mentions=mentions
            )
        )
        return step.release.identifier


async def review_release(work: UnitOfWork, actor: Actor, release_id: int, worked: str, review: str) -> str:
    """Record whether the release did what it was for, and what to learn from it; returns the identifier.

    Raises :class:`~models.errors.Invalid` for a wrong field, and Refused.
    """
    if worked not in WORKED:
        raise Invalid({"worked": "Choose yes, partly or no."})
    given = required_texts(
        {"review": review}, {"review": "Say what shows it, and what to do differently next time."}
    )
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.REVIEW, release_id)
        take_step(tx, step, Verb.REVIEW)
        activities = step.activities
        activities.worked, activities.review = worked, given["review"]
        activities.reviewed_by, activities.reviewed_at = actor.person, tx.now
        tx.record(ReleaseReviewed(**activity_event_facts(step, actor), grounds=given["review"], worked=worked))
        return step.release.identifier


async def retire_release(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Retire a reviewed release that production no longer runs; returns the identifier. Raises Refused."""
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.RETIRE, release_id)
        take_step(tx, step, Verb.RETIRE)
        tx.record(ReleaseRetired(**activity_event_facts(step, actor)))
        return step.release.identifier


async def _complete_support_milestone(tx: Transaction, release_id: int) -> None:
    """Settle the milestone of early life support: the handover ends it."""
    query = select(PlanTask).where(
        col(PlanTask.release_id) == release_id, col(PlanTask.title) == ELS_END, col(PlanTask.done_at).is_(None)
    )
    for task in (await tx.session.exec(query)).all():
        task.done_at, task.done_by, task.chase_at = tx.now, tx.actor.person, None
