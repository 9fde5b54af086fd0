"""Reading what clearance looks at, in a snapshot or in the transaction that acts on it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Service
from models.catalog.quorum import Approval, tally
from models.catalog.related_services import related, with_needed
from models.freezes.in_force import freezes_between
from models.lifecycle.access import LoadedRelease
from models.lifecycle.lifecycle import OPEN, State
from models.lifecycle.overlaps import Planned
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.approvals import Decision, LaterApprovals, Round
from models.lifecycle.tables.clearance import Override
from models.lifecycle.tables.findings import ReleaseFinding
from models.lifecycle.tables.release import Release
from models.membership.tables import Person
from models.people.directory import names, roles_of
from models.releases.approval.decisions import APPROVED, BYPASSED, approvals_among, decisions_of
from models.releases.approval.rounds.store import rules_of_release
from models.releases.clearance.facts import ApproverWhoLeft, ClearanceFacts, DeploymentUnderWay, GateLack
from models.releases.clearance.obstacles import Asked
from models.releases.policy.risk_of_release import risk_at_go
from models.releases.policy.rules.collisions import RULE as COLLISIONS
from models.releases.policy.rules.facts import EMERGENCY
from models.releases.policy.rules.freezes import RULE as FREEZES
from models.risk_levels import HIGH
from models.unit_of_work import Snapshot

_READ = 100
"""Releases in the way that are read at most."""


@dataclass(frozen=True, slots=True)
class _Approvals:
    missing: tuple[str, ...] = ()
    left: tuple[ApproverWhoLeft, ...] = ()


async def read_clearance_facts(
    snapshot: Snapshot,
    loaded: LoadedRelease,
    service: Service,
    asked: Asked,
    *,
    lacking: Iterable[GateLack] = (),
    difference: str = "",
) -> ClearanceFacts:
    """``lacking`` is what the gates of the activities lack, ``difference`` how the version isn't the approved one.

    In a transaction that acts on it, :func:`~models.releases.policy.surroundings.plan_in_turn` comes first: of two
    that are in each other's way one then sees the other.
    """
    session, release, catalog, now = snapshot.session, loaded.release, loaded.catalog, snapshot.now
    end = window_end(release)
    zone = catalog.zone(service)
    waived = await _waived(session, release)
    approvals = await _approvals(session, service, release)
    at_request = await _risk_at_request(session, release) if asked is Asked.GO else ""
    risk = await risk_at_go(snapshot, catalog, release) if at_request not in ("", HIGH) else None
    return ClearanceFacts(
        catalog=catalog,
        service=service,
        asked=asked,
        now=now,
        start=release.window_start,
        end=end,
        emergency=release.approved_at is not None and await was_approved_as_emergency(session, release),
        freezes=await freezes_between(session, service, zone, min(now, release.window_start), max(now, end)),
        waived_freezes=frozenset(key for rule, key in waived if rule == FREEZES),
        under_way=await _under_way(session, catalog, release) if asked is Asked.START else (),
        planned=await _planned(session, catalog, release, end) if asked is Asked.GO else (),
        waived_collisions=frozenset(key for rule, key in waived if rule == COLLISIONS),
        missing_roles=approvals.missing,
        left=approvals.left,
        lacking=tuple(lacking),
        difference=difference,
        risk_at_request=at_request,
        risk=risk.level if risk else "",
        risk_decided_by=risk.factors[0].sentence if risk and risk.factors else "",
        opened=opened_by(await overrides_in_force(session, release, now)),
    )


async def _risk_at_request(session: AsyncSession, release: Release) -> str:
    row = await session.get(Round, (release.id, release.round))
    return row.risk if row else ""


def window_end(release: Release) -> datetime:
    """The end of its window, with its extension."""
    return release.extended_to or release.window_end


async def was_approved_as_emergency(session: AsyncSession, release: Release) -> bool:
    """By its type's name, or because its present round was approved with later approvals."""
    if release.type == EMERGENCY:
        return True
    return await session.get(LaterApprovals, (release.id, release.round)) is not None


async def overrides_in_force(session: AsyncSession, release: Release, now: datetime) -> Sequence[Override]:
    query = select(Override).where(
        col(Override.release_id) == release.id,
        col(Override.round) == release.round,
        col(Override.ended_at).is_(None),
        col(Override.until) > now,
    )
    return (await session.exec(query.order_by(col(Override.id)))).all()


def opened_by(overrides: Iterable[Override]) -> frozenset[tuple[str, str]]:
    """The names of the obstacles that ``overrides`` open."""
    return frozenset((one["code"], one["key"]) for override in overrides for one in override.obstacles)


async def _waived(session: AsyncSession, release: Release) -> set[tuple[str, str]]:
    """Rule and key of each waived finding; a collision is waived for both whose it is."""
    query = select(ReleaseFinding, Release.identifier).join(
        Release, col(Release.id) == col(ReleaseFinding.release_id)
    )
    mine = col(ReleaseFinding.release_id) == release.id
    theirs = (col(ReleaseFinding.rule) == COLLISIONS) & (col(ReleaseFinding.key) == release.identifier)
    rows = await session.exec(query.where(col(ReleaseFinding.waived_by).is_not(None), or_(mine, theirs)))
    return {
        (finding.rule, finding.key if finding.release_id == release.id else identifier)
        for finding, identifier in rows.all()
    }


async def _under_way(session: AsyncSession, catalog: Catalog, release: Release) -> tuple[DeploymentUnderWay, ...]:
    query = select(Release).where(
        col(Release.state) == State.DEPLOYING,
        col(Release.service).in_(with_needed(catalog, release.service)),
        col(Release.id) != release.id,
    )
    rows = (await session.exec(query.order_by(col(Release.id)).limit(_READ))).all()
    return tuple(DeploymentUnderWay(row.identifier, catalog.service_name(row.service)) for row in rows)


async def _planned(session: AsyncSession, catalog: Catalog, release: Release, end: datetime) -> tuple[Planned, ...]:
    query = select(Release).where(
        col(Release.state).in_(OPEN),
        col(Release.service).in_(related(catalog)[release.service]),
        col(Release.window_start) < end,
        col(Release.window_end) > release.window_start,
        col(Release.id) != release.id,
    )
    rows = (await session.exec(query.order_by(col(Release.window_start), col(Release.id)).limit(_READ))).all()
    return tuple(Planned.of(row) for row in rows)


async def _approvals(session: AsyncSession, service: Service, release: Release) -> _Approvals:
    """What is missing in the quorum of the round, and whose approvals hold no more.

    Broken glass takes the place of the round's approvals.
    """
    rules = await rules_of_release(session, service, release)
    decisions = await decisions_of(session, release)
    if rules is None or any(one.verdict == BYPASSED for one in decisions):
        return _Approvals()
    given, requesters = approvals_among(decisions, APPROVED), await requesters_of(session, release)
    counted = tally(rules.required, given, requesters)
    if not counted.complete:
        return _Approvals(missing=counted.missing_roles)
    by_person = {one.person: one for one in given}
    holding = await approvals_still_held(session, service, decisions)
    if tally(rules.required, holding, requesters).complete:
        return _Approvals()
    gone = [
        (person, role)
        for role, people in counted.counted.items()
        for person in people
        if by_person[person] not in holding
    ]
    called = await names(session, {person for person, _ in gone})
    return _Approvals(
        left=tuple(ApproverWhoLeft(person, called.get(person, person), role) for person, role in gone)
    )


async def approvals_still_held(
    session: AsyncSession, service: Service, decisions: Sequence[Decision]
) -> list[Approval]:
    """The approvals whose givers are still here and hold a role that they approved in."""
    given = approvals_among(decisions, APPROVED)
    people = {person for one in given for person in one.people}
    inactive = select(Person.id).where(col(Person.id).in_(people), col(Person.active).is_(False))
    left = set((await session.exec(inactive)).all())
    held = {one: await roles_of(session, service, one) for one in people}
    return [
        one
        for one in given
        if left.isdisjoint(one.people) and not held[one.standing_in_for or one.person].isdisjoint(one.roles)
    ]
