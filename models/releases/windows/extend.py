"""Extending a deployment that goes on past its window: docs/process.md#windows-in-time."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from models.catalog.document import OWNER, Service
from models.catalog.roles import DEPLOYERS, RELEASE_MANAGER, role_choice
from models.errors import Invalid, Refused
from models.events import Actor
from models.lifecycle.access import LoadedRelease, holders_that_answer, roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import State
from models.lifecycle.reasons import check_reason
from models.lifecycle.tables.clearance import OVERRIDE, WindowWatch
from models.lifecycle.tables.release import Deployment, Release
from models.lifecycle.window_state import deployment_end
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.releases.clearance.ask import service_of
from models.releases.clearance.extension import ExtensionFacts, judge_extension, latest_end, read_extension_facts
from models.releases.clearance.obstacles import Obstacle
from models.releases.clearance.overrides import write_override
from models.releases.policy.surroundings import plan_in_turn
from models.releases.windows.events import DeploymentExtended
from models.time.days import say_moment
from models.unit_of_work import Snapshot, Transaction, UnitOfWork

EXTENDERS = (RELEASE_MANAGER, OWNER)


@dataclass(frozen=True, slots=True)
class Extendable:
    """A deployment under way that may go on until ``latest`` at most; ``ends`` is when it has to be over now."""

    id: int
    identifier: str
    ends: datetime
    latest: datetime


async def check_may_extend_deployment(work: UnitOfWork, actor: Actor, release_id: int) -> Extendable:
    """Raises what :func:`extend` would raise whatever the time."""
    async with work.reading(actor) as snapshot:
        loaded, _ = await _load(snapshot, release_id)
        release = loaded.release
        return Extendable(loaded.id, release.identifier, deployment_end(release), latest_end(release))


async def extend(work: UnitOfWork, actor: Actor, release_id: int, until: datetime | None, reason: str) -> str:
    """Let the deployment go on until ``until``. Returns the identifier.

    In all it may go on for the window's own length. The approvals hold, because nothing material changes; the
    deployment doesn't count as on time. A hard freeze in the extension refuses it, a soft one and a collision are
    overridden with the reason, which nobody does for their own deployment.

    Raises :class:`~models.errors.Invalid` for a wrong time or reason, :class:`~models.errors.Refused` when nothing
    is being deployed, or for anybody but release manager and owner.
    """
    given = check_reason(reason)
    async with work(actor) as tx:
        loaded, service = await _load(tx, release_id)
        release = loaded.release
        end = _check_time(release, until, tx.now, loaded.catalog.zone(service))
        await plan_in_turn(tx, loaded.catalog, service.key)
        facts = await read_extension_facts(tx, loaded, service, deployment_end(release), end)
        soft = _refuse_hard(facts)
        if soft:
            await _refuse_own(tx, loaded, service)
        release.extended_to = end
        if soft:
            await write_override(tx, release, OVERRIDE, soft, given)
        row = await _begin_again(tx, release)
        tx.record(
            DeploymentExtended(
                subject=loaded.id,
                release_id=loaded.id,
                identifier=release.identifier,
                channel=service.channel,
                grounds=given,
                person=actor.person,
                count=row.told,
                until=end.isoformat(),
                obstacles=tuple(one.text for one in soft),
                mentions=holders_that_answer(service, DEPLOYERS[:1]),
            )
        )
        return release.identifier


def _check_time(release: Release, until: datetime | None, now: datetime, zone: ZoneInfo) -> datetime:
    latest = latest_end(release)
    if latest <= now:
        raise Refused(
            f"{release.identifier} can't be extended any more: in all it had its window's length, until "
            f"{say_moment(latest, zone)}. Mark it deployed or back it out."
        )
    if until is None:
        raise Invalid({"until": "Say until when."})
    if until <= max(now, deployment_end(release)):
        raise Invalid({"until": f"Choose a time after {say_moment(max(now, deployment_end(release)), zone)}."})
    if until > latest:
        raise Invalid({"until": f"At most until {say_moment(latest, zone)}: the window's own length in all."})
    return until


def _refuse_hard(facts: ExtensionFacts) -> tuple[Obstacle, ...]:
    found = judge_extension(facts)
    hard = [one.text for one in found if one.hard]
    if hard:
        raise Invalid({"until": f"{' '.join(hard)} Choose an earlier end, or back out."})
    return found


async def _refuse_own(tx: Transaction, loaded: LoadedRelease, service: Service) -> None:
    query = select(Deployment.reported_by).where(
        col(Deployment.release_id) == loaded.id, col(Deployment.ended_at).is_(None)
    )
    started_by = (await tx.session.exec(query.order_by(col(Deployment.id).desc()).limit(1))).first()
    if started_by == tx.actor.person:
        roles = roles_that_answer(service, EXTENDERS)
        others = await holder_names(tx.session, service, roles, without=(tx.actor.person,))
        raise Refused(
            f"You deploy {loaded.release.identifier}, and something would be in the way, so somebody else has to "
            f"extend it: {others}."
        )


async def _begin_again(tx: Transaction, release: Release) -> WindowWatch:
    """The new end is watched like the first; the notice of the extension is counted on."""
    row = await tx.session.get(WindowWatch, release.id)
    if row is None:
        row = WindowWatch(
            release_id=release.id, window_start=release.window_start, window_end=release.window_end, told=0
        )
        tx.session.add(row)
    row.told += 1
    row.overrun, row.next_at, row.quiet = 0, release.extended_to, False
    return row


async def _load(snapshot: Snapshot, release_id: int) -> tuple[LoadedRelease, Service]:
    release = await load_release(snapshot.session, release_id, lock=snapshot.locks)
    catalog = await snapshot.catalog()
    loaded = LoadedRelease(release, catalog.by_key.get(release.service), catalog)
    service = service_of(loaded)
    if release.state != State.DEPLOYING:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so there is no deployment to extend.")
    roles = roles_that_answer(service, EXTENDERS)
    if (await roles_of(snapshot.session, service, snapshot.actor.person)).isdisjoint(roles):
        people = await holder_names(snapshot.session, service, roles)
        raise Refused(f"Extending is for the {role_choice(roles)} of {release.identifier}: {people}.")
    return loaded, service
