"""``releasedesk catalog``: applying a catalog from a file, and exporting it to one."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated, BinaryIO, NoReturn

import typer

from bot.cli.exit_codes import MISUSED
from bot.config.settings import load_settings
from models.catalog.differences import differences
from models.catalog.document import Catalog
from models.catalog.export import export_catalog
from models.catalog.mistakes import CatalogMistakes
from models.catalog.reader import read_catalog
from models.catalog.revisions import CatalogCache
from models.catalog.yaml_source import LARGEST_FILE
from models.errors import NotFound
from models.events import Actor
from models.migrations.upgrade import migrations, pending, upgrade
from models.services.apply import apply_catalog
from models.storage.database import Database
from models.subscriptions import posts_for
from models.time.clock import SystemClock
from models.unit_of_work import UnitOfWork

DASH = Path("-")
"""Stands for standard input or output."""

AT_THE_TERMINAL = Actor(person="system", surface="cli")
"""Whoever runs the command: they have no Slack id here."""

app = typer.Typer(
    help="Services, people in roles and release policy, as code.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def catalog() -> None:
    """Services, people in roles and release policy, as code."""


@app.command()
def apply(
    file: Annotated[Path, typer.Argument(help="The catalog, as YAML; - reads standard input.")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would change, and change nothing.")
    ] = False,
) -> None:
    """Make FILE the catalog that holds, and print what changes.

    A file with mistakes changes nothing: each is printed with its line and field. Applying the same file again
    changes nothing either.
    """
    wanted = _read(file)
    changes = asyncio.run(_apply(load_settings().database_url.get_secret_value(), wanted, dry_run=dry_run))
    for change in changes:
        typer.echo(change)
    typer.echo(_outcome(len(changes), dry_run=dry_run))


@app.command()
def export(
    file: Annotated[
        Path, typer.Argument(help="Where to write the catalog, as YAML; - writes standard output.")
    ] = DASH,
    *,
    replace: Annotated[bool, typer.Option("--replace", help="Put it in the place of a file that exists.")] = False,
) -> None:
    """Write the catalog that holds to FILE, so that applying it again changes nothing.

    Comments of the file that was applied are not kept: what was written around the catalog is not in it. So a file
    that exists stays as it is without --replace.
    """
    catalog = asyncio.run(_current(load_settings().database_url.get_secret_value()))
    if not catalog.revision:
        raise NotFound("No catalog has been applied yet. Apply one with `releasedesk catalog apply FILE`.")
    written = export_catalog(catalog)
    if file == DASH:
        typer.echo(written, nl=False)
        return
    try:
        with file.open("w" if replace else "x", encoding="utf-8") as stream:
            stream.write(written)
    except FileExistsError:
        _leave([f"{file} exists already and is as it was. Name another file, or add --replace."])
    except OSError as error:
        _leave([f"{file} cannot be written: {error.strerror}."])
    typer.echo(f"Revision {catalog.revision} written to {file}.")


async def _current(database_url: str) -> Catalog:
    database = Database(database_url)
    try:
        if _has_no_file(database) or await pending(database) == migrations():
            return Catalog()
        async with database.reading() as session:
            return await CatalogCache().current(session)
    finally:
        await database.close()


def _read(file: Path) -> Catalog:
    name = "standard input" if file == DASH else str(file)
    try:
        with closing(_open(file)) as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        _leave([f"{name} cannot be read: {error.strerror}."])
    try:
        return read_catalog(content)
    except CatalogMistakes as error:
        count = len(error.mistakes)
        said = "1 mistake" if count == 1 else f"{count} mistakes"
        _leave([*(f"{name}:{mistake}" for mistake in error.mistakes), f"{said}; nothing is changed."])


def _open(file: Path) -> BinaryIO:
    return sys.stdin.buffer if file == DASH else file.open("rb")


async def _apply(database_url: str, wanted: Catalog, *, dry_run: bool) -> list[str]:
    database = Database(database_url)
    try:
        if dry_run and (_has_no_file(database) or await pending(database) == migrations()):
            return differences(Catalog(), wanted)
        if not dry_run:
            await upgrade(database)
        work = UnitOfWork(database, SystemClock(), posts_for)
        return await apply_catalog(work, AT_THE_TERMINAL, wanted, dry_run=dry_run)
    finally:
        await database.close()


def _has_no_file(database: Database) -> bool:
    """Whether this is an SQLite file that does not exist yet: reading would create it."""
    return database.is_sqlite and not Path(database.url.database or "").exists()


def _outcome(count: int, *, dry_run: bool) -> str:
    if not count:
        return "Nothing to change."
    changes = "1 change" if count == 1 else f"{count} changes"
    return f"{changes} to make; nothing is changed yet." if dry_run else f"{changes} made."


def _leave(sentences: Sequence[str]) -> NoReturn:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    raise typer.Exit(MISUSED)
