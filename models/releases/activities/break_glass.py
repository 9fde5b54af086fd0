"""Breaking the glass to deploy what something hard is in the way of: docs/process.md#breaking-the-glass."""

from dataclasses import dataclass

from models.errors import Refused
from models.events import Actor
from models.lifecycle.access import LoadedRelease, check_round, load_for_verb
from models.lifecycle.lifecycle import STARTABLE, State, Verb
from models.lifecycle.reasons import check_reason
from models.lifecycle.tables.clearance import GLASS
from models.releases.activities.start_clearance import clearance_to_start
from models.releases.clearance.ask import service_of
from models.releases.clearance.events import GuardBroken
from models.releases.clearance.obstacles import Obstacle
from models.releases.clearance.overrides import override_facts, write_override
from models.releases.clearance.rules import NEVER_OVERRIDDEN
from models.releases.policy.surroundings import plan_in_turn
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class BreakableGuard:
    """A release, and what is in the way of its deployment now."""

    id: int
    identifier: str
    round: int
    obstacles: tuple[Obstacle, ...]


async def check_may_break_guard(work: UnitOfWork, actor: Actor, release_id: int) -> BreakableGuard:
    """Whether ``actor`` could break the glass to deploy. Raises what :func:`break_guard` would raise."""
    async with work.reading(actor) as snapshot:
        loaded, obstacles = await _breakable(snapshot, release_id)
        return BreakableGuard(loaded.id, loaded.release.identifier, loaded.release.round, obstacles)


async def break_guard(work: UnitOfWork, actor: Actor, release_id: int, round_: int, reason: str) -> str:
    """Open everything that is in the way of this one deployment, hard and soft. Returns the identifier.

    Raises :class:`~models.errors.Invalid` without a usable reason, :class:`~models.errors.Refused` for the
    requester, for people in none of the roles and when nothing is in the way, :class:`~models.errors.Stale` when
    the release has changed since.
    """
    given = check_reason(reason)
    async with work(actor) as tx:
        loaded, obstacles = await _breakable(tx, release_id)
        check_round(loaded.release.identifier, loaded.release.round, round_)
        service = service_of(loaded)
        row = await write_override(tx, loaded.release, GLASS, obstacles, given)
        holders = [one for role in service.policy.override_by for one in service.holders(role)]
        tx.record(
            GuardBroken(
                **override_facts(loaded, service, row),
                grounds=given,
                mentions=tuple(dict.fromkeys(one for one in holders if one != actor.person)),
            )
        )
        return loaded.release.identifier


async def _breakable(snapshot: Snapshot, release_id: int) -> tuple[LoadedRelease, tuple[Obstacle, ...]]:
    loaded = await load_for_verb(snapshot, Verb.BREAK_GLASS, release_id)
    release, service = loaded.release, service_of(loaded)
    if release.state not in STARTABLE:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so no deployment can start now.")
    if isinstance(snapshot, Transaction):
        await plan_in_turn(snapshot, loaded.catalog, service.key)
    clearance = await clearance_to_start(snapshot, loaded, service)
    obstacles = tuple(one for one in clearance.obstacles if one.code not in NEVER_OVERRIDDEN)
    if not obstacles:
        raise Refused(f"Nothing is in the way of {release.identifier}, so there is no glass to break.")
    return loaded, obstacles
