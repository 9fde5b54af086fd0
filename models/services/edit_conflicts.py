"""Changes that others made to a part of a service while its form was open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.differences import differences
from models.catalog.document import Catalog, Service
from models.catalog.mistakes import Path
from models.catalog.revisions import CatalogRevision
from models.errors import Stale
from models.people.directory import names


@dataclass(frozen=True, slots=True)
class ConcurrentEdit:
    """``by`` is a name, or ``system`` for a catalog applied at a terminal; ``changes`` are lines of text."""

    by: str
    at: datetime
    changes: tuple[str, ...]


class EditConflict(Stale):
    """A form's part has changed since it was opened; ``by`` holds the edits, oldest first."""

    def __init__(self, key: str, revision: int, by: Sequence[ConcurrentEdit]) -> None:
        self.key, self.revision, self.by = key, revision, tuple(by)
        edits = "; ".join(f"{edit.by} changed {', '.join(edit.changes)}" for edit in by)
        super().__init__(f"{key} has changed since this was opened: {edits}. See /release service {key}.")


async def concurrent_edits(
    session: AsyncSession, key: str, since: int, places: Sequence[Path]
) -> list[ConcurrentEdit]:
    """The edits at ``places`` of the service ``key`` after the revision ``since``, oldest first."""
    query = select(CatalogRevision).where(col(CatalogRevision.id) >= since).order_by(col(CatalogRevision.id))
    rows = (await session.exec(query)).all()
    called = await names(session, {row.applied_by for row in rows[1:]})
    found: list[ConcurrentEdit] = []
    before = _service(rows[0], key) if rows else None
    for row in rows[1:]:
        after = _service(row, key)
        if before is not None and after is not None and (changes := _changes(before, after, places)):
            found.append(ConcurrentEdit(called.get(row.applied_by, row.applied_by), row.applied_at, tuple(changes)))
        before = after or before
    return found


def _service(row: CatalogRevision, key: str) -> Service | None:
    return Catalog.model_validate(row.document).by_key.get(key)


def _changes(before: Service, after: Service, places: Sequence[Path]) -> list[str]:
    old, new, mixed = before.as_written(), after.as_written(), before.as_written()
    for place in places:
        _copy(new, mixed, place)
    if mixed == old and str(mixed) == str(old):
        return []
    return differences(_alone(old), _alone(mixed))


def _copy(source: dict[str, Any], target: dict[str, Any], place: Path) -> None:
    for step in place[:-1]:
        source, target = source[str(step)], target[str(step)]
    name = str(place[-1])
    if name in source:
        target[name] = source[name]
    else:
        target.pop(name, None)


def _alone(service: dict[str, Any]) -> Catalog:
    return Catalog(services=(Service.model_validate(service),))
