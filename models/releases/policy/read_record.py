"""Reading how the deployments of a service have gone."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.lifecycle.lifecycle import State
from models.lifecycle.tables.release import Deployment, Release
from models.releases.policy.rules.service_record import LEAST_DEPLOYMENTS, NO_RECORD, RECORD_PERIOD, ServiceRecord
from models.support.tables import Incident

_READ = 500
"""Deployments that are read at most, the latest ones."""

_ENDED = (State.DEPLOYED, State.BACKED_OUT)
"""The outcomes of a deployment that has ended are called like the states of its release."""

_Caused = Mapping[str, list[tuple[datetime, int]]]
"""When incidents were opened and their priority, by the id of the change that caused them."""

_UNRATED = 9
"""In place of a priority that the incident tool didn't give."""


async def read_record(session: AsyncSession, service: str, now: datetime) -> ServiceRecord:
    """A cause is the change that the incident tool names (``caused_by``), not whatever was deployed last."""
    since = now - RECORD_PERIOD
    query = (
        select(Deployment.outcome, Deployment.started_at, Release.changes)
        .join(Release, col(Release.id) == col(Deployment.release_id))
        .where(
            col(Deployment.service) == service,
            col(Deployment.started_at) >= since,
            col(Deployment.started_at) <= now,
            col(Deployment.outcome).in_(_ENDED),
        )
        .order_by(col(Deployment.started_at).desc())
        .limit(_READ)
    )
    rows = (await session.exec(query)).all()
    if len(rows) < LEAST_DEPLOYMENTS:
        return NO_RECORD
    caused = await _caused(session, since)
    went = Counter(_how_it_went(outcome, started, changes, caused) for outcome, started, changes in rows)
    return ServiceRecord(**went)


async def _caused(session: AsyncSession, since: datetime) -> _Caused:
    query = select(Incident.caused_by, Incident.opened_at, Incident.priority).where(
        col(Incident.opened_at) >= since, col(Incident.caused_by).is_not(None)
    )
    found: dict[str, list[tuple[datetime, int]]] = {}
    for change, opened, priority in (await session.exec(query)).all():
        found.setdefault(str(change).upper(), []).append((opened, priority or _UNRATED))
    return found


def _how_it_went(outcome: str, started: datetime, changes: Iterable[str], caused: _Caused) -> str:
    """The field of the record that counts it."""
    if outcome == State.BACKED_OUT:
        return "backed_out"
    worst = min((rank for one in changes for at, rank in caused.get(one, ()) if at >= started), default=None)
    if worst is None:
        return "successful"
    return {1: "critical", 2: "major"}.get(worst, "minor")
