"""`releasedesk run` as a process of its own: it starts, works, and ends without losing what it acknowledged."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.config.settings import Settings
from bot.workspace.workspace import Workspace
from bot.workspace.world.errors import DeliveryFailed
from models.outbox import Outgoing
from models.storage.database import Database
from tests.bot.conftest import environment_of, until
from tests.conftest import PEOPLE

MakeSettings = Callable[..., Settings]

EVERYBODY = [f"U0{name.upper()}" for name in PEOPLE]


class Process:
    """A running `releasedesk run`; ``events`` are the lines of its log so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.events: list[dict[str, Any]] = []
        self.lines: list[str] = []
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self.lines.append(line.decode())
            with contextlib.suppress(ValueError):
                self.events.append(json.loads(line))

    def has_said(self, event: str) -> bool:
        return any(one.get("event") == event for one in self.events)

    def send(self, signum: signal.Signals) -> None:
        self._process.send_signal(signum)

    async def ended(self) -> int:
        """Its exit code, once it has ended."""
        code = await asyncio.wait_for(self._process.wait(), 30)
        await self._reading
        return code

    async def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self.ended()


@asynccontextmanager
async def started(settings: Settings, folder: Path, *, ready: bool = True) -> AsyncIterator[Process]:
    """`releasedesk run` with ``settings``; killed afterwards if it has not ended."""
    found = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env=environment_of(settings) | {"PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=folder,
        stderr=asyncio.subprocess.PIPE,
    )
    process = Process(found)
    try:
        if ready:
            await until(lambda: process.has_said("ready") or found.returncode is not None)
            assert found.returncode is None, process.lines
        yield process
    finally:
        await process.kill()


async def outbox_of(settings: Settings) -> dict[str, Outgoing]:
    database = Database(settings.database_url.get_secret_value())
    try:
        async with database.reading() as session:
            return {row.key: row for row in (await session.exec(select(Outgoing))).all()}
    finally:
        await database.close()


async def test_it_connects_answers_and_ends_with_zero_on_sigterm(
    workspace: Workspace, settings_for: MakeSettings, tmp_path: Path
) -> None:
    async with started(settings_for(workspace), tmp_path) as process:
        answer = await workspace.command("U0ANN", "C0PAY", "/release help")
        assert "/release request" in answer["text"]
        process.send(signal.SIGTERM)
        assert await process.ended() == 0
    assert [event["event"] for event in process.events if event["level"] != "info"] == []
    assert process.has_said("stopped")
    assert len(workspace.deliveries.sockets) == 0


async def test_a_call_in_flight_is_finished_and_written_down_before_the_end(
    workspace: Workspace, settings_for: MakeSettings, tmp_path: Path
) -> None:
    settings = settings_for(workspace)
    workspace.faults.add("slow", "views.publish", seconds=1)
    async with started(settings, tmp_path) as process:
        await workspace.open_home("U0ANN")
        await until(lambda: workspace.calls_under_way > 0)
        process.send(signal.SIGINT)
        assert await process.ended() == 0
    assert "U0ANN" in workspace.homes
    row = (await outbox_of(settings))["home:U0ANN"]
    assert row.delivered == row.wanted


async def test_what_was_acknowledged_in_a_burst_that_a_stop_cuts_off_is_kept(
    workspace: Workspace, settings_for: MakeSettings, tmp_path: Path
) -> None:
    settings = settings_for(workspace)
    workspace.deliveries.redelivery_pauses = ()
    async with started(settings, tmp_path) as process:
        burst = [asyncio.create_task(workspace.open_home(person)) for person in EVERYBODY]
        await asyncio.wait(burst, return_when=asyncio.FIRST_COMPLETED)
        process.send(signal.SIGTERM)
        answers = await asyncio.gather(*burst, return_exceptions=True)
        assert await process.ended() == 0
    acknowledged = {person for person, answer in zip(EVERYBODY, answers, strict=True) if answer == {}}
    assert acknowledged
    assert all(isinstance(one, dict | DeliveryFailed) for one in answers)
    kept = {row.recipient for row in (await outbox_of(settings)).values()}
    assert acknowledged <= kept


async def test_what_a_stop_left_in_the_outbox_is_delivered_after_the_next_start(
    workspace: Workspace, settings_for: MakeSettings, tmp_path: Path
) -> None:
    settings = settings_for(workspace)
    workspace.faults.add("server_error", "views.publish", times=None)
    async with started(settings, tmp_path) as process:
        await workspace.open_home("U0ANN")
        process.send(signal.SIGTERM)
        assert await process.ended() == 0
    assert "U0ANN" not in workspace.homes
    workspace.faults.clear()
    async with started(settings, tmp_path):
        await until(lambda: "U0ANN" in workspace.homes)


async def test_a_second_signal_ends_it_at_once(
    workspace: Workspace, settings_for: MakeSettings, tmp_path: Path
) -> None:
    workspace.faults.add("slow", "views.publish", times=None, seconds=60)
    async with started(settings_for(workspace), tmp_path) as process:
        await workspace.open_home("U0ANN")
        await until(lambda: workspace.calls_under_way > 0)
        process.send(signal.SIGTERM)
        await until(lambda: process.has_said("stopping"))
        process.send(signal.SIGTERM)
        assert await process.ended() == 128 + signal.SIGTERM


async def test_a_signal_while_slack_is_away_ends_the_waiting(
    workspace: Workspace, settings_for: MakeSettings, tmp_path: Path
) -> None:
    settings = settings_for(workspace, slack_api_url="http://127.0.0.1:1/api/")
    async with started(settings, tmp_path, ready=False) as process:
        await until(lambda: process.has_said("slack_not_reached"))
        process.send(signal.SIGTERM)
        assert await process.ended() == 0


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"slack_bot_token": None}, 2, "SLACK_BOT_TOKEN is not set"),
        ({"slack_bot_token": "xoxb-another"}, 2, "SLACK_BOT_TOKEN is refused by Slack (invalid_auth)"),
        ({"slack_app_token": "xapp-another"}, 2, "SLACK_APP_TOKEN is refused by Slack (invalid_auth)"),
        ({"database_url": "postgresql://desk:hunter2@127.0.0.1:x/desk"}, 2, "not a database address"),
        ({"database_url": "postgresql://desk:hunter2@127.0.0.1:1/desk"}, 1, "The database cannot be reached"),
        ({"database_url": "sqlite:////nowhere/at/all.db"}, 1, "The database cannot be used"),
        ({"port": 1, "host": "192.0.2.1"}, 1, "192.0.2.1"),
    ],
)
async def test_what_keeps_it_from_running_is_one_sentence_and_an_exit_code(
    workspace: Workspace, settings_for: MakeSettings, tmp_path: Path, changes: dict[str, Any], code: int, said: str
) -> None:
    async with started(settings_for(workspace, **changes), tmp_path, ready=False) as process:
        assert await process.ended() == code
    plain = [line for line in process.lines if not line.startswith("{")]
    assert len(plain) == 1, process.lines
    assert said in plain[0]
    assert "hunter2" not in "".join(process.lines)


async def test_its_whole_log_holds_no_secret(
    workspace: Workspace, settings_for: MakeSettings, tmp_path: Path
) -> None:
    settings = settings_for(workspace, log_level="debug", port=0)
    async with started(settings, tmp_path) as process:
        await workspace.command("U0ANN", "C0PAY", "/release list")
        await workspace.command("U0ANN", "C0PAY", "/release request")
        process.send(signal.SIGTERM)
        await process.ended()
    log = "".join(process.lines)
    assert "ready" in log
    tickets = [line for line in process.lines if "ticket=" in line and "ticket=***" not in line]
    assert tickets == []
    assert workspace.app.bot_token not in log
    assert workspace.app.app_token not in log
