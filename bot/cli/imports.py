"""``releasedesk import``: bringing in incidents from another tool."""

import asyncio
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot.cli.exit_codes import INTERRUPTED
from bot.config.settings import load_settings
from models.errors import Invalid
from models.migrations.upgrade import upgrade
from models.storage.database import Database
from models.subscriptions import posts_for
from models.support.importing.import_incidents import ImportReport, ImportSettings, import_incidents
from models.support.importing.lines import Broken
from models.time.clock import SystemClock
from models.time.zones import parse_zone
from models.unit_of_work import UnitOfWork

app = typer.Typer(help="Bring in what you already have.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def bring_in() -> None:
    """Bring in what you already have."""


@app.command()
def incidents(
    file: Annotated[Path, typer.Argument(help="A ServiceNow export or event log: CSV, also gzipped (.gz).")],
    service: Annotated[
        str | None,
        typer.Option(help="Key of the service that all these incidents belong to; else their CI decides."),
    ] = None,
    timezone: Annotated[str, typer.Option(help="Time zone of the file's times, such as Europe/Amsterdam.")] = "UTC",
) -> None:
    """Bring in incidents, the problems behind them as known errors, and their links.

    Run it again at any time: it goes on where it was stopped, and a second run changes nothing.
    """
    settings = ImportSettings(zone=_zone(timezone), service=service.strip().upper() if service else None)
    try:
        report = asyncio.run(_import(load_settings().database_url.get_secret_value(), file, settings))
    except KeyboardInterrupt:
        typer.echo("Stopped. The same command goes on from here.", err=True)
        raise typer.Exit(INTERRUPTED) from None
    _summary(file, report)


async def _import(database_url: str, file: Path, settings: ImportSettings) -> ImportReport:
    database = Database(database_url)
    try:
        await upgrade(database)
        with _progress() as bar:
            task = bar.add_task(f"Reading {file.name}", total=None)

            def skipped(record: Broken) -> None:
                told = Text(f"{file.name}:{record.line}: skipped, because {record.why}.")
                bar.console.print(told, soft_wrap=True)

            def progress(position: int, size: int) -> None:
                bar.update(task, completed=position, total=size)

            work = UnitOfWork(database, SystemClock(), posts_for)
            return await import_incidents(work, file, settings, skipped=skipped, progress=progress)
    finally:
        await database.close()


def _progress() -> Progress:
    """A bar that follows the bytes read; nothing without a terminal."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _summary(file: Path, report: ImportReport) -> None:
    counts = report.counts
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for name, count in (
        ("Records read", report.records),
        ("Incidents new", counts.new),
        ("Incidents changed", counts.changed),
        ("Incidents unchanged", counts.unchanged),
        ("Known errors new", counts.known_errors),
        ("Links new", counts.linked),
        ("Links taken away", counts.unlinked),
        ("Broken records skipped", report.broken),
    ):
        table.add_row(name, f"{count:,}")
    console = Console()
    if report.resumed_after:
        console.print(f"Went on behind line {report.resumed_after:,}, where the last run was stopped.")
    console.print(Text(f"{file.name} is imported."), soft_wrap=True)
    console.print(table)
    if counts.nothing_changed:
        console.print("Nothing has changed: everything in this file was known.")


def _zone(name: str) -> ZoneInfo:
    try:
        return parse_zone(name)
    except ValueError as error:
        raise Invalid({"timezone": f"{error}."}) from None
