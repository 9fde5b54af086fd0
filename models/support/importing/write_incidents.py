"""Writing a group of incidents with few statements, and only what differs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.catalog.document import Catalog
from models.limits import TITLE_LIMIT
from models.storage.database import insert_into
from models.storage.prepared_statements import Prepared
from models.support.forms import UNDER_INVESTIGATION
from models.support.importing.merging import IMPORTED_COLUMNS, FinalState, differs, incident_columns, outdated
from models.support.importing.reader import Row
from models.support.recording import set_search_words
from models.support.tables import Incident, IncidentLink, KnownError
from models.unit_of_work import Transaction

IMPORTER = "import"
"""The recorder of imported rows; an import never touches links and known errors that people made."""

_SEVERITIES = {1: "critical", 2: "high", 3: "medium"}

ServiceOf = Callable[[str], str | None]
"""The key of the service that a configuration item, named by key or name, belongs to."""


@dataclass(slots=True)
class Counts:
    """``new``, ``changed`` and ``unchanged`` count incidents, ``linked`` and ``unlinked`` links to known errors."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    known_errors: int = 0
    linked: int = 0
    unlinked: int = 0

    def add(self, other: "Counts") -> None:
        for name, count in asdict(other).items():
            setattr(self, name, getattr(self, name) + count)

    @property
    def nothing_changed(self) -> bool:
        return not (self.new or self.changed or self.known_errors or self.linked or self.unlinked)


def service_lookup(catalog: Catalog, chosen: str | None) -> ServiceOf:
    """The ``chosen`` service, or the only one that has the configuration item."""
    if chosen:
        return lambda _ci: chosen
    owners: dict[str, set[str]] = {}
    for service in catalog.services:
        for item in service.configuration_items:
            for name in (item.key, item.name):
                owners.setdefault(name.casefold(), set()).add(service.key)
    only = {name: next(iter(keys)) for name, keys in owners.items() if len(keys) == 1}
    return lambda ci: only.get(ci.casefold())


async def write_incidents(
    tx: Transaction,
    states: Mapping[str, FinalState],
    catalog: Catalog,
    service_of: ServiceOf,
    recorded_at: datetime,
) -> Counts:
    """Write the ``states``, by incident number, that differ from the database.

    ``recorded_at`` identifies the run: what the run itself recorded does not count as changed later.
    """
    counts = Counts()
    known = await _known(tx.session, states)
    writes: list[dict[str, Any]] = []
    relinked: list[FinalState] = []
    for number, final in sorted(states.items()):
        before = known.get(number)
        row = final.row
        service = service_of(row.ci) or (before["service"] if before else None)
        written = incident_columns(row, service)
        if before is not None and (outdated(row, before) or not differs(written, before)):
            counts.unchanged += 1
            continue
        if before is None:
            counts.new += 1
        elif before["recorded_at"] != recorded_at:
            counts.changed += 1
        writes.append({"number": number, **written, "recorded_by": IMPORTER, "recorded_at": recorded_at})
        if (before["problem"] if before else None) != written["problem"]:
            relinked.append(final)
    if writes:
        await tx.run_many(_upsert(await _dialect(tx.session)), writes)
    if relinked:
        await _relink(tx, relinked, known, catalog, counts, service_of)
    return counts


async def _known(session: AsyncSession, numbers: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    table = Incident.metadata.tables["incident"].c
    names = ("number", *IMPORTED_COLUMNS, "recorded_at")
    query = select(*(table[name] for name in names)).where(table.number.in_(list(numbers)))
    connection = await session.connection()
    return {row.number: dict(row._mapping) for row in (await connection.execute(query)).all()}


async def _relink(
    tx: Transaction,
    changed: Sequence[FinalState],
    known: Mapping[str, Mapping[str, Any]],
    catalog: Catalog,
    counts: Counts,
    service_of: ServiceOf,
) -> None:
    """Link the incidents to the known errors of their problems, and remove links of earlier imports."""
    former = {number: before["problem"] for number, before in known.items() if before["problem"]}
    named = [final for final in changed if final.row.problem]
    ids = await _ensure_known_errors(tx, named, catalog, counts, service_of)
    earlier = {former[final.row.number] for final in changed if final.row.number in former}
    ids |= await _ids(tx.session, earlier - ids.keys())
    gone = [(number, ids[former[number]]) for number in (one.row.number for one in changed) if number in former]
    counts.unlinked += await _unlink(tx.session, gone)
    links = [
        {
            "incident": final.row.number,
            "known_error_id": ids[final.row.problem],
            "linked_by": IMPORTER,
            "linked_at": final.problem_since,
        }
        for final in named
    ]
    counts.linked += await _add_links(tx, links)


async def _ensure_known_errors(
    tx: Transaction, named: Sequence[FinalState], catalog: Catalog, counts: Counts, service_of: ServiceOf
) -> dict[str, int]:
    """The ids of the known errors of the problems of ``named``, by problem; missing ones are recorded.

    A known error is recorded as of the moment when the export first names its problem.
    """
    first: dict[str, FinalState] = {}
    since: dict[str, datetime] = {}
    for final in sorted(named, key=lambda one: one.row.line):
        problem = final.row.problem
        first.setdefault(problem, final)
        since[problem] = min(since.get(problem, final.problem_since), final.problem_since)
    existing = await _ids(tx.session, first)
    missing = [problem for problem in first if problem not in existing]
    if missing:
        fresh = [_known_error(first[problem].row, catalog, service_of, since[problem]) for problem in missing]
        insert = insert_into(KnownError, await _dialect(tx.session)).on_conflict_do_nothing(
            index_elements=["origin"]
        )
        await (await tx.session.connection()).execute(insert, [one.model_dump(exclude={"id"}) for one in fresh])
    counts.known_errors += len(missing)
    for problem in existing:
        await _record_earlier(tx.session, problem, since[problem])
    return await _ids(tx.session, first)


def _known_error(row: Row, catalog: Catalog, service_of: ServiceOf, since: datetime) -> KnownError:
    service = catalog.by_key.get(service_of(row.ci) or "")
    about = row.symptom or row.ci
    title = f"{row.problem}: {about}" if about else row.problem
    known_error = KnownError(
        origin=row.problem,
        title=" ".join(title.split())[:TITLE_LIMIT],
        service=service.key if service else None,
        ci=row.ci or None,
        symptom=row.symptom,
        severity=_SEVERITIES.get(row.priority or 0, "low") if row.priority else "medium",
        status=UNDER_INVESTIGATION,
        recorded_by=IMPORTER,
        recorded_at=since,
        live_at=since,
    )
    set_search_words(known_error, service)
    return known_error


async def _record_earlier(session: AsyncSession, problem: str, since: datetime) -> None:
    earlier = update(KnownError).where(
        col(KnownError.origin) == problem,
        col(KnownError.recorded_by) == IMPORTER,
        col(KnownError.recorded_at) > since,
    )
    await session.exec(earlier.values(recorded_at=since, live_at=since))


async def _ids(session: AsyncSession, problems: Iterable[str]) -> dict[str, int]:
    query = select(KnownError.origin, KnownError.id).where(col(KnownError.origin).in_(list(problems)))
    return {origin: id_ for origin, id_ in (await session.exec(query)).all() if origin and id_}


async def _add_links(tx: Transaction, links: Sequence[Mapping[str, Any]]) -> int:
    existing = await _existing_links(tx.session, [(link["incident"], link["known_error_id"]) for link in links])
    missing = [link for link in links if (link["incident"], link["known_error_id"]) not in existing]
    if missing:
        insert = insert_into(IncidentLink, await _dialect(tx.session)).on_conflict_do_nothing()
        await (await tx.session.connection()).execute(insert, missing)
    return len(missing)


async def _unlink(session: AsyncSession, pairs: Sequence[tuple[str, int]]) -> int:
    own = await _existing_links(session, pairs, by=IMPORTER)
    if own:
        gone = delete(IncidentLink).where(
            col(IncidentLink.incident) == bindparam("number"), col(IncidentLink.known_error_id) == bindparam("id_")
        )
        connection = await session.connection()
        await connection.execute(gone, [{"number": number, "id_": id_} for number, id_ in sorted(own)])
    return len(own)


async def _existing_links(
    session: AsyncSession, pairs: Sequence[tuple[str, int]], by: str = ""
) -> set[tuple[str, int]]:
    """Those of ``pairs`` that are linked; with ``by`` only the links that it made."""
    if not pairs:
        return set()
    numbers = {number for number, _ in pairs}
    query = select(IncidentLink.incident, IncidentLink.known_error_id).where(
        col(IncidentLink.incident).in_(numbers)
    )
    if by:
        query = query.where(col(IncidentLink.linked_by) == by)
    return {(number, id_) for number, id_ in (await session.exec(query)).all()} & set(pairs)


async def _dialect(session: AsyncSession) -> str:
    return (await session.connection()).dialect.name


_UPSERTS: dict[str, Prepared] = {}


def _upsert(dialect: str) -> Prepared:
    if dialect not in _UPSERTS:
        statement = insert_into(Incident, dialect)
        again = statement.on_conflict_do_update(
            index_elements=["number"],
            set_={name: statement.excluded[name] for name in IMPORTED_COLUMNS},
            where=col(Incident.updates) <= statement.excluded.updates,
        )
        _UPSERTS[dialect] = Prepared(again, ("number", *IMPORTED_COLUMNS, "recorded_by", "recorded_at"))
    return _UPSERTS[dialect]
