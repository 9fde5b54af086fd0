"""The HTTP side over real sockets: who is let in, what is answered, and the end."""

import asyncio
import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_bolt.response import BoltResponse

from bot.http.server import HttpServer, Receive
from bot.http.signatures import SlackSignature
from tests.conftest import MORNING, FrozenClock

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"

FORM = {"Content-Type": "application/x-www-form-urlencoded"}

JSON = {"Content-Type": "application/json"}


class Taken:
    """Remembers what it receives and answers with ``response``."""

    def __init__(self, response: BoltResponse | None = None) -> None:
        self.payloads: list[dict[str, Any]] = []
        self.names: list[str] = []
        self.response = response or BoltResponse(status=200, body="")

    async def __call__(self, payload: dict[str, Any], payload_id: str) -> BoltResponse:
        self.payloads.append(payload)
        self.names.append(payload_id)
        return self.response


def signed(body: bytes, at: timedelta = timedelta(), secret: str = SECRET) -> dict[str, str]:
    timestamp = str(int((MORNING + at).timestamp()))
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest}"}


@asynccontextmanager
async def serving(
    receive: Receive | None, ready: dict[str, bool] | None = None
) -> AsyncIterator[tuple[str, HttpServer]]:
    async def readiness() -> dict[str, bool]:
        return ready or {"database": True}

    signature = SlackSignature(SECRET, FrozenClock()) if receive else None
    server = HttpServer(readiness, receive, signature)
    port = await server.start("127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{port}", server
    finally:
        await server.stop()


async def post(address: str, body: bytes | io.BytesIO, headers: dict[str, str]) -> tuple[int, str, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{address}/slack/events", data=body, headers=headers) as answer,
    ):
        return answer.status, await answer.text(), answer.content_type


PAYLOADS: list[tuple[dict[str, Any], bytes, dict[str, str]]] = [
    ({"command": "/release", "text": "show é", "empty": ""}, b"command=%2Frelease&text=show+%C3%A9&empty=", FORM),
    (
        {"type": "block_actions", "a": ["&"]},
        urlencode({"payload": '{"type":"block_actions","a":["&"]}'}).encode(),
        FORM,
    ),
    ({"type": "event_callback", "event_id": "Ev1"}, b'{"type":"event_callback","event_id":"Ev1"}', JSON),
]


@pytest.mark.parametrize(("payload", "body", "kind"), PAYLOADS)
async def test_every_form_of_payload_is_received_as_slack_means_it(
    payload: dict[str, Any], body: bytes, kind: dict[str, str]
) -> None:
    taken = Taken()
    async with serving(taken) as (address, _):
        assert (await post(address, body, kind | signed(body)))[:2] == (200, "")
    assert taken.payloads == [payload]


async def test_an_answer_comes_back_as_it_was_given() -> None:
    body = b"command=%2Frelease"
    async with serving(Taken(BoltResponse(status=200, body={"text": "é"}))) as (address, _):
        status, text, kind = await post(address, body, FORM | signed(body))
    assert (status, json.loads(text), kind) == (200, {"text": "é"}, "application/json")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(b"command=%2Fother"),
        signed(b"command=%2Frelease", secret="another"),
        signed(b"command=%2Frelease", at=timedelta(seconds=301)),
        signed(b"command=%2Frelease", at=timedelta(seconds=-301)),
        signed(b"command=%2Frelease") | {"X-Slack-Request-Timestamp": "now"},
        signed(b"command=%2Frelease") | {"X-Slack-Request-Timestamp": "9" * 400},
        signed(b"command=%2Frelease") | {"X-Slack-Request-Timestamp": "\u0661\u0662"},
        signed(b"command=%2Frelease") | {"X-Slack-Signature": "v0=\u00e9"},
    ],
)
async def test_what_is_not_freshly_signed_with_our_secret_is_refused(headers: dict[str, str]) -> None:
    taken = Taken()
    async with serving(taken) as (address, _):
        assert (await post(address, b"command=%2Frelease", FORM | headers))[0] == 401
    assert taken.payloads == []


@pytest.mark.parametrize("at", [timedelta(seconds=300), timedelta(seconds=-300)])
async def test_a_signature_holds_for_five_minutes(at: timedelta) -> None:
    body = b"command=%2Frelease"
    async with serving(Taken()) as (address, _):
        assert (await post(address, body, FORM | signed(body, at)))[0] == 200


async def test_slacks_question_about_the_address_is_answered_with_its_challenge() -> None:
    taken = Taken()
    body = b'{"type":"url_verification","challenge":"3eZbrw1a"}'
    async with serving(taken) as (address, _):
        assert json.loads((await post(address, body, JSON | signed(body)))[1]) == {"challenge": "3eZbrw1a"}
    assert taken.payloads == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"{", JSON), (b"[]", JSON), (b"payload=%7B", FORM), (b"payload=1", FORM), (b"\xff", JSON), (b"", JSON)],
)
async def test_a_signed_body_that_makes_no_sense_is_a_bad_request(body: bytes, kind: dict[str, str]) -> None:
    async with serving(Taken()) as (address, _):
        assert (await post(address, body, kind | signed(body)))[0] == 400


async def test_a_body_beyond_the_limit_is_not_read() -> None:
    body = b"x" * (2 * 1024 * 1024)
    async with serving(Taken()) as (address, _):
        assert (await post(address, io.BytesIO(body), FORM | signed(body)))[0] == 413


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/slack/events", 405),
        ("GET", "/slack/events?ssl_check=1", 200),
        ("GET", "/healthz", 200),
        ("HEAD", "/healthz", 200),
        ("POST", "/healthz", 405),
        ("GET", "/readyz", 200),
        ("GET", "/", 404),
        ("POST", "/slack/events/more", 404),
    ],
)
async def test_other_methods_and_paths_are_answered_sensibly(method: str, path: str, status: int) -> None:
    async with (
        serving(Taken()) as (address, _),
        aiohttp.ClientSession() as session,
        session.request(method, address + path) as answer,
    ):
        assert answer.status == status


async def test_in_socket_mode_no_delivery_is_taken_by_http() -> None:
    body = b"command=%2Frelease"
    async with serving(None) as (address, _):
        assert (await post(address, body, FORM | signed(body)))[0] == 404


async def test_readiness_names_the_part_that_does_not_work() -> None:
    async with (
        serving(None, {"database": True, "slack": False}) as (address, _),
        aiohttp.ClientSession() as session,
        session.get(f"{address}/readyz") as answer,
    ):
        assert answer.status == 503
        assert await answer.json() == {"database": True, "slack": False}


async def test_a_stop_answers_the_requests_in_work_and_takes_no_new_ones() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def receive(_payload: dict[str, Any], _payload_id: str) -> BoltResponse:
        begun.set()
        await go_on.wait()
        return BoltResponse(status=200, body="")

    body = b"command=%2Frelease"
    async with serving(receive) as (address, server):
        request = asyncio.create_task(post(address, body, FORM | signed(body)))
        await begun.wait()
        stopping = asyncio.create_task(server.stop())
        await asyncio.sleep(0)
        with pytest.raises(aiohttp.ClientConnectorError):
            await post(address, body, FORM | signed(body))
        go_on.set()
        assert (await request)[0] == 200
        await stopping
