"""Importing a file of incidents beside the running bot; it can be stopped and resumed at any moment.

Each group of rows is written in one short transaction, together with its last line. A killed import resumes after
the last group written. A file that was imported completely is read again from the start, which changes nothing
unless the data here has changed since.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from models.catalog.document import Catalog
from models.errors import Invalid
from models.events import Actor
from models.storage.database import insert_into
from models.support.events import IncidentsImported
from models.support.importing.export_file import ExportFile
from models.support.importing.lines import Broken
from models.support.importing.merging import final_states
from models.support.importing.reader import Row, export_rows, find_heading, group_rows
from models.support.importing.write_incidents import IMPORTER, Counts, service_lookup, write_incidents
from models.support.tables import ImportRun
from models.unit_of_work import Transaction, UnitOfWork

GROUP_ROWS = 500
"""Rows that one transaction writes, or more to keep the rows of an incident together."""

GROUP_LIMIT = 5000
"""Rows that one transaction writes at most, even if the incident has more."""

PAUSE = 0.005
"""Seconds after each group that let other programs write (they retry as often, see ``BUSY_RETRY``)."""

ACTOR = Actor(person=IMPORTER, surface="cli")


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportSettings:
    """``zone`` is for times without an offset, ``service`` the key of the service of all incidents."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    service: str | None = None


DEFAULT_SETTINGS = ImportSettings()
"""Times in UTC, services by configuration item."""


@dataclass(slots=True)
class ImportReport:
    """``resumed_after`` is the last line of the run that it continued; 0 if it began at the start.

    ``records`` were read, ``broken`` of them skipped. A record may span several lines.
    """

    records: int = 0
    broken: int = 0
    resumed_after: int = 0
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True)
class _Run:
    """``at`` is when it started, ``again`` if the file was imported completely before."""

    fingerprint: str
    at: datetime
    again: bool


async def import_incidents(
    work: UnitOfWork,
    path: Path,
    settings: ImportSettings = DEFAULT_SETTINGS,
    *,
    skipped: Callable[[Broken], None] = lambda _: None,
    progress: Callable[[int, int], None] = lambda _position, _size: None,
) -> ImportReport:
    """Import the whole file at ``path``.

    ``skipped`` is called with each broken record, ``progress`` with the bytes read and the size of the file.
    Reading runs in a thread, so that a bot in the same program keeps answering. Raises
    :class:`~models.errors.Invalid` if the file is unusable or the service is not in the catalog; what was written
    before stays.
    """
    source = ExportFile(path)
    async with work.reading() as snapshot:
        catalog = await snapshot.catalog()
    _check(catalog, settings)
    survey = await asyncio.to_thread(source.survey)
    with closing(source.lines()) as lines:  # a file without the columns is refused before a run of it is stored
        find_heading(source, lines, survey.encoding)
    run, report = await _begin(work, source, f"{survey.fingerprint}:{settings.zone}:{settings.service or '-'}")
    service_of = service_lookup(catalog, settings.service)
    groups = group_rows(
        export_rows(source, survey.encoding, settings.zone, report.resumed_after), GROUP_ROWS, GROUP_LIMIT
    )
    while group := await asyncio.to_thread(_next, groups):
        _report_broken(group, skipped)
        states = final_states(one for one in group if isinstance(one, Row))
        async with work(ACTOR) as tx:
            report.counts.add(await write_incidents(tx, states, catalog, service_of, run.at))
            report.records += len(group)
            report.broken += sum(isinstance(one, Broken) for one in group)
            if not run.again:
                await _checkpoint(tx, run, report, group)
        progress(source.position, source.size)
        await asyncio.sleep(PAUSE)
    await _finish(work, source, run, report)
    return report


def _check(catalog: Catalog, settings: ImportSettings) -> None:
    if settings.service and settings.service not in catalog.by_key:
        known = ", ".join(sorted(catalog.by_key)) or "none; apply a catalog first"
        raise Invalid({"service": f"{settings.service} is not a service of the catalog. Services: {known}."})


async def _begin(work: UnitOfWork, source: ExportFile, fingerprint: str) -> tuple[_Run, ImportReport]:
    """Start a run, or resume an unfinished one."""
    async with work(ACTOR) as tx:
        fresh = ImportRun(fingerprint=fingerprint, file_name=source.path.name, started_at=tx.now)
        connection = await tx.session.connection()
        insert = insert_into(ImportRun, connection.dialect.name).values(**fresh.model_dump())
        await connection.execute(insert.on_conflict_do_nothing())
        row = await tx.session.get_one(ImportRun, fingerprint)
        if row.finished_at is not None:
            return _Run(fingerprint, tx.now, again=True), ImportReport()
        counts = dict(row.counts)
        report = ImportReport(counts.pop("lines", 0), row.broken, row.line, Counts(**counts))
        return _Run(fingerprint, row.started_at, again=False), report


async def _checkpoint(tx: Transaction, run: _Run, report: ImportReport, group: Sequence[Row | Broken]) -> None:
    row = await tx.session.get_one(ImportRun, run.fingerprint)
    last = group[-1]
    row.line = last.last if isinstance(last, Row) else last.line
    row.broken = report.broken
    row.counts = {"lines": report.records, **asdict(report.counts)}


async def _finish(work: UnitOfWork, source: ExportFile, run: _Run, report: ImportReport) -> None:
    """Mark the run as finished; a repeated run that changed nothing is not recorded."""
    if run.again and report.counts.nothing_changed:
        return
    async with work(ACTOR) as tx:
        row = await tx.session.get_one(ImportRun, run.fingerprint)
        row.finished_at = tx.now
        tx.record(
            IncidentsImported(
                subject=run.fingerprint[:16],
                file_name=source.path.name,
                lines=report.records,
                broken=report.broken,
                counts=asdict(report.counts),
            )
        )


def _next(groups: Iterator[list[Row | Broken]]) -> list[Row | Broken]:
    return next(groups, [])


def _report_broken(group: Sequence[Row | Broken], skipped: Callable[[Broken], None]) -> None:
    for one in group:
        if isinstance(one, Broken):
            skipped(one)
