"""Counting the figures: one statement for each kind of case, the same on SQLite and PostgreSQL.

The midnights of a time zone are parameters, so that no database computes with time zones. The period before is one
more category of the same statement, so that every row is read once.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, case, exists, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.kpi.arguments import DEFAULT_PERIOD, Scope
from models.kpi.buckets import Bucket, buckets
from models.kpi.figures import Compared, Figures, Overrides, Ratio, Series, Unresolved
from models.kpi.periods import Period, Stretch, parse_period
from models.lifecycle.tables.clearance import GLASS, OVERRIDE, Override
from models.lifecycle.tables.pipelines import PipelineClearance
from models.lifecycle.tables.release import Deployment, Release
from models.releases.activities.adoption import counts_as_adopted
from models.releases.activities.deploy import BACKED_OUT
from models.support.queries import lacks_workaround
from models.support.tables import Incident, IncidentLink, KnownError

_BEFORE = -1
"""The category of the period before."""

_Counts = Mapping[int, tuple[int, ...]]


async def figures(session: AsyncSession, catalog: Catalog, scope: Scope) -> Figures:
    """Reads many rows: use a session of ``database.reporting()``."""
    period = scope.period
    cut = buckets(period)
    order = range(len(cut.each))
    deployments = await _deployments(session, scope, cut.each)
    incidents = await _incidents(session, scope, cut.each)
    return Figures(
        period=period,
        keys=scope.services,
        services=tuple(catalog.service_name(key) for key in scope.services),
        adoption=_compared(deployments, order),
        known_errors=await _known_errors(session, scope),
        incidents=_compared(incidents, order),
        overrides=await _overrides(session, scope),
        unbound=await _unbound(session, scope),
        series=Series(
            buckets=cut,
            deployments=_column(deployments, order, 1),
            backed_out=_column(deployments, order, 2),
            linked=_column(incidents, order, 0),
            unlinked=tuple(incidents[one][1] - incidents[one][0] if one in incidents else 0 for one in order),
        ),
    )


async def headline(session: AsyncSession, catalog: Catalog, now: datetime) -> Figures:
    """The figures on a person's Home: all services, over :data:`~models.kpi.arguments.DEFAULT_PERIOD`."""
    return await figures(session, catalog, Scope(parse_period(DEFAULT_PERIOD, now, catalog.zone())))


async def _deployments(session: AsyncSession, scope: Scope, cut: Sequence[Bucket]) -> _Counts:
    """For each category: adopted, all, backed out."""
    cases = (
        select(
            _category(col(Deployment.started_at), scope.period, cut).label("category"),
            _one_if(counts_as_adopted()).label("adopted"),
            _one_if(col(Deployment.outcome) == BACKED_OUT).label("backed_out"),
        )
        .where(*_within(col(Deployment.started_at), scope.period))
        .where(*in_services(Deployment.service, scope.services))
        .subquery()
    )
    counted = select(
        cases.c.category, func.sum(cases.c.adopted), func.count(), func.sum(cases.c.backed_out)
    ).group_by(cases.c.category)
    return _by_category(await _rows(session, counted))


async def _incidents(session: AsyncSession, scope: Scope, cut: Sequence[Bucket]) -> _Counts:
    """For each category: linked to at least one known error, all."""
    linked = exists().where(col(IncidentLink.incident) == col(Incident.number))
    cases = (
        select(
            _category(col(Incident.opened_at), scope.period, cut).label("category"),
            _one_if(linked).label("linked"),
        )
        .where(*_within(col(Incident.opened_at), scope.period))
        .where(*in_services(Incident.service, scope.services))
        .subquery()
    )
    counted = select(cases.c.category, func.sum(cases.c.linked), func.count()).group_by(cases.c.category)
    return _by_category(await _rows(session, counted))


async def _known_errors(session: AsyncSession, scope: Scope) -> Compared[Unresolved]:
    """At the end of the period and of the one before; workarounds as of today, because they carry no date."""
    moments = (scope.period.now, scope.period.before)
    open_then = [_unresolved(stretch) for stretch in moments]
    query = select(
        *(func.sum(_one_if(one)) for one in open_then),
        *(func.sum(_one_if(one & lacks_workaround())) for one in open_then),
    ).where(*in_services(KnownError.service, scope.services))
    now, before, unworkable_now, unworkable_before = (int(count or 0) for count in (await _rows(session, query))[0])
    return Compared(Unresolved(now, unworkable_now), Unresolved(before, unworkable_before))


async def _overrides(session: AsyncSession, scope: Scope) -> Compared[Overrides]:
    """In the period and the one before; what an emergency's approval overrides is not among them."""
    by, at = col(Override.kind), col(Override.at)
    counts = [
        func.sum(_one_if((at >= stretch.start) & (at < stretch.end) & by.in_(kinds)))
        for stretch in (scope.period.now, scope.period.before)
        for kinds in ((OVERRIDE, GLASS), (GLASS,))
    ]
    query = select(*counts).join(Release, col(Release.id) == col(Override.release_id))
    rows = await _rows(session, query.where(*in_services(Release.service, scope.services)))
    now, glass_now, before, glass_before = (int(count or 0) for count in rows[0])
    return Compared(Overrides(now, glass_now), Overrides(before, glass_before))


async def _unbound(session: AsyncSession, scope: Scope) -> Compared[Ratio]:
    """Answers ``allowed`` to questions of the period and the one before."""
    at, bound = col(PipelineClearance.asked_at), col(PipelineClearance.bound_to)
    counts = [
        func.sum(_one_if((at >= stretch.start) & (at < stretch.end) & kind))
        for stretch in (scope.period.now, scope.period.before)
        for kind in (bound == "nothing", bound != "")
    ]
    rows = await _rows(session, select(*counts).where(*in_services(PipelineClearance.service, scope.services)))
    now, all_now, before, all_before = (int(count or 0) for count in rows[0])
    return Compared(Ratio(now, all_now), Ratio(before, all_before))


async def _rows(session: AsyncSession, query: Executable) -> Sequence[Any]:
    return (await (await session.connection()).execute(query)).all()


def _unresolved(stretch: Stretch) -> ColumnElement[bool]:
    recorded, resolved = col(KnownError.recorded_at), col(KnownError.resolved_at)
    return (recorded < stretch.end) & (resolved.is_(None) | (resolved >= stretch.end))


def _category(at: Any, period: Period, cut: Sequence[Bucket]) -> ColumnElement[int]:
    """The index of the category of ``at``, a moment in the period or the one before."""
    ends = [(at < period.before.end, _BEFORE), *((at < one.end, index) for index, one in enumerate(cut))]
    return case(*ends, else_=len(cut) - 1)


def _within(at: Any, period: Period) -> list[ColumnElement[bool]]:
    """In the period or the one before; there is a gap between them if the period is not over."""
    before, now = period.before, period.now
    bounds = [at >= before.start, at < now.end]
    if before.end < now.start:
        bounds.append((at < before.end) | (at >= now.start))
    return bounds


def in_services(column: Any, services: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """No condition if ``services`` is empty: that means all."""
    return [col(column).in_(services)] if services else []


def _one_if(condition: Any) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def _by_category(rows: Iterable[Any]) -> _Counts:
    return {int(row[0]): tuple(int(count or 0) for count in row[1:]) for row in rows}


def _compared(counts: _Counts, order: Iterable[int]) -> Compared[Ratio]:
    parts = sum(counts[one][0] for one in order if one in counts)
    whole = sum(counts[one][1] for one in order if one in counts)
    before = counts.get(_BEFORE, (0, 0))
    return Compared(Ratio(parts, whole), Ratio(before[0], before[1]))


def _column(counts: _Counts, order: Iterable[int], place: int) -> tuple[int, ...]:
    return tuple(counts[one][place] if one in counts else 0 for one in order)
