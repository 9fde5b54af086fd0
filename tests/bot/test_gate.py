"""``/hooks/gate`` over real sockets: whose question is taken, what is answered, what hostile callers leave."""

import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from sqlmodel import select

from bot.http.gate_hook import GateHook, GateKeys
from bot.http.gate_secrets import GateSecrets
from bot.http.sealing import seal, unseal
from bot.http.server import HttpServer
from bot.http.signatures import HookSignature
from models.audit import AuditEntry
from models.lifecycle.tables.clearance import Override
from models.lifecycle.tables.pipelines import PipelineCallback, PipelineClearance
from models.packages.tables import PackageNode
from models.pipelines.callback_hosts import read_hosts
from models.pipelines.links import Links
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING, FrozenClock, put_catalog
from tests.factories import insert, make_ready
from tests.pipelines.bodies import OTHERS_SECRET, SECRET, asking_document, payload

GITHUB_SECRET = "a-webhook-secret-of-githubs"

HOSTS = read_hosts(("app.terraform.io", "dev.azure.com", "api.github.com", "ci.example.com"), ())

Sent = tuple[str, bytes, dict[str, str]]
"""Path, body and headers."""


def signed(content: bytes, secret: str = SECRET, at: timedelta = timedelta()) -> dict[str, str]:
    stamp = str(int((MORNING + at).timestamp()))
    digest = hmac.new(secret.encode(), f"{stamp}.".encode() + content, hashlib.sha256).hexdigest()
    return {"X-Release-Desk-Timestamp": stamp, "X-Release-Desk-Signature": f"sha256={digest}"}


def generic(body: Any, secret: str = SECRET) -> Sent:
    content = json.dumps(body).encode()
    return "/hooks/gate", content, signed(content, secret)


def bearer(body: Any, secret: str = SECRET) -> Sent:
    return "/hooks/gate", json.dumps(body).encode(), {"Authorization": f"Bearer {secret}"}


def github(body: Any, secret: str = GITHUB_SECRET) -> Sent:
    content = json.dumps(body).encode()
    digest = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    headers = {"X-GitHub-Event": "deployment_protection_rule", "X-Hub-Signature-256": f"sha256={digest}"}
    return "/hooks/gate/github", content, headers


def terraform(body: Any, secret: str = SECRET) -> Sent:
    content = json.dumps(body).encode()
    digest = hmac.new(secret.encode(), content, hashlib.sha512).hexdigest()
    path = "/hooks/gate/terraform?service=PAY&environment=production&version=9.2.0"
    return path, content, {"X-TFC-Task-Signature": digest}


def azure(body: Any, secret: str = SECRET) -> Sent:
    headers = payload("azure/headers.json") | {"X-Release-Desk-Token": secret}
    return "/hooks/gate/azure", json.dumps(body).encode(), headers


def flagger(body: Any, secret: str = SECRET) -> Sent:
    if isinstance(body, dict) and isinstance(body.get("metadata"), dict):
        body = body | {"metadata": body["metadata"] | {"token": secret}}
    return "/hooks/gate/flagger", json.dumps(body).encode(), {}


def away(body: Any, secret: str = SECRET) -> Sent:
    content = json.dumps(body).encode()
    return "/hooks/gate/away", content, signed(content, secret)


QUESTION = {"service": "PAY", "environment": "production", "item": "pay-api", "version": "9.2.0"}

NOTE = QUESTION | {"id": "away-1", "reason": "No answer", "at": MORNING.isoformat()}

TOOLS: dict[str, tuple[Callable[..., Sent], Any]] = {
    "generic": (generic, QUESTION),
    "bearer": (bearer, QUESTION),
    "github": (github, payload("github/deployment_protection_rule.json")),
    "terraform": (terraform, payload("terraform/run_task.json")),
    "azure": (azure, payload("azure/body.json")),
    "flagger": (flagger, payload("flagger/confirm-rollout.json")),
    "away": (away, NOTE),
}


@pytest.fixture
async def address(work: UnitOfWork, people: dict[str, str]) -> AsyncIterator[str]:
    await put_catalog(work, asking_document())
    secrets = GateSecrets((("WEB", OTHERS_SECRET), ("PAY", "another-of-payments"), ("PAY", SECRET)), FrozenClock())
    keys = GateKeys(secrets, HookSignature(GITHUB_SECRET, FrozenClock()))
    links = Links("https://desk.example.com", "https://harbour.slack.com/")
    hook = GateHook(work, keys, HOSTS, links, lambda: None)
    async for found in serving(hook):
        yield found


async def serving(hook: GateHook) -> AsyncIterator[str]:
    async def ready() -> dict[str, bool]:
        return {}

    server = HttpServer(ready, pages={"hooks": hook.answer})
    port = await server.start("127.0.0.1", 0)
    yield f"http://127.0.0.1:{port}"
    await server.stop()


async def send(address: str, sent: Sent, method: str = "POST") -> tuple[int, dict[str, Any]]:
    path, content, headers = sent
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, address + path, data=content or None, headers=headers) as answer,
    ):
        text = await answer.text()
        return answer.status, json.loads(text) if text else {}


async def approved(work: UnitOfWork, version: str = "9.2.0", **fields: Any) -> str:
    release = await make_ready(work, **fields)
    await insert(work, PackageNode(release_id=release.id, position=1, what="ci", key="pay-api", version=version))
    return release.identifier


async def left_behind(work: UnitOfWork) -> int:
    tables = (PipelineClearance, PipelineCallback, AuditEntry, Override)
    async with work.database.reading() as session:
        return sum([len((await session.exec(select(table))).all()) for table in tables])


@pytest.mark.parametrize("ask", [generic, bearer])
async def test_each_answer_has_a_status_of_its_own(
    work: UnitOfWork, address: str, ask: Callable[..., Sent]
) -> None:
    status, answer = await send(address, ask(QUESTION))
    assert (status, answer["decision"], answer["reasons"][0]["code"]) == (403, "prevented", "no_release")

    identifier = await approved(work)
    status, answer = await send(address, ask(QUESTION))
    assert (status, answer["decision"], answer["release"]) == (200, "allowed", identifier)
    assert answer["holds_until"] == (MORNING + timedelta(minutes=5)).isoformat()
    assert answer["poll"] == f"https://desk.example.com/hooks/gate/{answer['id']}"

    status, answer = await send(address, ask(QUESTION | {"version": "9.3.0"}))
    assert (status, answer["decision"]) == (403, "prevented")
    status, answer = await send(address, ask(QUESTION | {"environment": "staging"}))
    assert (status, answer["decision"], answer["reasons"][0]["code"]) == (200, "allowed", "not_production")
    status, answer = await send(address, ask(QUESTION | {"item": "nothing"}))
    assert (status, answer["decision"]) == (400, "invalid")


async def test_who_waits_polls_by_id_until_it_may_go(work: UnitOfWork, address: str, clock: FrozenClock) -> None:
    await approved(work, window_start=clock.now() + timedelta(hours=1), window_end=clock.now() + timedelta(hours=2))
    status, answer = await send(address, generic(QUESTION))
    assert (status, answer["decision"]) == (409, "awaiting")
    assert answer["next_allowed_at"] == (clock.now() + timedelta(hours=1)).isoformat()

    clock.move(timedelta(hours=1))

    show = {"Authorization": f"Bearer {SECRET}"}
    by_id = (f"/hooks/gate/{answer['id']}", b"", show)
    assert (await send(address, by_id, "GET"))[1]["decision"] == "allowed"
    assert (await send(address, generic({"id": answer["id"]})))[1]["decision"] == "allowed"
    others = (by_id[0], b"", {"Authorization": f"Bearer {OTHERS_SECRET}"})
    assert (await send(address, others, "GET"))[0] == 404
    assert (await send(address, (by_id[0], b"", {}), "GET"))[0] == 401
    assert (await send(address, generic({"id": "c-'; DROP TABLE clearance\x00"})))[0] == 404


@pytest.mark.parametrize("tool", ["github", "terraform", "azure"])
async def test_a_tool_that_waits_is_called_back_and_its_key_is_sealed(
    work: UnitOfWork, address: str, tool: str
) -> None:
    ask, body = TOOLS[tool]
    await approved(work)
    if tool == "github":
        body["deployment"]["ref"] = "v9.2.0"

    for _ in range(2):  # a delivery that is repeated
        status, answer = await send(address, ask(body))
        assert (status, answer["result"]) == (200, "taken")

    async with work.database.reading() as session:
        (callback,) = (await session.exec(select(PipelineCallback))).all()
        (row,) = (await session.exec(select(PipelineClearance))).all()
    assert (callback.tool, callback.answer["decision"], callback.about["final"]) == (tool, "allowed", True)
    secret = {"terraform": body.get("access_token"), "azure": payload("azure/headers.json")["AuthToken"]}.get(
        tool, ""
    )
    assert unseal("another-of-payments", callback.bearer) == secret
    assert row.bearer == ""
    assert not secret or secret not in repr((callback, row))


async def test_flagger_is_let_go_by_status_alone(work: UnitOfWork, address: str) -> None:
    ask, body = TOOLS["flagger"]
    assert (await send(address, ask(body)))[0] == 403
    await approved(work)
    assert (await send(address, ask(body)))[0] == 200


async def test_github_is_told_of_a_repository_that_nobody_deploys_from(work: UnitOfWork, address: str) -> None:
    body = payload("github/deployment_protection_rule.json")
    body["repository"]["full_name"] = "acme/other"
    assert (await send(address, github(body)))[0] == 200
    async with work.database.reading() as session:
        (callback,) = (await session.exec(select(PipelineCallback))).all()
        assert (await session.exec(select(PipelineClearance))).all() == []
    assert callback.answer["decision"] == "invalid"


async def test_a_desk_that_was_passed_by_is_told_once(work: UnitOfWork, address: str) -> None:
    identifier = await approved(work)
    assert (await send(address, away(NOTE)))[1]["result"] == "recorded"
    assert (await send(address, away(NOTE)))[1]["result"] == "repeated"
    async with work.database.reading() as session:
        (glass,) = (await session.exec(select(Override))).all()
        (row,) = (await session.exec(select(PipelineClearance))).all()
    assert (glass.kind, glass.reason, glass.ended_at) == ("glass", "No answer", MORNING)
    assert (row.decision, row.release_id) == ("away", glass.release_id)
    # It is no clearance, and opens nothing.
    status, answer = await send(address, generic(QUESTION | {"version": "9.3.0"}))
    assert (status, answer["release"]) == (403, identifier)


@pytest.mark.parametrize("tool", TOOLS)
async def test_nobody_without_the_secret_is_heard(work: UnitOfWork, address: str, tool: str) -> None:
    ask, body = TOOLS[tool]
    for secret in ("x" * 20, "", OTHERS_SECRET):
        status, answer = await send(address, ask(body, secret))
        assert (status, answer["reasons"][0]["code"]) == (401, "secret")
    path, content, _ = ask(body)
    if tool != "flagger":
        assert (await send(address, (path, content, {})))[0] == 401
    assert await left_behind(work) == 0


async def test_an_old_signature_or_one_of_another_body_is_refused(work: UnitOfWork, address: str) -> None:
    content = json.dumps(QUESTION).encode()
    for headers in (
        signed(content, at=timedelta(seconds=-301)),
        signed(b"{}"),
        signed(content) | {"X-Release-Desk-Signature": "é"},
    ):
        assert (await send(address, ("/hooks/gate", content, headers)))[0] == 401
    assert await left_behind(work) == 0


HOSTILE = [b"", b"\xff", b"[]", b"7", b"{", b"[" * 100_000, b'{"a": NaN}x', b'{"service": {"$ne": ""}}', b"{}"]


@pytest.mark.parametrize("content", HOSTILE)
@pytest.mark.parametrize("tool", TOOLS)
async def test_what_can_not_be_read_is_refused_and_leaves_nothing(
    work: UnitOfWork, address: str, tool: str, content: bytes
) -> None:
    ask, _ = TOOLS[tool]
    path, _, headers = ask({})
    if tool in ("generic", "away"):
        headers = signed(content)
    elif tool == "github":
        digest = hmac.new(GITHUB_SECRET.encode(), content, hashlib.sha256).hexdigest()
        headers |= {"X-Hub-Signature-256": f"sha256={digest}"}
    elif tool == "terraform":
        headers = {"X-TFC-Task-Signature": hmac.new(SECRET.encode(), content, hashlib.sha512).hexdigest()}

    status, answer = await send(address, (path, content, headers))

    assert status in (400, 401) or (tool == "github" and answer["result"] == "ignored")
    assert answer["said"]
    assert await left_behind(work) == 0


@pytest.mark.parametrize(
    ("tool", "changes"),
    [
        ("generic", {"callback_url": "https://evil.example/"}),
        ("generic", {"callback_url": "http://ci.example.com/"}),
        ("generic", {"callback_url": "https://169.254.169.254/latest/meta-data"}),
        ("generic", {"callback_url": "https://user@ci.example.com/"}),
        ("github", {"deployment_callback_url": "https://app.terraform.io/api/v2/x"}),
        ("github", {"deployment_callback_url": "https://api.github.com.evil.example/x"}),
        ("terraform", {"task_result_callback_url": "https://127.0.0.1/x"}),
        ("terraform", {"task_result_callback_url": "https://[::ffff:10.0.0.1]/x"}),
    ],
)
async def test_an_address_that_is_not_allowed_is_refused_at_once(
    work: UnitOfWork, address: str, tool: str, changes: dict[str, str]
) -> None:
    ask, body = TOOLS[tool]
    status, answer = await send(address, ask(body | changes))
    assert (status, answer["reasons"][0]["code"]) == (400, "callback")
    assert await left_behind(work) == 0


async def test_a_body_of_more_than_a_megabyte_is_not_read(address: str) -> None:
    content = b" " * (1024 * 1024 + 1)
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{address}/hooks/gate", data=io.BytesIO(content), headers=signed(content)) as answer,
    ):
        assert (answer.status, (await answer.json())["said"]) == (413, "A question has at most 1 MB.")


async def test_terraforms_question_whether_the_address_works_is_answered(work: UnitOfWork, address: str) -> None:
    assert (await send(address, terraform(payload("terraform/run_task.json") | {"stage": "test"})))[0] == 200
    assert await left_behind(work) == 0


async def test_the_methods_and_addresses_that_there_are(work: UnitOfWork, address: str) -> None:
    assert (await send(address, ("/hooks/gate/other", b"{}", {})))[0] == 404
    assert (await send(address, ("/hooks/gate", b"", {}), "GET"))[0] == 405
    assert (await send(address, (f"/hooks/gate/c-{'a' * 22}", b"{}", {})))[0] == 405
    async for silent in serving(GateHook(work, GateKeys(GateSecrets(())), HOSTS, Links(), lambda: None)):
        assert await send(silent, generic(QUESTION)) == (404, {})


def test_a_key_is_sealed_with_the_secret_of_its_service() -> None:
    sealed = seal(SECRET, "eyJ0")
    assert "eyJ0" not in sealed
    assert (unseal(SECRET, sealed), unseal(OTHERS_SECRET, sealed), unseal(SECRET, "x")) == ("eyJ0", None, None)
    assert (seal(SECRET, ""), unseal(SECRET, "")) == ("", "")
