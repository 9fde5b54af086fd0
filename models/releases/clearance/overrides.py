"""Overriding what is softly in the way of a deployment: docs/process.md#overrides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from models.catalog.document import Service
from models.catalog.roles import DEPLOYERS, role_choice
from models.errors import Refused
from models.events import Actor
from models.lifecycle.access import LoadedRelease, check_round, holders_that_answer, roles_that_answer
from models.lifecycle.identifiers import load_release
from models.lifecycle.lifecycle import STARTABLE, State
from models.lifecycle.reasons import check_reason
from models.lifecycle.tables.activities import Activities
from models.lifecycle.tables.clearance import EMERGENCY, OVERRIDE, Override
from models.lifecycle.tables.release import Release
from models.people.directory import roles_of
from models.people.holder_names import holder_names
from models.releases.approval.decisions import APPROVED, approvals_among, decisions_of
from models.releases.approval.emergency_override import REASON
from models.releases.clearance.ask import ClearanceAnswer, answer_for, service_of
from models.releases.clearance.events import ObstaclesOverridden
from models.releases.clearance.judge import judge_clearance
from models.releases.clearance.obstacles import Asked, Obstacle
from models.releases.clearance.read_facts import (
    opened_by,
    overrides_in_force,
    read_clearance_facts,
    window_end,
)
from models.releases.policy.surroundings import plan_in_turn
from models.unit_of_work import Snapshot, Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class Overridable:
    """A release, and the soft obstacles that somebody may override now."""

    id: int
    identifier: str
    round: int
    obstacles: tuple[Obstacle, ...]


async def clearance_shown(work: UnitOfWork, actor: Actor, release_id: int) -> ClearanceAnswer:
    """What is in the way of the release's next step: its go or, once that is given, its start."""
    async with work.reading(actor) as snapshot:
        loaded, service, asked = await _load(snapshot, release_id)
        clearance = judge_clearance(await read_clearance_facts(snapshot, loaded, service, asked))
        return await answer_for(snapshot, loaded, service, asked, clearance)


async def check_may_override(work: UnitOfWork, actor: Actor, release_id: int) -> Overridable:
    """What ``actor`` could override now. Raises what :func:`override` would raise."""
    async with work.reading(actor) as snapshot:
        loaded, obstacles = await _overridable(snapshot, release_id)
        return Overridable(loaded.id, loaded.release.identifier, loaded.release.round, obstacles)


async def override(
    work: UnitOfWork, actor: Actor, release_id: int, round_: int, shown: Collection[tuple[str, str]], reason: str
) -> str:
    """Open those of the obstacles that were ``shown``, by code and key, and still stand. Returns the identifier.

    Raises :class:`~models.errors.Invalid` without a usable reason, :class:`~models.errors.Refused` for people in
    none of the roles and when nothing is left to override, :class:`~models.errors.Stale` when the release has
    changed since.
    """
    given = check_reason(reason)
    async with work(actor) as tx:
        loaded, obstacles = await _overridable(tx, release_id)
        check_round(loaded.release.identifier, loaded.release.round, round_)
        chosen = [one for one in obstacles if one.name in shown]
        if not chosen:
            raise Refused(_nothing_left(loaded.release))
        service = service_of(loaded)
        row = await write_override(tx, loaded.release, OVERRIDE, chosen, given)
        tx.record(
            ObstaclesOverridden(
                **override_facts(loaded, service, row),
                grounds=given,
                mentions=holders_that_answer(service, DEPLOYERS[:1]),
            )
        )
        return loaded.release.identifier


async def write_override(
    tx: Transaction, release: Release, kind: str, obstacles: Sequence[Obstacle], reason: str
) -> Override:
    """It holds until the window's end; after that for as long as the window was."""
    row = Override(
        release_id=release.id,
        round=release.round,
        kind=kind,
        by=tx.actor.person,
        at=tx.now,
        reason=reason,
        obstacles=[*map(as_row, obstacles)],
        until=override_until(release, tx.now),
    )
    tx.session.add(row)
    await tx.session.flush()
    return row


def as_row(one: Obstacle) -> dict[str, str]:
    return {"code": one.code.value, "key": one.key, "text": one.text}


def override_until(release: Release, now: datetime) -> datetime:
    end = window_end(release)
    return end if end > now else now + (release.window_end - release.window_start)


def override_facts(loaded: LoadedRelease, service: Service, row: Override) -> dict[str, Any]:
    return {
        "subject": loaded.id,
        "release_id": loaded.id,
        "identifier": loaded.release.identifier,
        "channel": service.channel,
        "override": row.id,
        "round": row.round,
        "person": row.by,
        "obstacles": tuple(one["text"] for one in row.obstacles),
        "until": row.until.isoformat(),
    }


async def end_overrides(tx: Transaction, release_id: int) -> None:
    """With the deployment that they were for."""
    query = select(Override).where(col(Override.release_id) == release_id, col(Override.ended_at).is_(None))
    for row in (await tx.session.exec(query)).all():
        row.ended_at = tx.now


async def _overridable(snapshot: Snapshot, release_id: int) -> tuple[LoadedRelease, tuple[Obstacle, ...]]:
    loaded, service, asked = await _load(snapshot, release_id)
    await _check_may(snapshot, loaded, service)
    if isinstance(snapshot, Transaction):
        await plan_in_turn(snapshot, loaded.catalog, service.key)
    clearance = judge_clearance(await read_clearance_facts(snapshot, loaded, service, asked))
    soft = tuple(one for one in clearance.obstacles if not one.hard)
    if not soft:
        hard = " ".join(one.text for one in clearance.obstacles)
        raise Refused(
            f"Only breaking the glass opens what is in the way of {loaded.release.identifier}: {hard}"
            if hard
            else _nothing_left(loaded.release)
        )
    return loaded, soft


def _nothing_left(release: Release) -> str:
    return f"Nothing is in the way of {release.identifier} that has to be overridden."


async def _load(snapshot: Snapshot, release_id: int) -> tuple[LoadedRelease, Service, Asked]:
    release = await load_release(snapshot.session, release_id, lock=snapshot.locks)
    catalog = await snapshot.catalog()
    loaded = LoadedRelease(release, catalog.by_key.get(release.service), catalog)
    if release.state not in STARTABLE:
        raise Refused(f"{release.identifier} is {State(release.state).words}, so no deployment can start now.")
    activities = await snapshot.session.get(Activities, release_id)
    decided = activities is not None and activities.go_at is not None
    asked = Asked.GO if release.state == State.READY and not decided else Asked.START
    return loaded, service_of(loaded), asked


async def _check_may(snapshot: Snapshot, loaded: LoadedRelease, service: Service) -> None:
    roles = roles_that_answer(service, service.policy.override_by)
    if (await roles_of(snapshot.session, service, snapshot.actor.person)).isdisjoint(roles):
        people = await holder_names(snapshot.session, service, roles)
        raise Refused(f"Overriding is for the {role_choice(roles)} of {loaded.release.identifier}: {people}.")


async def record_what_emergency_passed(tx: Transaction, loaded: LoadedRelease, passed: Sequence[Obstacle]) -> None:
    """Name what an emergency passes over and its approval didn't know of, such as a freeze since then."""
    in_force = await overrides_in_force(tx.session, loaded.release, tx.now)
    new = [one for one in passed if one.name not in opened_by(in_force)]
    if not new:
        return
    query = select(Override).where(
        col(Override.release_id) == loaded.id,
        col(Override.round) == loaded.release.round,
        col(Override.kind) == EMERGENCY,
    )
    row = (await tx.session.exec(query.order_by(col(Override.id).desc()).limit(1))).first()
    if row is None:  # approved before emergencies had overrides
        approvals = approvals_among(await decisions_of(tx.session, loaded.release), APPROVED)
        row = await write_override(tx, loaded.release, EMERGENCY, (), REASON)
        row.by = approvals[-1].person if approvals else row.by
    row.obstacles = [*row.obstacles, *map(as_row, new)]
