"""The program inside a loop: both ways in, its health, and connecting before everything is loaded."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.config.settings import Settings
from bot.program import Program
from bot.workspace.workspace import Workspace
from tests.bot.conftest import make_workspace, until

MakeSettings = Callable[..., Settings]


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Program]:
    """A program that is ready; stopped afterwards."""
    program = Program(settings)
    task = asyncio.create_task(program.run())
    ready = asyncio.create_task(program.ready.wait())
    try:
        await asyncio.wait((task, ready), return_when=asyncio.FIRST_COMPLETED, timeout=20)
        assert program.ready.is_set(), task
        yield program
    finally:
        ready.cancel()
        program.stop()
        await task


async def health(program: Program) -> tuple[int, dict[str, bool]]:
    address = f"http://127.0.0.1:{program.port}/readyz"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.json()


async def test_signed_http_answers_commands_and_reports_its_health(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    app = workspace.app
    app.socket_mode = False
    settings = settings_for(
        workspace, slack_app_token=None, slack_signing_secret=app.signing_secret, host="127.0.0.1", port=0
    )
    async with running(settings) as program:
        app.request_url = f"http://127.0.0.1:{program.port}/slack/events"
        answer = await workspace.command("U0ANN", "C0PAY", "/known-error help")
        assert "/known-error search" in answer["text"]
        assert await health(program) == (200, {"database": True, "delivery": True, "slack": True})


async def test_with_both_ways_configured_socket_mode_wins_and_http_takes_no_deliveries(
    workspace: Workspace, settings_for: MakeSettings
) -> None:
    settings = settings_for(workspace, slack_signing_secret="s3cr3t", host="127.0.0.1", port=0)
    async with running(settings) as program:
        assert len(workspace.deliveries.sockets) == 1
        address = f"http://127.0.0.1:{program.port}"
        async with aiohttp.ClientSession() as session, session.post(f"{address}/slack/events") as answer:
            assert answer.status == 404
        assert await health(program) == (200, {"database": True, "delivery": True, "slack": True})


async def test_socket_mode_without_a_port_serves_nothing(workspace: Workspace, settings_for: MakeSettings) -> None:
    async with running(settings_for(workspace)) as program:
        assert program.port is None


async def test_a_lost_connection_and_a_lost_database_show_in_its_health(
    workspace: Workspace, settings_for: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(settings_for(workspace, host="127.0.0.1", port=0)) as program:
        workspace.faults.add("server_error", "apps.connections.open", times=None)
        await workspace.deliveries.sockets.drop()
        async with asyncio.timeout(5):
            while (await program.health())["slack"]:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.005)
        assert program.assembly is not None
        with monkeypatch.context() as patch:
            patch.setattr(program.assembly.database, "reading", _Refusing)
            status, parts = await health(program)
        assert (status, parts["database"], parts["slack"]) == (503, False, False)


class _Refusing:
    async def __aenter__(self) -> None:
        raise ConnectionRefusedError

    async def __aexit__(self, *_error: object) -> None:
        """Never entered, so there is nothing to leave."""


async def test_what_arrives_before_everything_is_loaded_waits_and_is_answered(
    workspace: Workspace, settings_for: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = asyncio.Event()

    async def slow_identify(_client: object) -> dict[str, str]:
        await go_on.wait()
        return {"team_id": "T1", "user_id": workspace.app.bot_user, "bot_id": workspace.app.bot_id}

    monkeypatch.setattr("bot.program.identify", slow_identify)
    program = Program(settings_for(workspace))
    task = asyncio.create_task(program.run())
    await until(lambda: len(workspace.deliveries.sockets) == 1)
    command = asyncio.create_task(workspace.command("U0ANN", "C0PAY", "/incident help"))
    await until(lambda: bool(workspace.deliveries.outstanding))
    assert not command.done()
    go_on.set()
    assert "/incident link" in (await command)["text"]
    program.stop()
    await task


async def test_a_stop_during_the_start_leaves_without_waiting_for_slack(settings_for: MakeSettings) -> None:
    program = Program(settings_for(make_workspace(), slack_api_url="http://127.0.0.1:1/api/"))
    task = asyncio.create_task(program.run())
    await asyncio.sleep(0)
    program.stop()
    await asyncio.wait_for(task, 10)
