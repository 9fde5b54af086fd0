"""Taking an approved release into production, or out of it again."""

from sqlmodel import col, select

from models.environments.contents import record_deployed, take_back_contents
from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.access import LoadedRelease, load_for_verb
from models.lifecycle.lifecycle import Verb
from models.lifecycle.tables.release import Deployment
from models.packages.dependents import redraw_open
from models.packages.store import versions_brought
from models.releases.activities.adoption import is_adopted
from models.releases.activities.events import DeploymentStarted, ReleaseBackedOut, ReleaseDeployed
from models.releases.activities.step import activities_of, enter, written
from models.releases.plan.plan import add_early_life_support_end
from models.releases.policy.collision_findings import refresh_collisions
from models.support.recording import go_live
from models.unit_of_work import Transaction, UnitOfWork

UNDER_WAY = "under_way"

DEPLOYED = "deployed"

BACKED_OUT = "backed_out"

BACK_OUT_ASKED = {
    "reason": "Give a reason; the requester reads it.",
    "restored": "Say what was restored, such as the version that runs again.",
}
"""The fields of a back-out, and what to write where one is empty."""


async def start_deployment(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Record that the deployment begins; gives the identifier.

    It counts as adopted: the release was recorded before, its approvals are complete and its criteria settled
    (DOMAIN.md); an emergency that goes first is adopted when they are. Raises :class:`~models.errors.Refused` when
    nobody has said go or the person may not deploy it.
    """
    async with work(actor) as tx:
        step = await enter(tx, Verb.START_DEPLOYMENT, release_id)
        found, release = step.found, step.release
        adopted = await is_adopted(tx, release, tx.now)
        lifecycle.move(release, Verb.START_DEPLOYMENT, tx.now)
        release.started_at = tx.now
        if not await _reported_already(tx, found):
            tx.session.add(
                Deployment(
                    service=release.service,
                    release_id=found.id,
                    started_at=tx.now,
                    adopted=adopted,
                    outcome=UNDER_WAY,
                    what=release.title,
                    reported_by=actor.person,
                )
            )
        tx.record(
            DeploymentStarted(
                subject=found.id, release_id=found.id, identifier=release.identifier, person=actor.person
            )
        )
        return release.identifier


async def mark_deployed(work: UnitOfWork, actor: Actor, release_id: int) -> str:
    """Record that the release is in production: its known errors go live and early life support begins.

    Gives the identifier. Raises :class:`~models.errors.Refused` when no deployment is under way or the person
    may not.
    """
    async with work(actor) as tx:
        found = await load_for_verb(tx, Verb.MARK_DEPLOYED, release_id)
        release = found.release
        lifecycle.move(release, Verb.MARK_DEPLOYED, tx.now)
        release.deployed_at = tx.now
        await _end_deployment(tx, found, DEPLOYED)
        live = await go_live(tx, found.id)
        record_deployed(tx, found.catalog, release, await versions_brought(tx.session, found.id))
        await add_early_life_support_end(tx, found.catalog, release)
        await redraw_open(tx, found.catalog, release)
        await refresh_collisions(tx, found.catalog, release)
        tx.record(
            ReleaseDeployed(
                subject=found.id,
                release_id=found.id,
                identifier=release.identifier,
                person=actor.person,
                known_errors=live,
            )
        )
        return release.identifier


async def back_out(work: UnitOfWork, actor: Actor, release_id: int, reason: str, restored: str) -> str:
    """Record that the release was taken out of production, why, and what was restored; gives the identifier.

    Raises :class:`~models.errors.Invalid` without a reason or what was restored,
    :class:`~models.errors.Refused` when there is nothing to back out or the person may not.
    """
    given = written({"reason": reason, "restored": restored}, BACK_OUT_ASKED)
    async with work(actor) as tx:
        found = await load_for_verb(tx, Verb.BACK_OUT, release_id)
        lifecycle.move(found.release, Verb.BACK_OUT, tx.now)
        activities = await activities_of(tx, found.release, found.service)
        activities.restored = given["restored"]
        await _end_deployment(tx, found, BACKED_OUT)
        await take_back_contents(tx, found.id)
        await redraw_open(tx, found.catalog, found.release)
        await refresh_collisions(tx, found.catalog, found.release)
        tx.record(
            ReleaseBackedOut(
                subject=found.id,
                release_id=found.id,
                identifier=found.release.identifier,
                grounds=given["reason"],
                restored=given["restored"],
                person=actor.person,
                requester=found.release.requester,
            )
        )
        return found.release.identifier


async def _reported_already(tx: Transaction, found: LoadedRelease) -> bool:
    """Whether a pipeline reported this deployment before: then that one goes on, so that it counts once."""
    deployment = await _deployment(tx, found)
    if deployment is None:
        return False
    deployment.outcome, deployment.ended_at = UNDER_WAY, None
    return True


async def _deployment(tx: Transaction, found: LoadedRelease) -> Deployment | None:
    query = select(Deployment).where(col(Deployment.release_id) == found.id).order_by(col(Deployment.id).desc())
    return (await tx.session.exec(query)).first()


async def _end_deployment(tx: Transaction, found: LoadedRelease, outcome: str) -> None:
    deployment = await _deployment(tx, found)
    if deployment is not None:
        deployment.outcome = outcome
        deployment.ended_at = tx.now
