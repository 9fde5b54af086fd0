"""Reading what the rules of policy look at."""

from datetime import datetime, timedelta

from sqlalchemy import String, cast, or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import OWNER, Catalog, Service
from models.catalog.related_services import related
from models.freezes.in_force import typed_between
from models.lifecycle.lifecycle import OPEN, State
from models.lifecycle.overlaps import Planned
from models.lifecycle.requesters import requesters_of
from models.lifecycle.tables.release import Release
from models.packages.compatibility import PlannedItem
from models.packages.present_items import planned_items, present_items
from models.packages.store import node_of, read_rows
from models.packages.tree import Node, NodeType
from models.people.directory import expand, names, people_in, unread_groups
from models.releases.policy.busy_people import read_busy_people
from models.releases.policy.read_record import read_record
from models.releases.policy.rules.facts import PolicyFacts, SharedChanges, Surroundings
from models.releases.policy.rules.people import needed_roles
from models.text import either
from models.time.spans import parse_span
from models.unit_of_work import Transaction

READ = 500
"""Releases that are read at most for one list."""


MENDERS_NAMED = 3
"""People that a finding names."""


async def plan_in_turn(tx: Transaction, catalog: Catalog, key: str) -> None:
    """Wait until nobody else plans for the service ``key`` or a related one.

    Somebody who does so at the same moment waits for the end of this transaction, and then sees what it has
    planned: of two that collide one is told.
    """
    await tx.take_turns(f"planning:{key}", (f"planning:{service}" for service in related(catalog)[key]))


async def policy_facts(session: AsyncSession, catalog: Catalog, release: Release) -> PolicyFacts:
    """The facts of a stored release. Its service has to be in the catalog."""
    return PolicyFacts(
        catalog=catalog,
        service=catalog.by_key[release.service],
        requester=release.requester,
        authors=await requesters_of(session, release),
        requested_at=release.requested_at,
        type=release.type,
        method=release.method,
        start=release.window_start,
        end=release.window_end,
        items=await items_of_release(session, release.id),
        changes=tuple(release.changes),
    )


async def items_of_release(session: AsyncSession, release_id: int) -> tuple[Node, ...]:
    return tuple(node_of(row) for row in await read_rows(session, release_id) if row.what == NodeType.ITEM)


async def surroundings(session: AsyncSession, facts: PolicyFacts, release_id: int, now: datetime) -> Surroundings:
    """``release_id`` is the release itself, which is not in its own way."""
    together = related(facts.catalog)[facts.service.key]
    holders = {role: await _holders(session, facts.service, role) for role in needed_roles(facts)}
    return Surroundings(
        planned=await _planned(session, together, facts.requested_at, release_id),
        alike=await _alike(session, facts, release_id),
        dependants=tuple(one for one in facts.catalog.services if _needs(facts.catalog, one, facts.service.key)),
        holders=holders,
        menders="" if all(holders.values()) else await _menders(session, facts.catalog, facts.service),
        present=await present_items(session, facts.catalog) if facts.items else {},
        brought=await _brought(session, facts, release_id) if facts.items else (),
        typed=tuple(await typed_between(session, facts.requested_at, None)),
        record=await read_record(session, facts.service.key, now),
        shared=await _shared(session, facts, release_id),
        busy=await read_busy_people(session, facts, release_id),
    )


async def _brought(session: AsyncSession, facts: PolicyFacts, release_id: int) -> tuple[PlannedItem, ...]:
    """Before the window; while no start is chosen, before now."""
    return tuple(await planned_items(session, facts.start or facts.requested_at, without=release_id))


async def _planned(
    session: AsyncSession, services: frozenset[str], since: datetime, release_id: int
) -> tuple[Planned, ...]:
    query = select(Release).where(
        col(Release.state).in_(OPEN),
        col(Release.service).in_(services),
        col(Release.window_end) > since,
        col(Release.id) != release_id,
    )
    rows = (await session.exec(query.order_by(col(Release.window_start), col(Release.id)).limit(READ))).all()
    return tuple(Planned.of(row) for row in rows)


async def _shared(session: AsyncSession, facts: PolicyFacts, release_id: int) -> tuple[SharedChanges, ...]:
    """Open releases of any service that carry one of its changes."""
    if not facts.changes:
        return ()
    as_text = cast(col(Release.changes), String)
    query = select(Release.identifier, Release.service, Release.changes).where(
        col(Release.state).in_(OPEN),
        or_(*(as_text.contains(f'"{one}"', autoescape=True) for one in facts.changes)),
        col(Release.id) != release_id,
    )
    rows = (await session.exec(query.order_by(col(Release.id)).limit(READ))).all()
    return tuple(
        SharedChanges(identifier, service, tuple(one for one in facts.changes if one in theirs))
        for identifier, service, theirs in rows
    )


async def _alike(session: AsyncSession, facts: PolicyFacts, release_id: int) -> tuple[Planned, ...]:
    """Only if the policy says how often, and only those that a stretch of that length can still hold."""
    limit = facts.kind.at_most if facts.kind else None
    if limit is None:
        return ()
    since = facts.requested_at - parse_span(limit.every).rough - timedelta(days=1)
    query = select(Release).where(
        col(Release.service) == facts.service.key,
        col(Release.type) == facts.type,
        col(Release.state).not_in((State.REJECTED, State.EXPIRED, State.CANCELLED)),
        col(Release.window_start) > since,
        col(Release.id) != release_id,
    )
    rows = (await session.exec(query.order_by(col(Release.window_start).desc()).limit(READ))).all()
    return tuple(Planned.of(row) for row in rows)


def _needs(catalog: Catalog, service: Service, key: str) -> bool:
    """Whether ``service`` depends on ``key``, at any remove; a catalog has no circles."""
    return any(
        one == key or (one in catalog.by_key and _needs(catalog, catalog.by_key[one], key))
        for one in service.depends_on
    )


async def _holders(session: AsyncSession, service: Service, role: str) -> frozenset[str]:
    held = await people_in(session, service, role)
    return frozenset(held) | frozenset(await unread_groups(session, service, (role,)))


async def _menders(session: AsyncSession, catalog: Catalog, service: Service) -> str:
    """The names of the owner of ``service``, else of the process owner, else who applies the catalog."""
    subjects = service.holders(OWNER) or tuple(filter(None, [catalog.process_owner]))
    people = await expand(session, subjects, catalog.barred)
    called = await names(session, people)
    return either(sorted(called.get(one, one) for one in people), MENDERS_NAMED) or "Whoever runs Release Desk"
