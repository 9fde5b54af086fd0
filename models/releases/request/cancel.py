from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.access import load_for_verb
from models.lifecycle.lifecycle import Verb
from models.lifecycle.window_notices import refresh_window_notice
from models.limits import TEXT_LIMIT
from models.packages.dependents import keys_brought, redraw_releases_after
from models.releases.policy.collision_findings import refresh_collisions
from models.releases.request.events import ReleaseCancelled
from models.unit_of_work import UnitOfWork


async def cancel_release(work: UnitOfWork, actor: Actor, release_id: int, reason: str = "") -> str:
    """Cancel a release before its deployment, and return its identifier. Its number stays taken.

    Raises :class:`~models.errors.Refused` when it is too late or the person may not.
    """
    async with work(actor) as tx:
        loaded = await load_for_verb(tx, Verb.CANCEL, release_id)
        lifecycle.move(loaded.release, Verb.CANCEL, tx.now)
        if loaded.release.approved_at is not None:
            brings = await keys_brought(tx, loaded.id)
            await redraw_releases_after(tx, loaded.catalog, loaded.id, brings, loaded.release.window_start)
        await refresh_collisions(tx, loaded.catalog, loaded.release)
        await refresh_window_notice(tx, loaded.id)
        tx.record(
            ReleaseCancelled(
                subject=loaded.id,
                release_id=loaded.id,
                identifier=loaded.release.identifier,
                grounds=reason.strip()[:TEXT_LIMIT],
                person=actor.person,
                requester=loaded.release.requester,
            )
        )
        return loaded.release.identifier
