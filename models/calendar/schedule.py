"""Every planned deployment with what is in its way (docs/process.md#forward-schedule)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.calendar.arguments import ScheduleArguments
from models.catalog.deployment_windows import within_windows
from models.catalog.document import Catalog, Service, Window
from models.catalog.freezes import freezes_met, frozen_days
from models.catalog.related_services import related
from models.freezes.in_force import ALL, HARD, freezes_of, typed_between
from models.freezes.tables import TypedFreeze
from models.lifecycle.lifecycle import OPEN, STOPPED, State
from models.lifecycle.overlaps import Planned, conflicts
from models.lifecycle.tables.release import Release
from models.lifecycle.window_state import WindowState, window_state
from models.time.days import days_touched

SCHEDULE_PAGE = 25
"""Releases on one page; a table of them fits into one message (docs/slack-facts.md#limits)."""

GONE = tuple(state for state in STOPPED if state != State.BACKED_OUT)
"""States of releases that never were deployed and won't be."""


@dataclass(frozen=True, slots=True)
class ScheduledFreeze:
    """Days, both ends included, on which ``services`` (names) are left alone; none means all.

    A typed one lasts from ``starts`` to ``ends``.
    """

    name: str
    kind: str
    first: date
    last: date
    services: tuple[str, ...]
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class ScheduleEntry:
    """``conflicts`` are identifiers, ``freezes`` pairs of name and kind.

    ``outside``: part of the window lies outside the service's deployment windows.
    """

    identifier: str
    title: str
    service_name: str
    type: str
    state: str
    window_start: datetime
    window_end: datetime
    conflicts: tuple[str, ...]
    freezes: tuple[tuple[str, str], ...]
    outside: bool
    window: WindowState = WindowState.IN_TIME


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """``entries`` from ``offset`` on, of ``count`` in all. ``windows`` only if the schedule is one service's."""

    arguments: ScheduleArguments
    service_name: str
    count: int
    offset: int
    entries: tuple[ScheduleEntry, ...]
    freezes: tuple[ScheduledFreeze, ...]
    windows: tuple[Window, ...]


async def schedule_page(
    session: AsyncSession, catalog: Catalog, arguments: ScheduleArguments, now: datetime, offset: int = 0
) -> SchedulePage:
    """The page that begins at ``offset``, or the last one."""
    planned = await _planned(session, arguments)
    offset = min(max(offset, 0), max(0, (len(planned) - 1) // SCHEDULE_PAGE * SCHEDULE_PAGE))
    shown = planned[offset : offset + SCHEDULE_PAGE]
    service = catalog.by_key.get(arguments.service)
    typed = await typed_between(session, arguments.start, arguments.end)
    return SchedulePage(
        arguments=arguments,
        service_name=catalog.service_name(arguments.service),
        count=len(planned),
        offset=offset,
        entries=await _entries(session, catalog, shown, now),
        freezes=(*_typed(catalog, arguments, typed), *_freezes(catalog, arguments)),
        windows=service.policy.windows if service else (),
    )


async def _planned(session: AsyncSession, arguments: ScheduleArguments) -> Sequence[int]:
    """Ids, by window."""
    query = select(col(Release.id)).where(
        col(Release.state).not_in(GONE),
        col(Release.window_end) > arguments.start,
        col(Release.window_start) < arguments.end,
    )
    if arguments.service:
        query = query.where(col(Release.service) == arguments.service)
    return (await session.exec(query.order_by(col(Release.window_start), col(Release.id)))).all()


async def _entries(
    session: AsyncSession, catalog: Catalog, shown: Sequence[int], now: datetime
) -> tuple[ScheduleEntry, ...]:
    query = select(Release).where(col(Release.id).in_(shown))
    rows = (await session.exec(query.order_by(col(Release.window_start), col(Release.id)))).all()
    in_the_way = await _conflicts(session, catalog, rows)
    typed = await typed_between(session, min(row.window_start for row in rows), None) if rows else ()
    return tuple(_entry(catalog, row, in_the_way.get(row.id, ()), typed, now) for row in rows)


async def _conflicts(
    session: AsyncSession, catalog: Catalog, rows: Sequence[Release]
) -> dict[int, tuple[str, ...]]:
    """Among all open releases of the time, on the page or not."""
    if not rows:
        return {}
    query = select(Release).where(
        col(Release.state).in_(OPEN),
        col(Release.window_end) > min(row.window_start for row in rows),
        col(Release.window_start) < max(row.window_end for row in rows),
    )
    found = (await session.exec(query)).all()
    planned = [Planned.of(one) for one in found]
    return conflicts(planned, related(catalog))


def _entry(
    catalog: Catalog, row: Release, in_the_way: tuple[str, ...], typed: Sequence[TypedFreeze], now: datetime
) -> ScheduleEntry:
    service = catalog.by_key.get(row.service)
    return ScheduleEntry(
        identifier=row.identifier,
        title=row.title,
        service_name=catalog.service_name(row.service),
        type=row.type,
        state=row.state,
        window_start=row.window_start,
        window_end=row.window_end,
        conflicts=in_the_way,
        freezes=freezes_of_window(catalog, row.service, row.window_start, row.window_end, typed),
        outside=_outside(catalog, service, row),
        window=window_state(row, now),
    )


def freezes_of_window(
    catalog: Catalog, service_key: str, start: datetime, end: datetime, typed: Sequence[TypedFreeze]
) -> tuple[tuple[str, str], ...]:
    """Name and kind of the freezes that a window meets; none for a service that the catalog has dropped.

    ``typed`` are those that people typed, of any service.
    """
    service = catalog.by_key.get(service_key)
    if service is None:
        return ()
    met = freezes_met(service.policy.freezes, start, end, catalog.zone(service))
    met_too = (one for one in freezes_of(service_key, typed) if one.touches(start, end))
    return (*((freeze.name, freeze.kind) for freeze, _ in met), *((one.name, one.kind) for one in met_too))


def _outside(catalog: Catalog, service: Service | None, row: Release) -> bool:
    if service is None:
        return False
    zone = catalog.zone(service)
    return not within_windows(service.policy.windows, row.window_start, row.window_end, zone)


def _typed(
    catalog: Catalog, arguments: ScheduleArguments, typed: Iterable[TypedFreeze]
) -> Iterator[ScheduledFreeze]:
    for row in typed:
        if not arguments.service or row.service in (ALL, arguments.service):
            first, last = days_touched(row.starts_at, row.over_at, arguments.zone)
            services = () if row.service == ALL else (catalog.service_name(row.service),)
            yield ScheduledFreeze(row.reason, HARD, first, last, services, row.starts_at, row.over_at)


def _freezes(catalog: Catalog, arguments: ScheduleArguments) -> tuple[ScheduledFreeze, ...]:
    """By day; services with the same freeze share an entry."""
    services_by_freeze: dict[tuple[date, date, str, str], list[str]] = {}
    for service in catalog.services:
        if arguments.service in ("", service.key):
            for freeze in service.policy.freezes:
                for span in frozen_days(freeze, arguments.first, arguments.last):
                    key = (span.first, span.last, freeze.name, freeze.kind)
                    services_by_freeze.setdefault(key, []).append(service.name)
    return tuple(
        ScheduledFreeze(name, kind, first, last, tuple(services))
        for (first, last, name, kind), services in sorted(services_by_freeze.items())
    )
