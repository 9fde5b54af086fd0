"""Serves the demo: the local workspace, and Release Desk connected to it by Socket Mode."""

import asyncio
import secrets
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog

from bot.assembly import Assembly
from bot.config.settings import Settings
from bot.demo.history import tell_all
from bot.demo.steps import Story
from bot.program import Program
from bot.slack.manifest import load_manifest
from bot.workspace.server.server import serve
from bot.workspace.workspace import Workspace
from bot.workspace.world.app import App
from bot.workspace.world.clock import MovableClock
from models.catalog.reader import read_catalog
from models.events import Actor
from models.migrations.upgrade import upgrade
from models.pipelines.links import GATE
from models.services.apply import apply_catalog
from models.storage.database import Database
from models.support.importing.import_incidents import import_incidents

log = structlog.get_logger()

HERE = Path(__file__).parent
INCIDENTS = HERE / "data" / "servicenow-incidents.csv.gz"


@asynccontextmanager
async def demo(
    port: int, folder: Path, *, history: bool = True, changes: Mapping[str, Any] | None = None
) -> AsyncIterator[tuple[Workspace, Assembly]]:
    """The workspace on ``port`` (0 picks one) with Release Desk in it, which keeps its data in ``folder``.

    Without ``history`` nothing has happened there yet. ``changes`` are to its settings. Raises OSError when the
    port is taken.
    """
    clock = MovableClock()
    app = App.from_manifest(load_manifest(), socket_mode=True)
    workspace = Workspace.from_file(HERE / "workspace.yaml", app, clock)
    async with serve(workspace, port) as api_url:
        settings = _settings(app, api_url, folder, changes or {})
        await _prepare(settings, clock, history=history)
        program = Program(settings, clock)
        running = asyncio.create_task(program.run())
        try:
            assembly = await _ready(program, running)
            clock.next_due = assembly.jobs.next_due
            clock.on_move(lambda _: assembly.jobs.run_all())
            yield workspace, assembly
        finally:
            program.stop()
            await running


async def run_demo(port: int, ready: Callable[[str], None] = print) -> None:
    """Serve the demo until Ctrl-C or SIGTERM; ``ready`` gets the address once it can be opened."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stopped.set)
    with tempfile.TemporaryDirectory(prefix="release-desk-demo-") as folder:
        async with demo(port, Path(folder)) as (workspace, assembly):
            ready(f"{workspace.base_url}\n\n{how_to_ask(assembly.settings)}")
            importing = asyncio.create_task(_import(assembly))
            await stopped.wait()
            importing.cancel()
            await asyncio.gather(importing, return_exceptions=True)


def how_to_ask(settings: Settings) -> str:
    """Lines for the terminal: the secrets, and two ways for a pipeline to ask."""
    held = dict(settings.gate_keys)
    question = '{"service": "WEB", "environment": "production", "item": "basket-service", "version": "5.3.0"}'
    ask = "releasedesk gate --service PAY --item pay-api --version 9.2.0"
    return "\n".join(
        (
            "Pipelines ask before they touch production, with the secret of their service:",
            *(f"  {service}  {secret}" for service, secret in held.items()),
            "",
            f"  curl {settings.public_url}{GATE} -H 'Authorization: Bearer {held['WEB']}' \\",
            f"    -d '{question}'",
            f"  RELEASE_DESK_URL={settings.public_url} RELEASE_DESK_SECRET={held['PAY']} \\",
            f"    .venv/bin/{ask}",
        )
    )


def _settings(app: App, api_url: str, folder: Path, changes: Mapping[str, Any]) -> Settings:
    """Calendars are served on another port that is free now, and pipelines ask there."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return Settings.model_validate(
        {
            "slack_bot_token": app.bot_token,
            "slack_app_token": app.app_token,
            "slack_api_url": api_url,
            "database_url": f"sqlite:///{folder / 'releasedesk.db'}",
            "host": "127.0.0.1",
            "port": port,  # not PORT, which is the workspace's here
            "public_url": f"http://127.0.0.1:{port}",
            "gate_secrets": " ".join(f"{service}={secrets.token_hex(16)}" for service in ("PAY", "WEB")),
            **changes,
        }
    )


async def _prepare(settings: Settings, clock: MovableClock, *, history: bool) -> None:
    """Make a database with the catalog and the history."""
    database = Database(settings.database_url.get_secret_value())
    try:
        await upgrade(database)
        catalog = read_catalog((HERE / "catalog.yaml").read_bytes())
        story = Story(database, clock)
        story.at(story.day(-90))
        await apply_catalog(story.work, Actor(person="U0PETRA", surface="cli"), catalog)
        if history:
            await tell_all(story)
    finally:
        await database.close()


async def _import(assembly: Assembly) -> None:
    """Import real incidents of 2016, so that there is something to search and to count."""
    report = await import_incidents(assembly.work, INCIDENTS)
    log.info("demo_incidents_imported", records=report.records)


async def _ready(program: Program, running: "asyncio.Task[None]") -> Assembly:
    """Wait until the program is ready. Raises what ended it before that."""
    ready = asyncio.create_task(program.ready.wait())
    await asyncio.wait((ready, running), return_when=asyncio.FIRST_COMPLETED)
    ready.cancel()
    if running.done():
        running.result()
    if program.assembly is None:
        raise RuntimeError("Release Desk ended before it began")
    return program.assembly
