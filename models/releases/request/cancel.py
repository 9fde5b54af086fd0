"""Cancelling a release that is not deploying yet."""

from models.events import Actor
from models.lifecycle import lifecycle
from models.lifecycle.access import load_to
from models.lifecycle.lifecycle import Verb
from models.packages.dependents import keys_brought, redraw_later
from models.releases.policy.recollide import settle_collisions
from models.releases.request.events import ReleaseCancelled
from models.unit_of_work import UnitOfWork


async def cancel_release(work: UnitOfWork, actor: Actor, release_id: int, reason: str = "") -> str:
    """Cancel a release that is not being deployed yet; gives the identifier. Its number stays taken.

    Raises :class:`~models.errors.Refused` when it is too late or the person may not.
    """
    async with work(actor) as tx:
        found = await load_to(tx, Verb.CANCEL, release_id)
        lifecycle.move(found.release, Verb.CANCEL, tx.now)
        if found.release.approved_at is not None:
            brings = await keys_brought(tx, found.id)
            await redraw_later(tx, found.catalog, found.id, brings, found.release.window_start)
        await settle_collisions(tx, found.catalog, found.release)
        tx.record(
            ReleaseCancelled(
                subject=found.id,
                release_id=found.id,
                identifier=found.release.identifier,
                grounds=reason.strip()[:3000],
                person=actor.person,
                requester=found.release.requester,
            )
        )
        return found.release.identifier
