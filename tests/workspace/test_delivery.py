"""Lost acknowledgements, redelivery, broken connections, and signed HTTP, with real sockets."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.server.server import serve
from bot.workspace.workspace import Workspace
from bot.workspace.world.errors import DeliveryFailed
from tests.workspace.conftest import connected, make_workspace

Json = dict[str, Any]


def deliveries(workspace: Workspace) -> list[tuple[str, int]]:
    return [(one.outcome, one.attempt) for one in workspace.traffic if one.kind == "delivery"]


def hears(bolt: AsyncApp, event: str = "user_change") -> list[Json]:
    heard: list[Json] = []

    @bolt.event(event)
    async def note(body: Json) -> None:
        heard.append(body)

    return heard


async def test_an_event_whose_acknowledgement_is_lost_comes_again_as_the_same_event(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    heard = hears(bolt)
    workspace.faults.add("lose_ack", "user_change", times=2)
    await workspace.update_person("ann", status_text="Busy")
    await workspace.idle()
    assert deliveries(workspace) == [("acknowledgement lost", 0), ("acknowledgement lost", 1), ("acknowledged", 2)]
    assert len({one["event_id"] for one in heard}) == 1
    assert len(heard) == 3


async def test_an_event_is_given_up_after_three_redeliveries(workspace: Workspace, bolt: AsyncApp) -> None:
    workspace.faults.add("lose_ack", times=None)
    await workspace.update_person("ann", status_text="Busy")
    await workspace.idle()
    assert [attempt for _, attempt in deliveries(workspace)] == [0, 1, 2, 3]


async def test_an_interaction_is_redelivered_only_when_a_switch_says_so(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    heard: list[str] = []

    @bolt.command("/help-me")
    async def help_me(ack: Any, body: Json) -> None:
        heard.append(body["trigger_id"])
        await ack()

    workspace.faults.add("lose_ack")
    with pytest.raises(DeliveryFailed, match="operation_timeout"):
        await workspace.command("ann", "open", "/help-me")
    workspace.faults.add("lose_ack")
    workspace.faults.add("redeliver_interactions")
    await workspace.command("ann", "open", "/help-me")
    assert len(heard) == 3
    assert heard[1] == heard[2]


async def test_a_duplicate_is_the_same_delivery_twice(workspace: Workspace, bolt: AsyncApp) -> None:
    heard: list[Json] = []

    @bolt.command("/help-me")
    async def help_me(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack()

    workspace.faults.add("duplicate", "/help-me")
    await workspace.command("ann", "open", "/help-me")
    await workspace.idle()
    assert len(heard) == 2
    assert heard[0] == heard[1]


async def test_each_delivery_goes_to_one_of_several_connections(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    heard: dict[str, int] = {"one": 0, "two": 0}

    def counting(name: str) -> AsyncApp:
        app = AsyncApp(client=client, signing_secret="x", name=name)

        @app.command("/help-me")
        async def help_me(ack: Any) -> None:
            heard[name] += 1
            await ack()

        return app

    async with connected(workspace, counting("one")), connected(workspace, counting("two")):
        for _ in range(6):
            await workspace.command("ann", "open", "/help-me")
    assert heard == {"one": 3, "two": 3}


async def test_the_eleventh_connection_is_refused_and_tickets_work_once(workspace: Workspace) -> None:
    client = AsyncWebClient(base_url=f"{workspace.base_url}/api/")
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(10):
            url = (await client.apps_connections_open(app_token=workspace.app.app_token))["url"]
            sockets.append(await session.ws_connect(url))
            hello = await sockets[-1].receive_json()
            assert hello["type"] == "hello"
        assert hello["num_connections"] == 10
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        with pytest.raises(SlackApiError, match="too_many_websockets"):
            await client.apps_connections_open(app_token=workspace.app.app_token)
        for socket in sockets:
            await socket.close()


async def until_connected(workspace: Workspace, count: int = 1) -> None:
    async with asyncio.timeout(15):
        while workspace.deliveries.sockets.ready != count:  # noqa: ASYNC110 - nothing tells of a new connection
            await asyncio.sleep(0.02)


async def test_after_a_request_to_reconnect_deliveries_use_the_new_connection(
    workspace: Workspace, bolt: AsyncApp
) -> None:
    heard = hears(bolt)
    await workspace.deliveries.sockets.ask_reconnect(grace=0.1)
    assert workspace.deliveries.sockets.ready == 0
    await until_connected(workspace)
    await workspace.update_person("ann", status_text="Busy")
    await workspace.idle()
    assert len(heard) == 1


async def test_a_connection_that_is_to_close_gets_no_more_deliveries(workspace: Workspace) -> None:
    client = AsyncWebClient(base_url=f"{workspace.base_url}/api/")
    async with aiohttp.ClientSession() as session:

        async def connect() -> aiohttp.ClientWebSocketResponse:
            url = (await client.apps_connections_open(app_token=workspace.app.app_token))["url"]
            socket = await session.ws_connect(url)
            assert (await socket.receive_json())["type"] == "hello"
            return socket

        old = await connect()
        await workspace.deliveries.sockets.ask_reconnect("refresh_requested")
        assert (await old.receive_json())["reason"] == "refresh_requested"
        new = await connect()
        for _ in range(2):
            acting = asyncio.create_task(workspace.command("ann", "open", "/help-me"))
            envelope = await new.receive_json()
            await new.send_json({"envelope_id": envelope["envelope_id"]})
            assert await acting == {}
        await asyncio.gather(old.close(), new.close())


async def test_an_app_whose_connections_were_dropped_connects_again(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    app = AsyncApp(client=client, signing_secret="x")
    heard = hears(app)
    handler = AsyncSocketModeHandler(app, workspace.app.app_token, ping_interval=0.2)
    await handler.connect_async()
    try:
        assert await workspace.deliveries.sockets.drop() == 1
        await until_connected(workspace)
        await workspace.update_person("ann", status_text="Back")
        await workspace.idle()
    finally:
        await handler.close_async()
    assert len(heard) == 1


async def test_server_errors_limits_and_cuts_strike_as_often_as_they_are_told(
    workspace: Workspace, client: AsyncWebClient
) -> None:
    workspace.faults.add("server_error", "chat.*", status=502)
    workspace.faults.add("ratelimited", "chat.postMessage", times=1, seconds=7)
    statuses, waits = [], []
    for _ in range(3):
        try:
            statuses.append((await client.chat_postMessage(channel="C0OPEN", text="x")).status_code)
        except SlackApiError as refused:
            statuses.append(refused.response.status_code)
            waits.append(refused.response.headers.get("Retry-After"))
    assert statuses == [502, 429, 200]
    assert waits == [None, "7"]
    assert len(workspace.messages_in("C0OPEN", "U0ANN")) == 1


@pytest.mark.parametrize(("fault", "carried_out"), [("cut_before", 0), ("cut_after", 1)])
async def test_a_cut_connection_leaves_the_app_without_an_answer(
    workspace: Workspace, fault: str, carried_out: int
) -> None:
    workspace.faults.add(fault, "chat.postMessage")
    headers = {"Authorization": f"Bearer {workspace.app.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        with pytest.raises(aiohttp.ClientError):
            await session.post(
                f"{workspace.base_url}/api/chat.postMessage", json={"channel": "C0OPEN", "text": "x"}
            )
    assert len(workspace.messages_in("C0OPEN", "U0ANN")) == carried_out


async def test_a_workspace_can_be_without_the_newest_blocks(workspace: Workspace, client: AsyncWebClient) -> None:
    chart = {
        "type": "data_visualization",
        "title": "Week",
        "chart": {"type": "pie", "segments": [{"label": "a", "value": 1}]},
    }
    await client.chat_postMessage(channel="C0OPEN", text="x", blocks=[chart])
    workspace.faults.add("refuse_blocks", "data_*", times=None)
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await client.chat_postMessage(channel="C0OPEN", text="x", blocks=[chart])
    await client.chat_postMessage(channel="C0OPEN", text="x", blocks=[{"type": "divider"}])


async def test_an_unknown_fault_is_refused(workspace: Workspace) -> None:
    with pytest.raises(ValueError, match="there is no fault 'earthquake'"):
        workspace.faults.add("earthquake")


@asynccontextmanager
async def signed(
    app: AsyncApp | None = None, handler: Any = None
) -> AsyncIterator[tuple[Workspace, list[web.Request]]]:
    """A workspace that delivers by HTTP to ``app`` (or a bare ``handler``)."""
    received: list[web.Request] = []

    async def take(request: web.Request) -> web.StreamResponse:
        received.append(request)
        if handler is not None:
            return web.Response(**await handler(request))
        assert app is not None
        bolt_request = AsyncBoltRequest(body=await request.text(), headers=dict(request.headers))
        answer = await app.async_dispatch(bolt_request)
        kind = "application/json" if answer.body.startswith("{") else "text/plain"
        return web.Response(status=answer.status, text=answer.body, content_type=kind)

    server = web.Application()
    server.router.add_post("/slack/events", take)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    workspace = make_workspace({"socket_mode": False, "request_url": url, "signing_secret": "shh"})
    try:
        async with serve(workspace):
            yield workspace, received
    finally:
        await runner.cleanup()


def http_app(secret: str = "shh") -> AsyncApp:
    app = AsyncApp(
        signing_secret=secret,
        authorize=authorize,
        process_before_response=True,
    )

    @app.command("/help-me")
    async def help_me(ack: Any, body: Json) -> None:
        await ack(text=f"You said {body['text']}")

    @app.action("go")
    async def go(ack: Any) -> None:
        await ack()

    @app.event("user_change")
    async def changed(body: Json) -> None:
        assert body["type"] == "event_callback"

    return app


async def authorize() -> Any:
    from slack_bolt.authorization import AuthorizeResult

    return AuthorizeResult(
        enterprise_id=None, team_id="T0TEST", bot_token="xoxb-x", bot_id="B0BOT", bot_user_id="U0BOT"
    )


async def test_signed_http_carries_commands_clicks_and_events_to_bolt() -> None:
    async with signed(http_app()) as (workspace, received):
        await workspace.command("ann", "open", "/help-me now")
        assert [one.text for one in workspace.messages_in("C0OPEN", "U0ANN")] == ["You said now"]
        await workspace.update_person("ann", status_text="Busy")
        await workspace.idle()
        assert [one.content_type for one in received] == ["application/x-www-form-urlencoded", "application/json"]
        assert [outcome for outcome, _ in deliveries(workspace)] == ["acknowledged", "acknowledged"]


async def test_an_app_with_another_secret_takes_nothing() -> None:
    async with signed(http_app("other")) as (workspace, _):
        with pytest.raises(DeliveryFailed) as caught:
            await workspace.command("ann", "open", "/help-me now")
        assert caught.value.code == "dispatch_failed"


async def test_signatures_use_the_machines_time_however_far_the_clock_was_moved() -> None:
    from datetime import timedelta

    async with signed(http_app()) as (workspace, received):
        await workspace.clock.move(by=timedelta(days=30))
        await workspace.command("ann", "open", "/help-me now")
        assert abs(int(received[0].headers["X-Slack-Request-Timestamp"]) - time.time()) < 60


async def test_a_failing_event_is_posted_again_with_its_number_and_reason() -> None:
    answers = [{"status": 500}, {"status": 200}]

    async def fail_once(_: web.Request) -> Json:
        return answers.pop(0)

    async with signed(handler=fail_once) as (workspace, received):
        await workspace.update_person("ann", status_text="Busy")
        await workspace.idle()
        assert [one.headers.get("X-Slack-Retry-Num") for one in received] == [None, "1"]
        assert received[1].headers["X-Slack-Retry-Reason"] == "http_error"


async def test_an_app_can_ask_not_to_be_told_again() -> None:
    async def refuse(_: web.Request) -> Json:
        return {"status": 500, "headers": {"X-Slack-No-Retry": "1"}}

    async with signed(handler=refuse) as (workspace, received):
        await workspace.update_person("ann", status_text="Busy")
        await workspace.idle()
        assert len(received) == 1


async def test_an_app_that_is_slow_over_http_times_out() -> None:
    never = asyncio.Event()

    async def slow(_: web.Request) -> Json:
        await never.wait()
        return {}

    async with signed(handler=slow) as (workspace, _):
        with pytest.raises(DeliveryFailed) as caught:
            await workspace.command("ann", "open", "/help-me")
        assert caught.value.code == "operation_timeout"
        never.set()
