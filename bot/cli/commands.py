"""The commands and their arguments. Each command imports what it needs when it runs."""

import asyncio
import importlib
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bot.cli.exit_codes import FAILED

LATER = {
    "catalog": "bot.cli.catalog",
    "gate": "bot.cli.gate",
    "import": "bot.cli.imports",
}
"""Groups of commands with modules of their own, each with a Typer named ``app``."""

DEMO_PORT = 8008


class _Commands(TyperGroup):
    """The commands of this module, and those of :data:`LATER`, which are loaded when needed."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *LATER]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in LATER:
            return super().get_command(ctx, cmd_name)
        group = typer.main.get_group(importlib.import_module(LATER[cmd_name]).app)
        group.name = cmd_name
        return group


app = typer.Typer(
    cls=_Commands,
    help="Release Desk: request, approve and follow releases in Slack.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Port = Annotated[
    int, typer.Option(envvar="PORT", min=0, max=65535, help="Where to serve on 127.0.0.1; 0 picks a free port.")
]


@app.command()
def run() -> None:
    """Connect to Slack and work until stopped."""
    from bot.cli.run import run

    run()


@app.command()
def demo(port: Port = DEMO_PORT) -> None:
    """Try Release Desk in the browser, without Slack."""
    from bot.config.logs import configure_logs
    from bot.config.settings import Settings
    from bot.demo.run import run_demo

    configure_logs(Settings.model_validate({"log_level": "warning"}))  # only the address matters here
    asyncio.run(run_demo(port))


@app.command()
def workspace(
    file: Annotated[Path, typer.Argument(help="The people, groups and channels, as YAML.")],
    port: Port = DEMO_PORT,
    manifest: Annotated[Path | None, typer.Option(help="The app to install; Release Desk when not given.")] = None,
    request_url: Annotated[str | None, typer.Option(help="Deliver by signed HTTP to this address.")] = None,
) -> None:
    """Serve the local workspace alone, for an app that is run elsewhere."""
    from bot.cli.workspace import serve_alone

    asyncio.run(serve_alone(file, port, manifest, request_url))


@app.command()
def doctor(
    *,
    messages: Annotated[bool, typer.Option(help="Have Slack check a sample of every message, too.")] = False,
) -> None:
    """Check tokens, scopes, database, catalog and channels, and say what to do."""
    from bot.config.settings import load_settings
    from bot.doctor import examine

    if not asyncio.run(examine(load_settings(), sys.stdout, messages=messages)):
        raise typer.Exit(FAILED)


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date; `run` does so by itself."""
    from bot.config.settings import load_settings
    from models.migrations.upgrade import upgrade
    from models.storage.database import Database

    async def bring_up_to_date() -> list[str]:
        database = Database(load_settings().database_url.get_secret_value())
        try:
            return await upgrade(database)
        finally:
            await database.close()

    applied = asyncio.run(bring_up_to_date())
    typer.echo("\n".join(f"Applied {name}." for name in applied) or "The schema is up to date.")


@app.command()
def version() -> None:
    """Print the version."""
    from importlib.metadata import version

    typer.echo(version("release-desk"))
