from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.lifecycle.tables.release import Release
from models.people.directory import names
from models.support.forms import RESOLVED
from models.support.lookup import load_incident, load_known_error
from models.support.records import IncidentLine, IncidentRecord, KnownErrorRecord
from models.support.tables import Incident, IncidentLink, KnownError

INCIDENTS_SHOWN = 10
LINKS_SHOWN = 10


async def known_error_record(session: AsyncSession, catalog: Catalog, number: int) -> KnownErrorRecord:
    """Raises :class:`~models.errors.NotFound` with the nearest known errors."""
    row = await load_known_error(session, number)
    latest = await _latest_incidents(session, number)
    return (await known_error_records(session, catalog, [row], {number: latest}))[0]


async def incident_record(session: AsyncSession, catalog: Catalog, number: str) -> IncidentRecord:
    """Raises :class:`~models.errors.NotFound` with the nearest incidents."""
    row = await load_incident(session, number)
    query = (
        select(KnownError)
        .join(IncidentLink, col(IncidentLink.known_error_id) == col(KnownError.id))
        .where(col(IncidentLink.incident) == row.number)
        .order_by(col(KnownError.id))
        .limit(LINKS_SHOWN)
    )
    linked = (await session.exec(query)).all()
    return IncidentRecord(
        number=row.number,
        opened_at=row.opened_at,
        resolved_at=row.resolved_at,
        closed_at=row.closed_at,
        state=row.state,
        priority=row.priority,
        ci=row.ci or "",
        service=catalog.service_name(row.service or ""),
        symptom=row.symptom,
        change=row.change or "",
        caused_by=row.caused_by or "",
        known_errors=tuple(await known_error_records(session, catalog, linked)),
    )


async def list_known_errors(
    session: AsyncSession, catalog: Catalog, *, service: str, resolved: bool, limit: int
) -> list[KnownErrorRecord]:
    """Newest first; an empty ``service`` means all."""
    query = select(KnownError)
    query = query.where(col(KnownError.status) == RESOLVED if resolved else col(KnownError.status) != RESOLVED)
    if service:
        query = query.where(col(KnownError.service) == service)
    rows = (await session.exec(query.order_by(col(KnownError.id).desc()).limit(limit))).all()
    return await known_error_records(session, catalog, rows)


async def known_error_records(
    session: AsyncSession,
    catalog: Catalog,
    rows: Sequence[KnownError],
    incidents: dict[int, tuple[IncidentLine, ...]] | None = None,
) -> list[KnownErrorRecord]:
    """Keeps the order of ``rows``; ``incidents`` are those to show, by the id of the known error."""
    if not rows:
        return []
    counts = await _incident_counts(session, [row.id for row in rows])
    releases = await _identifiers(session, {row.release_id for row in rows if row.release_id})
    people = {person for row in rows for person in (row.recorded_by, row.resolved_by) if person}
    called = await names(session, people)
    return [
        KnownErrorRecord(
            id=row.id,
            number=row.number,
            origin=row.origin or "",
            title=row.title,
            service=catalog.service_name(row.service or ""),
            ci=row.ci or "",
            symptom=row.symptom,
            workaround=row.workaround,
            severity=row.severity,
            status=row.status,
            release=releases.get(row.release_id, "") if row.release_id else "",
            live=row.live_at is not None,
            recorded_by=called.get(row.recorded_by, row.recorded_by),
            recorded_at=row.recorded_at,
            resolved_by=called.get(row.resolved_by or "", row.resolved_by or ""),
            resolved_at=row.resolved_at,
            solution=row.solution,
            incident_count=counts.get(row.id, 0),
            incidents=(incidents or {}).get(row.id, ()),
        )
        for row in rows
    ]


def lacks_workaround() -> ColumnElement[bool]:
    return func.trim(col(KnownError.workaround)) == ""


async def _incident_counts(session: AsyncSession, known_errors: Sequence[int]) -> dict[int, int]:
    query = (
        select(IncidentLink.known_error_id, func.count())
        .where(col(IncidentLink.known_error_id).in_(known_errors))
        .group_by(col(IncidentLink.known_error_id))
    )
    return dict((await session.exec(query)).all())


async def _identifiers(session: AsyncSession, releases: Iterable[int]) -> dict[int, str]:
    query = select(Release.id, Release.identifier).where(col(Release.id).in_(set(releases)))
    return dict((await session.exec(query)).all())


async def _latest_incidents(session: AsyncSession, number: int) -> tuple[IncidentLine, ...]:
    query = (
        select(Incident.number, Incident.opened_at, Incident.symptom)
        .join(IncidentLink, col(IncidentLink.incident) == col(Incident.number))
        .where(col(IncidentLink.known_error_id) == number)
        .order_by(col(Incident.opened_at).desc(), col(Incident.number).desc())
        .limit(INCIDENTS_SHOWN)
    )
    return tuple(IncidentLine(*row) for row in (await session.exec(query)).all())
