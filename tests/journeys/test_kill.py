"""A kill in the middle: what was acknowledged is there, and nothing stands in Slack twice."""

import asyncio
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from bot.demo.run import HERE
from bot.slack.manifest import load_manifest
from bot.workspace.server.server import serve
from bot.workspace.workspace import Workspace
from bot.workspace.world.app import App
from bot.workspace.world.errors import DeliveryFailed
from bot.workspace.world.records import Message
from models.lifecycle.tables.approvals import Decision
from models.lifecycle.tables.release import Release
from models.storage.database import Database
from tests.conftest import DATA
from tests.journeys.conftest import Desk, buttons

ROOT = Path(__file__).parents[2]
SECRET = "a-signing-secret-of-this-test"
APPROVERS = ("U0RITA", "U0OLGA")
RELEASES = 8


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """``releasedesk run`` as a process of its own."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = {**os.environ, **environment}
        self.process: asyncio.subprocess.Process | None = None

    async def command(self, *words: str) -> None:
        """Run another command to its end."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words, cwd=ROOT, env=self._environment, stdout=asyncio.subprocess.DEVNULL
        )
        assert await process.wait() == 0

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=ROOT, env=self._environment, stderr=asyncio.subprocess.DEVNULL
        )

    async def end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return await self.process.wait()


@asynccontextmanager
async def served(mode: str) -> AsyncIterator[tuple[Workspace, dict[str, str]]]:
    """A workspace that delivers by ``mode``, and the environment that connects to it."""
    port = free_port()
    identity: dict[str, Any] = {"socket_mode": mode == "socket"}
    if mode == "http":
        identity |= {"signing_secret": SECRET, "request_url": f"http://127.0.0.1:{port}/slack/events"}
    app = App.from_manifest(load_manifest(), **identity)
    workspace = Workspace.from_file(HERE / "workspace.yaml", app, rate_multiplier=None)
    async with serve(workspace) as api_url:
        way = {"SLACK_APP_TOKEN": app.app_token} if mode == "socket" else {"SLACK_SIGNING_SECRET": SECRET}
        yield workspace, {"SLACK_API_URL": api_url, "SLACK_BOT_TOKEN": app.bot_token, "PORT": str(port), **way}


async def until(look: Callable[[], Any], patience: float = 60) -> None:
    async with asyncio.timeout(patience):
        while not look():  # noqa: ASYNC110 - what others see is looked for, nobody tells
            await asyncio.sleep(0.05)


def cards_in(workspace: Workspace) -> list[Message]:
    """The cards of the payments channel."""
    return [one for one in workspace.messages_in("C0PAY", "U0ANN") if not one.ephemeral_to]


async def approve_all(workspace: Workspace, acknowledged: set[tuple[str, str]]) -> None:
    """Two people approve every card that can be approved; who was acknowledged is written down."""

    async def click(person: str, card: Message) -> None:
        places = [
            (block_id, action_id) for block_id, action_id, caption in buttons(card.blocks) if caption == "Approve"
        ]
        for block_id, action_id in places:
            try:
                await workspace.click(person, card, block_id, action_id)
            except DeliveryFailed:
                return
            acknowledged.add((person, card.text.split(" ", 1)[0]))

    await asyncio.gather(*(click(person, card) for card in cards_in(workspace) for person in APPROVERS))


@pytest.mark.parametrize("mode", ["socket", "http"])
async def test_a_kill_in_a_burst_loses_nothing_acknowledged_and_doubles_nothing(mode: str, empty_url: str):
    async with served(mode) as (workspace, environment):
        program = Program({**environment, "DATABASE_URL": empty_url})
        await program.command("catalog", "apply", str(DATA / "catalog.yaml"))
        await program.start()
        await _answers(workspace)
        desk = Desk(workspace, None)  # type: ignore[arg-type]
        for number in range(RELEASES):
            await desk.request(Title=f"Release {number}")
        acknowledged: set[tuple[str, str]] = set()
        burst = asyncio.create_task(approve_all(workspace, acknowledged))
        await until(lambda: len(acknowledged) >= RELEASES // 2)
        await program.end(signal.SIGKILL)
        await burst
        await program.start()
        await _answers(workspace)
        await approve_all(workspace, set())
        await until(lambda: _all_approved(workspace))
        await until(lambda: all(workspace.replies("C0PAY", card.ts) for card in cards_in(workspace)))
        assert await program.end(signal.SIGTERM) == 0
        assert acknowledged <= await _decided(empty_url)
        _nothing_twice(workspace)


async def _answers(workspace: Workspace) -> None:
    """Wait until the program answers a command."""
    async with asyncio.timeout(60):
        while True:
            try:
                await workspace.command("U0ANN", "C0PAY", "/release help")
            except DeliveryFailed:
                await asyncio.sleep(0.1)
            else:
                return


def _all_approved(workspace: Workspace) -> bool:
    return all("Approved" in card.text for card in cards_in(workspace))


async def _decided(database_url: str) -> set[tuple[str, str]]:
    database = Database(database_url)
    async with database.reading() as session:
        query = select(Decision.person, Release.identifier).join(Release)
        found = list((await session.exec(query)).all())
    await database.close()
    assert len(found) == len(set(found)) == RELEASES * len(APPROVERS)
    return set(found)


def _nothing_twice(workspace: Workspace) -> None:
    messages = cards_in(workspace)
    cards = Counter(one.text.split(" ", 1)[0] for one in messages)
    assert set(cards.values()) == {1}
    for card in messages:
        told = Counter(one.text for one in workspace.replies("C0PAY", card.ts))
        assert set(told.values()) == {1}, told
