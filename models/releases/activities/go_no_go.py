"""Go or no go for the deployment of a tested release (docs/process.md#go-or-no-go)."""

from models.catalog.roles import AUTHORITY, DEPLOYERS, TESTERS
from models.events import Actor
from models.lifecycle.access import holders_that_answer
from models.lifecycle.lifecycle import Verb
from models.lifecycle.reasons import check_reason
from models.people.freshness import check_membership_of_actor
from models.releases.activities.events import GoGiven, NoGoGiven
from models.releases.activities.step import activity_event_facts, begin_step, take_step
from models.releases.clearance.ask import require_clearance
from models.releases.clearance.obstacles import Asked
from models.unit_of_work import UnitOfWork


async def say_go(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Authorise the deployment; returns the identifier.

    Raises :class:`~models.errors.Refused` unless the release is tested and the person may decide, which requesters
    never do, also when Slack hasn't confirmed for a day that they may; and
    :class:`~models.releases.clearance.ask.NotCleared` when something is in the way of its window.
    """
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.GO, release_id)
        if step.loaded.service:
            await check_membership_of_actor(tx, step.loaded.service, AUTHORITY)
        passed = await require_clearance(tx, step.loaded, Asked.GO)
        take_step(tx, step, Verb.GO)
        step.activities.go_by, step.activities.go_at = actor.person, tx.now
        deployers = holders_that_answer(step.loaded.service, DEPLOYERS[:1])
        tx.record(
            GoGiven(
                **activity_event_facts(step, actor),
                turn=step.activities.turns,
                mentions=deployers,
                passed_over=tuple(one.text for one in passed),
            )
        )
        return step.release.identifier


async def say_no_go(work: UnitOfWork, actor: Actor, release_id: int, reason: str) -> str:
    """Send a tested release back to test, also after a go; returns the identifier.

    Raises :class:`~models.errors.Invalid` without a reason, Refused as :func:`say_go`.
    """
    given = check_reason(reason)
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.NO_GO, release_id)
        take_step(tx, step, Verb.NO_GO)
        step.activities.go_by = step.activities.go_at = None
        release, testers = step.release, holders_that_answer(step.loaded.service, TESTERS[1:])
        tx.record(
            NoGoGiven(
                **activity_event_facts(step, actor),
                grounds=given,
                turn=step.activities.turns,
                mentions=tuple(dict.fromkeys((*testers, release.requester))),
            )
        )
        return release.identifier
