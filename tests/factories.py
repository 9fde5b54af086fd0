"""Rows inserted directly: each function fills in what its test doesn't care about.

They take no part in the rules and call for no messages; a test of a use case calls the use case.
"""

from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlmodel import SQLModel

from models.catalog.numbering import fold_identifier
from models.events import SYSTEM
from models.lifecycle.lifecycle import CHASED, State
from models.lifecycle.tables.activities import Activities
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.plan import PlanTask
from models.lifecycle.tables.release import Deployment, Release
from models.releases.approval.rounds.store import begin_round
from models.support.tables import Incident, IncidentLink, KnownError
from models.unit_of_work import UnitOfWork

Row = TypeVar("Row", bound=SQLModel)

_numbers = count(501)
"""Numbers that no test uses for an identifier of its own."""


async def insert(work: UnitOfWork, row: Row) -> Row:
    """Insert ``row``; it comes back with its id."""
    async with work(SYSTEM) as tx:
        tx.session.add(row)
        await tx.session.flush()
    return row


async def make_release(
    work: UnitOfWork,
    state: str = State.REQUESTED,
    service: str = "PAY",
    identifier: str | None = None,
    window_start: datetime | None = None,
    **fields: Any,
) -> Release:
    """A release in ``state``, requested now for a window of two hours a week from now, by the catalog's rules."""
    now = work.clock.now()
    identifier = identifier or f"{service}-{now.year}.{next(_numbers):03d}"
    start = window_start or now + timedelta(days=7)
    values: dict[str, Any] = {
        "type": "minor",
        "title": "Card payments 9.2",
        "description": "Faster settlement",
        "changes": ["CHG0000132"],
        "window_end": start + timedelta(hours=2),
        "method": "rolling",
        "back_out_plan": "Redeploy 9.1",
        "requester": "U0ANN",
        "requested_at": now,
        "state_since": now,
        "approved_at": now if state in CHASED else None,
        "form": f"form-{identifier}",
    }
    values |= fields
    release = Release(
        identifier=identifier,
        name=fold_identifier(identifier),
        service=service,
        state=state,
        window_start=start,
        **values,
    )
    async with work(SYSTEM) as tx:
        tx.session.add(release)
        await tx.session.flush()
        await begin_round(tx, await tx.catalog(), release)
    return release


async def make_ready(work: UnitOfWork, **fields: Any) -> Release:
    """Like :func:`make_release`, within its window: approved, tested, with its go, and without criteria."""
    now = work.clock.now()
    fields = {"window_start": now, "window_end": now + timedelta(hours=4), **fields}
    release = await make_release(work, State.READY, **fields)
    for person, role in (("U0RITA", "release_manager"), ("U0OLGA", "owner")):
        await make_decision(work, release, person, roles=[role])
    await insert(work, Activities(release_id=release.id, go_by="U0RITA", go_at=work.clock.now()))
    return release


async def make_task(work: UnitOfWork, release: Release, due_at: datetime | None = None, **fields: Any) -> PlanTask:
    """A milestone of ``release``, chased from when it is due: a day before the window unless told."""
    due = due_at or release.window_start - timedelta(days=1)
    values: dict[str, Any] = {
        "position": 0,
        "phase": "communication",
        "title": "Announce the release to users",
        "role": "release_manager",
        "milestone": True,
        "due_at": due,
        "chase_at": due if fields.get("milestone", True) and not fields.get("done_at") else None,
    }
    if due_at is None:
        values |= {"offset_days": -1, "offset_seconds": 0}
    return await insert(work, PlanTask(release_id=release.id, **(values | fields)))


async def make_decision(
    work: UnitOfWork, release: Release, person: str, verdict: str = "approved", **fields: Any
) -> Decision:
    """What ``person`` decided now on the present round of ``release``."""
    values: dict[str, Any] = {"round": release.round, "roles": [], "at": work.clock.now()}
    return await insert(work, Decision(release_id=release.id, person=person, verdict=verdict, **(values | fields)))


async def make_deployment(work: UnitOfWork, release: Release | None = None, **fields: Any) -> Deployment:
    """A deployment that ended well an hour after it began, now; without a release it was not adopted."""
    started = fields.get("started_at") or work.clock.now()
    values: dict[str, Any] = {
        "service": release.service if release else "PAY",
        "release_id": release.id if release else None,
        "started_at": started,
        "ended_at": started + timedelta(hours=1),
        "adopted": release is not None,
        "outcome": "deployed",
        "reported_by": "U0DANA",
    }
    return await insert(work, Deployment(**(values | fields)))


async def make_known_error(work: UnitOfWork, title: str = "Refunds time out", **fields: Any) -> KnownError:
    """A known error of PAY without a release, live since now."""
    now = work.clock.now()
    values: dict[str, Any] = {
        "service": "PAY",
        "symptom": "A refund over 1,000 ends in an error after a minute",
        "recorded_by": "U0TOM",
        "recorded_at": now,
        "live_at": None if fields.get("release_id") else now,
    }
    return await insert(work, KnownError(title=title, **(values | fields)))


async def make_incident(work: UnitOfWork, number: str | None = None, **fields: Any) -> Incident:
    """An open incident of PAY with priority 3, opened now."""
    now = work.clock.now()
    values: dict[str, Any] = {
        "opened_at": now,
        "priority": 3,
        "service": "PAY",
        "state": "New",
        "recorded_by": "U0ANN",
        "recorded_at": now,
    }
    return await insert(work, Incident(number=number or f"INC{next(_numbers):07d}", **(values | fields)))


async def link_incident(work: UnitOfWork, incident: Incident, known_error: KnownError) -> IncidentLink:
    """``known_error`` explains ``incident``."""
    return await insert(
        work,
        IncidentLink(
            incident=incident.number,
            known_error_id=known_error.id,
            linked_by="U0ANN",
            linked_at=work.clock.now(),
        ),
    )
