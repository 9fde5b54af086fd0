from sqlmodel import col, select

from models.environments.contents import record_deployed, take_back_contents
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.access import LoadedRelease, load_for_verb
from models.lifecycle.lifecycle import Verb
from models.lifecycle.tables.clearance import WindowWatch
from models.lifecycle.tables.release import Deployment
from models.lifecycle.window_notices import refresh_window_notice
from models.lifecycle.window_state import deployment_end
from models.packages.dependents import redraw_open
from models.packages.store import versions_brought
from models.releases.activities.adoption import is_adopted_at
from models.releases.activities.events import DeploymentStarted, ReleaseBackedOut, ReleaseDeployed
from models.releases.activities.step import activities_of, begin_step, required_texts
from models.releases.clearance.ask import require_clearance
from models.releases.clearance.obstacles import Asked
from models.releases.clearance.overrides import end_overrides, record_what_emergency_passed
from models.releases.plan.plan import add_early_life_support_end
from models.releases.policy.collision_findings import refresh_collisions
from models.support.recording import go_live
from models.unit_of_work import Transaction, UnitOfWork

UNDER_WAY = "under_way"

DEPLOYED = "deployed"

BACKED_OUT = "backed_out"

BACK_OUT_PROMPTS = {
    "reason": "Give a reason; the requester reads it.",
    "restored": "Say what was restored, such as the version that runs again.",
}
"""The fields of a back-out, each with what to say when it is empty."""


async def start_deployment(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Record that the deployment begins; returns the identifier.

    Raises :class:`~models.errors.Refused` when nobody has said go or the person may not deploy it, and
    :class:`~models.releases.clearance.ask.NotCleared` when something is in the way now.
    """
    async with work(actor) as tx:
        step = await begin_step(tx, Verb.START_DEPLOYMENT, release_id)
        loaded, release = step.loaded, step.release
        passed = await require_clearance(tx, loaded, Asked.START)
        if passed:
            await record_what_emergency_passed(tx, loaded, passed)
        adopted = await is_adopted_at(tx, release, tx.now)
        lifecycle.move(release, Verb.START_DEPLOYMENT, tx.now)
        release.started_at = tx.now
        watch = await tx.session.get(WindowWatch, loaded.id)
        if watch is not None:  # one that missed its window would be chased at another hour
            watch.next_at = deployment_end(release)
            await refresh_window_notice(tx, loaded.id)
        if not await _continue_reported(tx, loaded):
            tx.session.add(
                Deployment(
                    service=release.service,
                    release_id=loaded.id,
                    started_at=tx.now,
                    adopted=adopted,
                    outcome=UNDER_WAY,
                    what=release.title,
                    reported_by=actor.person,
                )
            )
        tx.record(
            DeploymentStarted(
                subject=loaded.id,
                release_id=loaded.id,
                identifier=release.identifier,
                person=actor.person,
                passed_over=tuple(one.text for one in passed),
            )
        )
        return release.identifier


async def mark_deployed(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Record that the release is in production: its known errors go live. Returns the identifier.

    Raises :class:`~models.errors.Refused` when no deployment is under way or the person
    may not.
    """
    async with work(actor) as tx:
        loaded = await load_for_verb(tx, Verb.MARK_DEPLOYED, release_id)
        release = loaded.release
        lifecycle.move(release, Verb.MARK_DEPLOYED, tx.now)
        release.deployed_at = tx.now
        await _end_deployment(tx, loaded, DEPLOYED)
        await end_overrides(tx, loaded.id)
        await refresh_window_notice(tx, loaded.id)
        live = await go_live(tx, loaded.id)
        record_deployed(tx, loaded.catalog, release, await versions_brought(tx.session, loaded.id))
        await add_early_life_support_end(tx, loaded.catalog, release)
        await redraw_open(tx, loaded.catalog, release)
        await refresh_collisions(tx, loaded.catalog, release)
        tx.record(
            ReleaseDeployed(
                subject=loaded.id,
                release_id=loaded.id,
                identifier=release.identifier,
                person=actor.person,
                known_errors=live,
            )
        )
        return release.identifier


async def back_out(work: UnitOfWork, actor: Actor, release_id: int, reason: str, restored: str) -> str:
    """Record that the release was taken out of production, why, and what was restored; returns the identifier.

    Raises :class:`~models.errors.Invalid` without a reason or what was restored,
    :class:`~models.errors.Refused` when there is nothing to back out or the person may not.
    """
    given = required_texts({"reason": reason, "restored": restored}, BACK_OUT_PROMPTS)
    async with work(actor) as tx:
        loaded = await load_for_verb(tx, Verb.BACK_OUT, release_id)
        lifecycle.move(loaded.release, Verb.BACK_OUT, tx.now)
        activities = await activities_of(tx, loaded.release, loaded.service)
        activities.restored = given["restored"]
        await _end_deployment(tx, loaded, BACKED_OUT)
        await end_overrides(tx, loaded.id)
        await refresh_window_notice(tx, loaded.id)
        await take_back_contents(tx, loaded.id)
        await redraw_open(tx, loaded.catalog, loaded.release)
        await refresh_collisions(tx, loaded.catalog, loaded.release)
        tx.record(
            ReleaseBackedOut(
                subject=loaded.id,
                release_id=loaded.id,
                identifier=loaded.release.identifier,
                grounds=given["reason"],
                restored=given["restored"],
                person=actor.person,
                requester=loaded.release.requester,
            )
        )
        return loaded.release.identifier


async def _continue_reported(tx: Transaction, loaded: LoadedRelease) -> bool:
    """Continue the deployment that a pipeline has reported, so that it counts once; False when there is none."""
    deployment = await _latest_deployment(tx, loaded)
    if deployment is None:
        return False
    deployment.outcome, deployment.ended_at = UNDER_WAY, None
    return True


async def _latest_deployment(tx: Transaction, loaded: LoadedRelease) -> Deployment | None:
    query = select(Deployment).where(col(Deployment.release_id) == loaded.id).order_by(col(Deployment.id).desc())
    return (await tx.session.exec(query)).first()


async def _end_deployment(tx: Transaction, loaded: LoadedRelease, outcome: str) -> None:
    deployment = await _latest_deployment(tx, loaded)
    if deployment is not None:
        deployment.outcome = outcome
        deployment.ended_at = tx.now
