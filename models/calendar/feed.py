"""What a calendar program reads at an address: releases and freezes, each with an id and a growing sequence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from sqlmodel import and_, col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.audit import AuditEntry
from models.calendar.addresses import secret_hash
from models.calendar.freeze_entries import FreezeEntry, ShownFreezes, freeze_entries, short_name
from models.calendar.schedule import GONE
from models.calendar.tables import CalendarFeed
from models.catalog.document import Catalog
from models.catalog.revisions import CatalogRevision
from models.errors import NotFound
from models.lifecycle.events import ReleaseEvent
from models.lifecycle.identifiers import identifiers
from models.lifecycle.tables.release import Release
from models.membership.rights import Kind
from models.membership.tables import Person
from models.people.directory import names

SHOWN_AFTERWARDS = timedelta(days=30)
"""How long entries stay after they are over, cancelled or rejected, so that every subscriber learns of it."""

FREEZES_AHEAD = timedelta(days=366)

MOST_RELEASES = 2000
"""In one calendar; the latest windows are kept."""


@dataclass(frozen=True, slots=True)
class ReleaseEntry:
    """A release in a calendar. ``sequence`` grows with everything that happens to it, ``uid`` never changes.

    ``gone``: it will not take place. ``timezone`` is its service's. ``superseded_by`` is the identifier of
    the release that took its place, or empty.
    """

    uid: str
    sequence: int
    modified: datetime
    identifier: str
    title: str
    description: str
    changes: tuple[str, ...]
    service_name: str
    type: str
    method: str
    requester_name: str
    state: str
    approved: bool
    gone: bool
    window_start: datetime
    window_end: datetime
    timezone: str
    superseded_by: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """``services`` are names; none means all. ``modified`` is when the calendar's text last changed."""

    services: tuple[str, ...]
    modified: datetime
    releases: tuple[ReleaseEntry, ...]
    freezes: tuple[FreezeEntry, ...]


async def feed_at(session: AsyncSession, catalog: Catalog, secret: str, now: datetime) -> Feed:
    """The calendar at the address with ``secret``. An unchanged calendar reads the same all day (UTC).

    Raises :class:`~models.errors.NotFound` for an unknown or ended address, and when its owner has left or holds no
    right; also when that goes for the guest who made it for a channel.
    """
    row = await _address(session, catalog, secret)
    today = now.astimezone(UTC).date()
    begin = datetime.combine(today, time(), UTC)
    of_channel = row.owner[:1] not in "UW"
    services = tuple(one.key for one in catalog.services_in(row.owner)) if of_channel else tuple(row.services)
    installation, applied_at = await _installation(session, catalog)
    releases: tuple[ReleaseEntry, ...] = ()
    if services or not of_channel:
        releases = await _releases(session, catalog, services, begin - SHOWN_AFTERWARDS, installation)
    known = [catalog.by_key[key] for key in services if key in catalog.by_key]
    shown = ShownFreezes(
        services=services if services or of_channel else None,
        first=today - SHOWN_AFTERWARDS,
        last=today + FREEZES_AHEAD,
        since=begin - SHOWN_AFTERWARDS,
        installation=installation,
    )
    freezes = await freeze_entries(session, catalog, applied_at, shown)
    moments = [row.created_at, begin, applied_at, *(one.modified for one in releases)]
    moments += [one.modified for one in freezes]
    return Feed(tuple(one.name for one in known), max(moments), releases, freezes)


async def _address(session: AsyncSession, catalog: Catalog, secret: str) -> CalendarFeed:
    query = select(CalendarFeed).where(
        col(CalendarFeed.secret_hash) == secret_hash(secret), col(CalendarFeed.revoked_at).is_(None)
    )
    row = (await session.exec(query)).first()
    if row is None or row.owner in catalog.barred or await _was_made_by_an_outsider(session, catalog, row):
        raise NotFound("There is no calendar at this address, or it was ended.")
    return row


async def _was_made_by_an_outsider(session: AsyncSession, catalog: Catalog, row: CalendarFeed) -> bool:
    """A channel's address outlives a colleague who made it and left, but not a guest: they would still know it."""
    maker = await session.get(Person, row.made_by) if row.made_by in catalog.barred else None
    return maker is not None and maker.kind not in (Kind.UNKNOWN, Kind.MEMBER)


async def _installation(session: AsyncSession, catalog: Catalog) -> tuple[str, datetime]:
    """The ending of every id, made of the moment the first catalog was applied; and when the present one was."""
    query = select(CatalogRevision.applied_at).order_by(col(CatalogRevision.id))
    first = (await session.exec(query.limit(1))).first() or datetime(1970, 1, 1, tzinfo=UTC)
    last = (await session.exec(query.where(col(CatalogRevision.id) == catalog.revision))).first() or first
    return f"{short_name(first.astimezone(UTC).isoformat())}.release-desk", last


async def _releases(
    session: AsyncSession, catalog: Catalog, services: Sequence[str], since: datetime, installation: str
) -> tuple[ReleaseEntry, ...]:
    gone = col(Release.state).in_(GONE)
    query = select(Release).where(
        or_(and_(~gone, col(Release.window_end) > since), and_(gone, col(Release.state_since) > since))
    )
    if services:
        query = query.where(col(Release.service).in_(services))
    query = query.order_by(col(Release.window_start).desc(), col(Release.id).desc()).limit(MOST_RELEASES)
    rows = (await session.exec(query)).all()
    happened = await _happened(session, [row.id for row in rows])
    called = await names(session, {row.requester for row in rows})
    newer = await identifiers(session, {row.superseded_by for row in rows})
    return tuple(
        replace(
            _release(catalog, row, happened, called, installation),
            superseded_by=newer.get(row.superseded_by or 0, ""),
        )
        for row in reversed(rows)
    )


async def _happened(session: AsyncSession, ids: Iterable[int]) -> dict[int | None, tuple[int, datetime]]:
    """How much has happened to each release itself, and when last: the audit trail only grows."""
    query = (
        select(AuditEntry.release_id, func.count(), func.max(AuditEntry.at))
        .where(col(AuditEntry.release_id).in_(list(ids)), col(AuditEntry.kind) == ReleaseEvent.kind)
        .group_by(col(AuditEntry.release_id))
    )
    return {release: (count, last) for release, count, last in (await session.exec(query)).all()}


def _release(
    catalog: Catalog,
    row: Release,
    happened: Mapping[int | None, tuple[int, datetime]],
    called: Mapping[str, str],
    installation: str,
) -> ReleaseEntry:
    count, last = happened.get(row.id, (0, row.state_since))
    return ReleaseEntry(
        uid=f"release-{row.id}@{installation}",
        sequence=count,
        modified=last,
        identifier=row.identifier,
        title=row.title,
        description=row.description,
        changes=tuple(row.changes),
        service_name=catalog.service_name(row.service),
        type=row.type,
        method=row.method,
        requester_name=called.get(row.requester, row.requester),
        state=row.state,
        approved=row.approved_at is not None or row.started_at is not None,
        gone=row.state in GONE,
        window_start=row.window_start,
        window_end=row.window_end,
        timezone=catalog.zone(catalog.by_key.get(row.service)).key,
    )
