"""Calling tools back: what is sent where, what is tried again, and what is never called."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from sqlmodel import select

from bot.http.gate_secrets import GateSecrets
from bot.http.sealing import seal, unseal
from models.lifecycle.tables.pipelines import PipelineCallback, PipelineClearance
from models.lifecycle.tables.release import Release
from models.packages.tables import PackageNode
from models.pipelines.answer_rows import new_clearance
from models.pipelines.ask import ask_clearance
from models.pipelines.callback_hosts import CallbackHosts, read_hosts
from models.pipelines.links import Links
from models.pipelines.question import CallbackAddress, ClearanceQuestion, Tool
from models.pipelines.watch import watch_waiting
from models.unit_of_work import UnitOfWork
from scheduler.callbacks import CallbackKeys, Callbacks
from tests.conftest import FrozenClock
from tests.factories import insert, make_ready
from tests.pipelines.bodies import SECRET

pytestmark = pytest.mark.usefixtures("catalog", "people")


@dataclass
class ToolServer:
    """A tool on this machine: it answers with ``statuses``, the last of them for good."""

    port: int = 0
    statuses: list[int] = field(default_factory=lambda: [200])
    calls: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        self.calls.append((request.method, await request.read(), dict(request.headers)))
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return web.Response(status=status, headers={"Location": "/elsewhere"} if status == 302 else {})


@pytest.fixture
async def tool() -> AsyncIterator[ToolServer]:
    found = ToolServer()
    runner = web.ServerRunner(web.Server(found.answer))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.port = runner.addresses[0][1]
    yield found
    await runner.cleanup()


def callbacks(work: UnitOfWork, hosts: CallbackHosts, secret: str = SECRET) -> Callbacks:
    secrets = GateSecrets((("PAY", secret),))
    keys = CallbackKeys(secrets.sign, lambda service, sealed: unseal(secrets.first(service), sealed))
    return Callbacks(work, hosts, Links("https://desk.example.com", "https://harbour.slack.com"), keys)


def local(tool: ToolServer) -> CallbackHosts:
    return read_hosts((), (f"http://127.0.0.1:{tool.port}",))


async def waits(work: UnitOfWork, clock: FrozenClock, kind: Tool, url: str) -> ClearanceQuestion:
    """A pipeline waits for a window that begins in an hour."""
    start = clock.now() + timedelta(hours=1)
    release = await make_ready(work, window_start=start, window_end=start + timedelta(hours=2))
    await insert(work, PackageNode(release_id=release.id, position=1, what="ci", key="pay-api", version="9.2.0"))
    question = ClearanceQuestion(
        tool=kind,
        reference="run-1",
        service="PAY",
        environment="production",
        item="pay-api",
        version="9.2.0",
        callback=CallbackAddress(url=url, details={"job": "j", "task": "t"}, bearer=seal(SECRET, "eyJ0")),
    )
    assert (await ask_clearance(work, question, {"PAY"})).decision == "awaiting"
    return question


async def rows(work: UnitOfWork, table: type[Any]) -> list[Any]:
    async with work.database.reading() as session:
        return list((await session.exec(select(table).order_by(table.id))).all())


async def test_a_tool_is_called_when_its_window_begins_and_not_before(
    work: UnitOfWork, clock: FrozenClock, tool: ToolServer
) -> None:
    await waits(work, clock, Tool.GENERIC, f"http://127.0.0.1:{tool.port}/callback")
    sender = callbacks(work, local(tool))
    await watch_waiting(work)
    await sender.send_due()
    assert tool.calls == []

    clock.move(timedelta(hours=1))
    assert await watch_waiting(work) == 1
    await sender.send_due()
    await sender.send_due()

    ((method, body, headers),) = tool.calls
    assert method == "POST"
    assert b'"decision": "allowed"' in body
    signed = headers["X-Release-Desk-Timestamp"].encode() + b"." + body
    digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Release-Desk-Signature"] == f"sha256={digest}"
    (row,) = await rows(work, PipelineCallback)
    assert (row.bearer, row.due_at, row.sent_at) == ("", None, clock.now())
    assert await watch_waiting(work) == 0


@pytest.mark.parametrize(
    ("kind", "method", "says"),
    [(Tool.AZURE, "POST", b'"result": "succeeded"'), (Tool.TERRAFORM, "PATCH", b'"status": "passed"')],
)
async def test_each_tool_is_called_with_the_key_that_it_sent(
    work: UnitOfWork, clock: FrozenClock, tool: ToolServer, kind: Tool, method: str, says: bytes
) -> None:
    await waits(work, clock, kind, f"http://127.0.0.1:{tool.port}/callback")
    clock.move(timedelta(minutes=50) if kind is Tool.TERRAFORM else timedelta(hours=1))
    if kind is Tool.TERRAFORM:
        await callbacks(work, local(tool)).send_due()
        assert b'"status": "running"' in tool.calls.pop()[1]
        await make_now(work, clock)
    await watch_waiting(work)
    await callbacks(work, local(tool)).send_due()
    ((made, body, headers),) = tool.calls
    assert (made, headers["Authorization"], says in body) == (method, "Bearer eyJ0", True)
    assert [one.bearer for one in await rows(work, PipelineClearance)] == [""]


async def make_now(work: UnitOfWork, clock: FrozenClock) -> None:
    """Bring the window forward, as an hour is longer than Terraform waits."""
    async with work.database.writing() as writing:
        for release in (await writing.session.exec(select(Release))).all():
            release.window_start = clock.now()
            writing.session.add(release)


async def test_what_fails_is_tried_again_and_then_given_up(
    work: UnitOfWork, clock: FrozenClock, tool: ToolServer
) -> None:
    await waits(work, clock, Tool.GENERIC, f"http://127.0.0.1:{tool.port}/callback")
    clock.move(timedelta(hours=1))
    await watch_waiting(work)
    tool.statuses = [503, 503, 200]
    sender = callbacks(work, local(tool))
    for seconds in (0, 9, 1, 19, 1, 60):
        clock.move(timedelta(seconds=seconds))
        await sender.send_due()
    assert len(tool.calls) == 3
    (row,) = await rows(work, PipelineCallback)
    assert (row.attempts, row.failure, row.due_at) == (3, "", None)


@pytest.mark.parametrize("status", [302, 401, 404, 422])
async def test_a_redirect_or_a_no_is_not_followed_nor_repeated(
    work: UnitOfWork, clock: FrozenClock, tool: ToolServer, status: int
) -> None:
    await waits(work, clock, Tool.AZURE, f"http://127.0.0.1:{tool.port}/callback")
    clock.move(timedelta(hours=1))
    await watch_waiting(work)
    tool.statuses = [status]
    await callbacks(work, local(tool)).send_due()
    clock.move(timedelta(hours=1))
    await callbacks(work, local(tool)).send_due()
    assert len(tool.calls) == 1
    (row,) = await rows(work, PipelineCallback)
    assert (row.due_at, row.failure, row.bearer) == (None, f"answered with {status}", "")


async def test_a_name_that_leads_to_this_machine_is_not_called(
    work: UnitOfWork, clock: FrozenClock, tool: ToolServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await waits(work, clock, Tool.GENERIC, f"https://ci.example.com:{tool.port}/callback")
    clock.move(timedelta(hours=1))
    await watch_waiting(work)

    async def rebound(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", ("127.0.0.1", tool.port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", rebound)
    await callbacks(work, read_hosts((f"ci.example.com:{tool.port}",), ())).send_due()
    assert tool.calls == []
    (row,) = await rows(work, PipelineCallback)
    assert (row.due_at, "may not be called" in row.failure) == (None, True)


async def test_a_host_that_is_allowed_no_more_and_a_key_of_another_secret_are_given_up(
    work: UnitOfWork, clock: FrozenClock, tool: ToolServer
) -> None:
    await waits(work, clock, Tool.AZURE, f"http://127.0.0.1:{tool.port}/callback")
    clock.move(timedelta(hours=1))
    await watch_waiting(work)
    await callbacks(work, local(tool), "another-secret-of-payments").send_due()
    (row,) = await rows(work, PipelineCallback)
    assert "can't be opened any more" in row.failure
    assert tool.calls == []


async def test_who_waited_for_as_long_as_the_tool_does_is_told_so(
    work: UnitOfWork, clock: FrozenClock, tool: ToolServer
) -> None:
    await waits(work, clock, Tool.TERRAFORM, f"http://127.0.0.1:{tool.port}/callback")
    clock.move(timedelta(minutes=55))
    await watch_waiting(work)
    await callbacks(work, local(tool)).send_due()
    assert [b'"status": "failed"' in body for _, body, _ in tool.calls] == [True]
    assert b"Nobody opened it in time." in tool.calls[0][1]
    (row,) = await rows(work, PipelineClearance)
    assert (row.waiting, row.reasons[-1]["code"]) == (False, "gave_up")


def test_a_question_shows_no_key() -> None:
    callback = CallbackAddress(url="https://ci.example.com", bearer="eyJ0")
    question = ClearanceQuestion(
        tool=Tool.GENERIC, reference="r", service="PAY", environment="production", callback=callback
    )
    assert "eyJ0" not in repr(question)
    assert new_clearance("PAY", question, "", FrozenClock().now()).token.startswith("c-")
