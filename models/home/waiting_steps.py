"""The next steps of releases that wait for one person, for their Home."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.lifecycle.access import roles_that_answer
from models.lifecycle.lifecycle import CHASED, Verb, transition
from models.lifecycle.requesters import requesters_by_release
from models.lifecycle.tables.release import Release
from models.lifecycle.window_state import WindowState, window_state
from models.releases.activities.gate_facts import gate_facts_by_release
from models.releases.activities.gates import GateFacts, missing_at
from models.releases.activities.next_step import next_verb

RELEASES_READ = 300
"""How many releases under way are looked through, by window."""


@dataclass(frozen=True, slots=True)
class WaitingStep:
    """A release whose next verb the person may take; ``lacking`` says what its gate still lacks."""

    release_id: int
    round: int
    identifier: str
    title: str
    window_start: datetime
    window_end: datetime
    verb: Verb
    lacking: tuple[str, ...]
    window: WindowState = WindowState.IN_TIME


async def waiting_steps(
    session: AsyncSession, catalog: Catalog, person: str, held: Mapping[str, frozenset[str]], now: datetime
) -> tuple[WaitingStep, ...]:
    """The steps that wait for ``person``, who holds the roles ``held``, by service."""
    query = select(Release).where(col(Release.state).in_(CHASED), col(Release.service).in_(held))
    rows = (
        await session.exec(query.order_by(col(Release.window_start), col(Release.id)).limit(RELEASES_READ))
    ).all()
    facts = await gate_facts_by_release(session, rows) if rows else {}
    requesters = await requesters_by_release(session, rows)
    waiting = (
        _step(catalog, row, facts[row.id], held[row.service], now, own=person in requesters[row.id]) for row in rows
    )
    return tuple(step for step in waiting if step)


def _step(
    catalog: Catalog, release: Release, facts: GateFacts, roles: frozenset[str], now: datetime, *, own: bool
) -> WaitingStep | None:
    """``own`` if they are among its requesters, for whom some steps never are."""
    verb = next_verb(release.state, facts)
    row = transition(verb, release.state) if verb else None
    if (
        row is None
        or (own and row.apart)
        or roles.isdisjoint(roles_that_answer(catalog.by_key[release.service], row.who))
    ):
        return None
    return WaitingStep(
        release_id=release.id,
        round=release.round,
        identifier=release.identifier,
        title=release.title,
        window_start=release.window_start,
        window_end=release.window_end,
        verb=row.verb,
        lacking=tuple(missing.what for missing in missing_at(row.gate, facts)),
        window=window_state(release, now),
    )
