"""The freezes of a calendar. Each keeps its id while its service has a freeze of that name, whatever its days.

A freeze that was removed stays for a while, as cancelled; the earlier catalogs in the database tell of it.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog, Freeze
from models.catalog.freezes import frozen_days
from models.catalog.revisions import CatalogRevision
from models.freezes.in_force import ALL, HARD
from models.freezes.tables import TypedFreeze

MOST_REVISIONS = 50
"""Earlier catalogs that are read, the newest first."""

_FREEZES = TypeAdapter(tuple[Freeze, ...])


@dataclass(frozen=True, slots=True)
class FreezeEntry:
    """Days, both ends included, on which ``services`` are left alone, or ``gone`` if no longer.

    ``sequence`` is the revision of the catalog that says so, ``modified`` when it was applied. A typed freeze lasts
    from ``starts`` to ``ends``; no ``services`` means all.
    """

    uid: str
    sequence: int
    modified: datetime
    name: str
    kind: str
    services: tuple[str, ...]
    first: date
    last: date
    gone: bool = False
    starts: datetime | None = None
    ends: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownFreezes:
    """``services`` are keys, None means all; from ``first`` to ``last``.

    Freezes removed since ``since`` are shown as cancelled; ``installation`` ends every id.
    """

    services: Collection[str] | None
    first: date
    last: date
    since: datetime
    installation: str


@dataclass(frozen=True, slots=True)
class _ServiceFreezes:
    key: str
    name: str
    freezes: tuple[Freeze, ...]


@dataclass(frozen=True, slots=True)
class _Revision:
    number: int
    applied_at: datetime
    services: Sequence[_ServiceFreezes]


async def freeze_entries(
    session: AsyncSession, catalog: Catalog, applied_at: datetime, shown: ShownFreezes
) -> tuple[FreezeEntry, ...]:
    """By day: the freezes of ``catalog``, applied at ``applied_at``, those gone from it, and typed ones."""
    services = [_ServiceFreezes(one.key, one.name, one.policy.freezes) for one in catalog.services]
    now = _Revision(catalog.revision, applied_at, services)
    present = _entries(now, shown)
    gone = _gone(present, now, await _earlier(session, now, shown.since), shown)
    typed = [_typed(catalog, row, shown) for row in await _typed_rows(session, shown)]
    return tuple(
        sorted((*present.values(), *gone, *typed), key=lambda one: (one.first, one.last, one.name, one.uid))
    )


def _entries(revision: _Revision, shown: ShownFreezes) -> dict[str, FreezeEntry]:
    """By id. Services with the same freeze share an entry, whose id comes from the first of them."""
    services_at: dict[tuple[Any, ...], list[_ServiceFreezes]] = {}
    for service in revision.services:
        if shown.services is None or service.key in shown.services:
            for place in _places(service, shown):
                services_at.setdefault(place, []).append(service)
    entries: dict[str, FreezeEntry] = {}
    for (name, nth, period, position, first, last, kind), services in services_at.items():
        named = "\n".join(map(str, (services[0].key, name, nth, period, position)))
        uid = f"freeze-{short_name(named)}@{shown.installation}"
        names = tuple(one.name for one in services)
        entries[uid] = FreezeEntry(uid, revision.number, revision.applied_at, name, kind, names, first, last)
    return entries


def _places(service: _ServiceFreezes, shown: ShownFreezes) -> Iterator[tuple[Any, ...]]:
    """For each span what identifies it (name, nth, period, position), then what may change (days, kind)."""
    before: Counter[str] = Counter()
    for freeze in service.freezes:
        nth = before[freeze.name]
        before[freeze.name] += 1
        for span in frozen_days(freeze, shown.first, shown.last):
            yield freeze.name, nth, span.period, span.position, span.first, span.last, freeze.kind


def _gone(
    present: Mapping[str, FreezeEntry], now: _Revision, earlier: Iterable[_Revision], shown: ShownFreezes
) -> Iterator[FreezeEntry]:
    """Entries of ``earlier`` catalogs, newest first, that weren't over when the next catalog dropped them.

    An entry that merged into another of the same name and days wasn't dropped.
    """
    seen, newer = set(present), now
    same = {(one.name, one.first, one.last) for one in present.values()}
    for older in earlier:
        for uid, one in _entries(older, shown).items() if older.services != newer.services else ():
            if uid in seen:
                continue
            seen.add(uid)
            was_over = one.last < newer.applied_at.astimezone(UTC).date()
            if not was_over and (one.name, one.first, one.last) not in same:
                yield _cancelled(one, newer)
        newer = older


def _cancelled(one: FreezeEntry, by: _Revision) -> FreezeEntry:
    return FreezeEntry(
        one.uid, by.number, by.applied_at, one.name, one.kind, one.services, one.first, one.last, gone=True
    )


async def _earlier(session: AsyncSession, now: _Revision, since: datetime) -> list[_Revision]:
    """The catalogs before the present one that were in force at or after ``since``, newest first."""
    number = col(CatalogRevision.id)
    held_then = select(func.coalesce(func.max(number), 0)).where(col(CatalogRevision.applied_at) <= since)
    query = select(CatalogRevision).where(number < now.number, number >= held_then.scalar_subquery())
    rows = (await session.exec(query.order_by(number.desc()).limit(MOST_REVISIONS))).all()
    return [
        _Revision(row.id, row.applied_at, list(map(_service_freezes, row.document.get("services", ()))))
        for row in rows
    ]


def _service_freezes(service: Mapping[str, Any]) -> _ServiceFreezes:
    freezes = service.get("policy", {}).get("freezes", ())
    return _ServiceFreezes(service["key"], service["name"], _FREEZES.validate_python(freezes))


async def _typed_rows(session: AsyncSession, shown: ShownFreezes) -> list[TypedFreeze]:
    """Those of the last while."""
    query = select(TypedFreeze).where(col(TypedFreeze.ends_at) > shown.since).order_by(col(TypedFreeze.id))
    rows = (await session.exec(query)).all()
    services = shown.services
    wanted = [row for row in rows if services is None or row.service == ALL or row.service in services]
    return [row for row in wanted if row.over_at > shown.since]


def _typed(catalog: Catalog, row: TypedFreeze, shown: ShownFreezes) -> FreezeEntry:
    """One that was lifted ended then, so that it neither blocks a calendar on nor vanishes from it."""
    return FreezeEntry(
        uid=f"freeze-typed-{row.id}@{shown.installation}",
        sequence=row.version,
        modified=row.changed_at,
        name=row.reason,
        kind=HARD,
        services=() if row.service == ALL else (catalog.service_name(row.service),),
        first=row.starts_at.astimezone(UTC).date(),
        last=row.over_at.astimezone(UTC).date(),
        starts=row.starts_at,
        ends=row.over_at,
    )


def short_name(text: str) -> str:
    """A short hash of ``text``, for ids."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
