"""Answers to a person who waits are made again where Slack did not take them."""

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.http_retry import builtin_async_handlers
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import make_patient_client


@pytest.mark.parametrize("refusal", ["ratelimited", "cut off"])
async def test_an_answer_that_slack_did_not_take_is_given_again(refusal, monkeypatch):
    monkeypatch.setattr(builtin_async_handlers.random, "random", lambda: 0.0)
    asked: list[str] = []

    async def answer(request: web.BaseRequest) -> web.StreamResponse:
        asked.append(request.path)
        if len(asked) > 1:
            return web.json_response({"ok": True})
        if refusal == "cut off" and request.transport is not None:
            request.transport.close()
        limited = {"ok": False, "error": "ratelimited"}
        return web.json_response(limited, status=429, headers={"Retry-After": "0"})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
        plain = AsyncWebClient(token="xoxb-1", base_url=address, session=session, retry_handlers=[])
        assert (await make_patient_client(plain).chat_postEphemeral(channel="C1", user="U1", text="Hello"))["ok"]
    await runner.cleanup()
    assert asked == ["/api/chat.postEphemeral"] * 2
