"""Socket Mode over real WebSockets: acknowledgements, bounds, renewal, lost connections, and the end."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import client as slack
from bot.slack import socket_mode
from bot.slack.client import make_session
from bot.slack.socket_mode import SocketMode
from bot.workspace.workspace import Workspace
from bot.workspace.world.errors import DeliveryFailed
from tests.bot.conftest import until

Payload = dict[str, Any]

Receive = Callable[[Payload, str], Awaitable[BoltResponse]]


@pytest.fixture(autouse=True)
def _no_long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack, "FIRST_PAUSE", 0.01)


async def accept(_payload: Payload, _delivery: str) -> BoltResponse:
    return BoltResponse(status=200, body="")


@asynccontextmanager
async def connected(
    address: str, receive: Receive = accept, *, token: str = "xapp-local-workspace", **bounds: int
) -> AsyncIterator[tuple[SocketMode, asyncio.Task[None]]]:
    """A running Socket Mode, connected to ``address``; ended afterwards if it has not ended yet."""
    async with make_session() as session:
        client = AsyncWebClient(token="xoxb-local-workspace", base_url=address, session=session, retry_handlers=[])
        mode = SocketMode(client, token, receive, **bounds)
        running = asyncio.create_task(mode.run())
        try:
            await asyncio.wait_for(mode.connected.wait(), 5)
            yield mode, running
        finally:
            mode.stop()
            await asyncio.gather(running, return_exceptions=True)


def api_of(workspace: Workspace) -> str:
    return f"{workspace.base_url}/api/"


async def test_a_bare_acknowledgement_and_one_with_an_answer_arrive(workspace: Workspace) -> None:
    async def receive(payload: Payload, _delivery: str) -> BoltResponse:
        return BoltResponse(status=200, body={"text": payload["text"]} if payload["text"] else "")

    async with connected(api_of(workspace), receive):
        assert await workspace.command("U0ANN", "C0PAY", "/release") == {}
        assert await workspace.command("U0ANN", "C0PAY", '/release "hé"') == {"text": '"hé"'}


async def test_plain_words_are_acknowledged_as_text(workspace: Workspace) -> None:
    async def receive(_payload: Payload, _delivery: str) -> BoltResponse:
        return BoltResponse(status=200, body="words", headers={"content-type": "text/plain"})

    async with connected(api_of(workspace), receive):
        assert await workspace.command("U0ANN", "C0PAY", "/release") == {"text": "words"}


async def test_what_was_not_taken_is_not_acknowledged(workspace: Workspace) -> None:
    async def receive(_payload: Payload, _delivery: str) -> BoltResponse:
        return BoltResponse(status=404, body="")

    workspace.deliveries.patience = 0.2
    async with connected(api_of(workspace), receive):
        with pytest.raises(DeliveryFailed):
            await workspace.command("U0ANN", "C0PAY", "/release")


async def test_an_envelope_that_fails_does_not_end_its_worker(workspace: Workspace) -> None:
    async def receive(payload: Payload, _delivery: str) -> BoltResponse:
        if payload["text"] == "break":
            raise RuntimeError
        return BoltResponse(status=200, body="")

    workspace.deliveries.patience = 0.2
    async with connected(api_of(workspace), receive, in_work=1):
        with pytest.raises(DeliveryFailed):
            await workspace.command("U0ANN", "C0PAY", "/release break")
        assert await workspace.command("U0ANN", "C0PAY", "/release on") == {}


async def test_no_more_envelopes_are_in_work_than_the_bound_says_and_all_are_answered(workspace: Workspace) -> None:
    now = most = 0

    async def receive(_payload: Payload, _delivery: str) -> BoltResponse:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1
        return BoltResponse(status=200, body="")

    async with connected(api_of(workspace), receive, in_work=3, waiting=5):
        commands = [workspace.command("U0ANN", "C0PAY", "/release") for _ in range(200)]
        assert await asyncio.gather(*commands) == [{}] * 200
    assert most == 3


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_reconnect_that_slack_asks_for_loses_no_envelope(workspace: Workspace, reason: str) -> None:
    begun, go_on = 0, asyncio.Event()

    async def receive(_payload: Payload, _delivery: str) -> BoltResponse:
        nonlocal begun
        begun += 1
        await go_on.wait()
        return BoltResponse(status=200, body="")

    sockets = workspace.deliveries.sockets
    async with connected(api_of(workspace), receive) as (mode, _):
        commands = [asyncio.create_task(workspace.command("U0ANN", "C0PAY", "/release")) for _ in range(20)]
        await until(lambda: begun == 20)
        await sockets.ask_reconnect(reason)
        await until(lambda: len(sockets) == 2)  # the replacement stands beside the old connection
        assert mode.connected.is_set()
        go_on.set()
        assert await asyncio.gather(*commands) == [{}] * 20
        assert await workspace.command("U0ANN", "C0PAY", "/release") == {}


async def test_a_replaced_connection_that_slack_leaves_open_is_closed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "GRACE", 0.01)
    sockets = workspace.deliveries.sockets
    async with connected(api_of(workspace)) as (mode, _):
        (old,) = mode.sockets
        await sockets.ask_reconnect("warning")
        await until(lambda: old.closed and len(sockets) == 1)
        assert await workspace.command("U0ANN", "C0PAY", "/release") == {}


async def test_an_acknowledgement_due_on_a_connection_that_broke_goes_over_the_next() -> None:
    acknowledged: asyncio.Queue[Payload] = asyncio.Queue()
    release = asyncio.Event()
    connections = 0

    async def link(request: web.Request) -> web.WebSocketResponse:
        nonlocal connections
        connections += 1
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        if connections == 1:
            await socket.send_json({"type": "interactive", "envelope_id": "e1", "payload": {}})
            await socket.close()
            return socket
        release.set()
        async for message in socket:
            await acknowledged.put(json.loads(message.data))
        return socket

    async def receive(_payload: Payload, _delivery: str) -> BoltResponse:
        await release.wait()
        return BoltResponse(status=200, body="")

    async with stand_in(link) as address, connected(address, receive):
        assert await asyncio.wait_for(acknowledged.get(), 5) == {"envelope_id": "e1"}


async def test_dropped_connections_and_refused_connects_are_tried_again(workspace: Workspace) -> None:
    async with connected(api_of(workspace)):
        workspace.faults.add("server_error", "apps.connections.open", times=2)
        workspace.faults.add("ratelimited", "apps.connections.open", times=1, seconds=0)
        workspace.faults.add("cut_before", "apps.connections.open", times=1)
        await workspace.deliveries.sockets.drop()
        await until(lambda: len(workspace.deliveries.sockets) == 1)
        assert await workspace.command("U0ANN", "C0PAY", "/release") == {}


async def test_each_connection_is_opened_with_an_address_of_its_own() -> None:
    tickets: list[str] = []
    second = asyncio.Event()

    async def link(request: web.Request) -> web.StreamResponse:
        tickets.append(request.query["ticket"])
        if len(tickets) == 1:
            return web.Response(status=500)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        second.set()
        async for _ in socket:
            pass
        return socket

    async with stand_in(link) as address, connected(address):
        await asyncio.wait_for(second.wait(), 5)
    assert len(set(tickets)) == 2


async def test_a_token_that_slack_refuses_at_the_start_ends_it(workspace: Workspace) -> None:
    async with make_session() as session:
        client = AsyncWebClient(base_url=api_of(workspace), session=session, retry_handlers=[])
        with pytest.raises(SlackApiError):
            await asyncio.wait_for(SocketMode(client, "xapp-another", accept).run(), 5)


async def test_messages_that_are_no_envelopes_are_passed_over() -> None:
    acknowledged: asyncio.Queue[Payload] = asyncio.Queue()

    async def link(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello"})
        for text in ("not json", "[]", "{}", '{"type": "unheard_of"}'):
            await socket.send_str(text)
        await socket.ping()
        await socket.send_json({"type": "events_api", "envelope_id": "e2", "payload": {}})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await acknowledged.put(json.loads(message.data))
        return socket

    async with stand_in(link) as address, connected(address):
        assert await asyncio.wait_for(acknowledged.get(), 5) == {"envelope_id": "e2"}


async def test_a_stop_finishes_and_acknowledges_what_is_in_work(workspace: Workspace) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def receive(_payload: Payload, _delivery: str) -> BoltResponse:
        begun.set()
        await go_on.wait()
        return BoltResponse(status=200, body="")

    async with connected(api_of(workspace), receive, in_work=2) as (mode, running):
        commands = [asyncio.create_task(workspace.command("U0ANN", "C0PAY", "/release")) for _ in range(5)]
        await begun.wait()
        await until(lambda: mode.waiting == 3)  # two in work, three behind them
        mode.stop()
        await asyncio.sleep(0)
        assert not running.done()
        go_on.set()
        assert await asyncio.gather(*commands) == [{}] * 5
        await asyncio.wait_for(running, 5)
    assert len(workspace.deliveries.sockets) == 0


@asynccontextmanager
async def stand_in(link: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """A Slack of two addresses: one that names connections, and ``link`` behind them."""
    numbers = iter(range(1, 1000))
    app = web.Application()

    async def open_connection(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "url": f"ws://{request.host}/link?ticket={next(numbers)}"})

    app.router.add_post("/api/apps.connections.open", open_connection)
    app.router.add_get("/link", link)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    finally:
        await runner.cleanup()
