"""``/hooks/deployment`` over real sockets: whose word is taken, and what is answered."""

import base64
import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from pydantic import SecretStr
from sqlmodel import select

from bot.http.deployment_hook import DeploymentHook
from bot.http.server import HttpServer
from models.deployments.tables import DeploymentReport
from models.lifecycle.tables.release import Deployment
from models.unit_of_work import UnitOfWork
from tests.conftest import MORNING, FrozenClock, put_catalog
from tests.deployments.bodies import body, published, reporting_document

KEY = base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()

SECRET = f"whsec_{KEY}"

JSON = {"Content-Type": "application/json"}

Headers = dict[str, str]

Sign = Callable[[bytes], Headers]


def digest(content: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def github(secret: str = SECRET, event: str = "deployment_status", delivery: str = "g1") -> Sign:
    return lambda content: {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
        "X-Hub-Signature-256": digest(content, secret),
    }


def gitlab_token(secret: str = SECRET) -> Sign:
    return lambda _: {"X-Gitlab-Event": "Deployment Hook", "X-Gitlab-Token": secret}


def gitlab_signed(at: timedelta = timedelta(), key: str = KEY, first: str = "") -> Sign:
    """Signed as GitLab does with a signing token, after the Standard Webhooks."""

    def sign(content: bytes) -> Headers:
        timestamp = str(int((MORNING + at).timestamp()))
        signed = hmac.new(base64.b64decode(key), f"m1.{timestamp}.".encode() + content, hashlib.sha256).digest()
        return {
            "X-Gitlab-Event": "Deployment Hook",
            "webhook-id": "m1",
            "webhook-timestamp": timestamp,
            "webhook-signature": f"{first}v1,{base64.b64encode(signed).decode()}",
        }

    return sign


def argocd(secret: str = SECRET) -> Sign:
    return lambda _: {"X-Release-Desk-Token": secret}


def generic(secret: str = SECRET, at: timedelta = timedelta(), timestamp: str = "") -> Sign:
    def sign(content: bytes) -> Headers:
        stamp = timestamp or str(int((MORNING + at).timestamp()))
        return {
            "X-Release-Desk-Timestamp": stamp,
            "X-Release-Desk-Signature": digest(stamp.encode() + b"." + content, secret),
        }

    return sign


def without(sign: Sign, header: str) -> Sign:
    return lambda content: {name: value for name, value in sign(content).items() if name != header}


@pytest.fixture
async def address(work: UnitOfWork) -> AsyncIterator[str]:
    await put_catalog(work, reporting_document())
    hook = DeploymentHook(work, SecretStr(SECRET), FrozenClock())
    async for found in _serving(hook):
        yield found


async def _serving(hook: DeploymentHook) -> AsyncIterator[str]:
    async def ready() -> dict[str, bool]:
        return {}

    server = HttpServer(ready, pages={"hooks": hook.answer})
    port = await server.start("127.0.0.1", 0)
    yield f"http://127.0.0.1:{port}"
    await server.stop()


async def send(
    address: str, content: bytes, headers: Headers, method: str = "POST", path: str = "/hooks/deployment"
) -> tuple[int, dict[str, str]]:
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, address + path, data=content, headers=JSON | headers) as answer,
    ):
        text = await answer.text()
        return answer.status, json.loads(text) if text else {}


async def report(address: str, name: str, sign: Sign, **changes: Any) -> tuple[int, str]:
    content = json.dumps(body(name, **changes)).encode()
    status, answer = await send(address, content, sign(content))
    return status, answer["result"]


async def count(work: UnitOfWork, table: type[Any]) -> int:
    async with work.database.reading() as session:
        return len((await session.exec(select(table))).all())


GOOD = {
    "GitHub": ("github", github()),
    "GitLab, secret token": ("gitlab", gitlab_token()),
    "GitLab, signing token": ("gitlab", gitlab_signed()),
    "GitLab, a token that is being changed": ("gitlab", gitlab_signed(first="v1,b2xk ")),
    "Argo CD": ("argocd", argocd()),
    "generic": ("generic", generic()),
    "generic, five minutes late": ("generic", generic(at=timedelta(minutes=-5))),
}


@pytest.mark.parametrize("name", GOOD)
async def test_each_providers_example_is_taken_once(work: UnitOfWork, address: str, name: str) -> None:
    example, sign = GOOD[name]
    moment = MORNING.isoformat()
    recent = {
        "github": {"deployment_status__created_at": moment},
        "gitlab": {"status_changed_at": moment},
        "argocd": {"finished_at": moment},
        "generic": {},
    }[example]

    assert await report(address, example, sign, **recent) == (202, "unrecorded")
    assert await report(address, example, sign, **recent) == (200, "repeated")
    assert await count(work, Deployment) == 1


PUBLISHED = {
    "github/deployment_status-1.json": (github(), 202, "unrecorded"),
    "github/deployment_status-2.json": (github(), 200, "ignored"),
    "github/deployment_status-3.json": (github(), 202, "unrecorded"),
    "github/deployment_status-4.json": (github(), 202, "unrecorded"),
    "gitlab/deployment.json": (gitlab_signed(), 202, "unrecorded"),
    "argocd/report.json": (argocd(), 202, "unrecorded"),
    "argocd/report-several-sources.json": (argocd(), 202, "unrecorded"),
    "argocd/report-not-begun.json": (argocd(), 202, "noted"),
    "generic.json": (generic(), 202, "unrecorded"),
}


@pytest.mark.parametrize("path", PUBLISHED)
async def test_what_is_published_is_taken_byte_for_byte(work: UnitOfWork, address: str, path: str) -> None:
    sign, status, result = PUBLISHED[path]
    content = published(path)

    answered, answer = await send(address, content, sign(content))

    assert (answered, answer["result"]) == (status, result)
    assert await count(work, DeploymentReport) == (0 if result == "ignored" else 1)
    assert await count(work, Deployment) == (1 if result == "unrecorded" else 0)


WRONG = {
    "no header at all": ("generic", lambda _: {}),
    "GitHub, another secret": ("github", github("another secret of sixteen")),
    "GitHub, no signature": ("github", without(github(), "X-Hub-Signature-256")),
    "GitHub, the old signature": (
        "github",
        lambda content: {"X-GitHub-Event": "deployment_status", "X-Hub-Signature": digest(content)},
    ),
    "GitLab, another secret": ("gitlab", gitlab_token("another")),
    "GitLab, no token": ("gitlab", without(gitlab_token(), "X-Gitlab-Token")),
    "GitLab, another key": ("gitlab", gitlab_signed(key=base64.b64encode(b"x" * 32).decode())),
    "GitLab, too old": ("gitlab", gitlab_signed(at=timedelta(seconds=-301))),
    "GitLab, another time than was signed": (
        "gitlab",
        lambda content: gitlab_signed()(content) | {"webhook-timestamp": str(int(MORNING.timestamp()) + 1)},
    ),
    "GitLab, a wrong signature beside the right token": (
        "gitlab",
        lambda content: gitlab_token()(content) | gitlab_signed(at=timedelta(hours=-1))(content),
    ),
    "Argo CD, another secret": ("argocd", argocd("another")),
    "Argo CD, an empty secret": ("argocd", argocd("")),
    "generic, another secret": ("generic", generic("another secret of sixteen")),
    "generic, too old": ("generic", generic(at=timedelta(seconds=-301))),
    "generic, too new": ("generic", generic(at=timedelta(seconds=301))),
    "generic, no time": ("generic", generic(timestamp="now")),
    "generic, an endless time": ("generic", generic(timestamp="9" * 400)),
    "generic, odd bytes": (
        "generic",
        lambda content: generic()(content) | {"X-Release-Desk-Signature": "sha256=é"},
    ),
}


@pytest.mark.parametrize("name", WRONG)
async def test_nobody_without_the_secret_is_heard(work: UnitOfWork, address: str, name: str) -> None:
    example, sign = WRONG[name]
    assert await report(address, example, sign) == (401, "refused")
    assert await count(work, DeploymentReport) == 0


async def test_another_body_than_was_signed_is_refused(address: str) -> None:
    content = json.dumps(body("generic")).encode()
    for sign in (github(), generic(), gitlab_signed()):
        assert (await send(address, content + b" ", sign(content)))[0] == 401


@pytest.mark.parametrize(
    ("name", "sign", "changes", "result"),
    [
        ("github", github(event="ping"), {}, (200, "ignored")),
        ("github", github(), {"deployment_status__environment": "qa"}, (200, "ignored")),
        ("github", github(), {"deployment_status__state": "queued"}, (200, "ignored")),
        ("github", github(), {"deployment_status__state": "error"}, (202, "noted")),
        ("github", github(), {"repository__full_name": "acme/other"}, (202, "unknown")),
        ("github", github(), {"repository": None}, (400, "refused")),
        ("generic", generic(), {"deployed_at": "2001-01-01"}, (400, "refused")),
    ],
)
async def test_what_is_not_counted_is_answered_for(
    work: UnitOfWork, address: str, name: str, sign: Sign, changes: dict[str, Any], result: tuple[int, str]
) -> None:
    assert await report(address, name, sign, **changes) == result
    assert await count(work, Deployment) == 0


async def test_every_field_that_is_wrong_is_named_in_a_sentence(address: str) -> None:
    content = b'{"service": "PAY", "deployed_at": "soon"}'
    status, answer = await send(address, content, generic()(content))
    assert status == 400
    assert answer["said"] == (
        "The field environment is missing, or it is no text. The field version is missing, or it is no text. "
        "The field state is missing, or it is no text. deployed_at has to be a moment such as 2026-11-24T09:00:00Z."
    )


async def test_a_form_as_github_sends_it_unless_told_otherwise_is_read(address: str) -> None:
    content = urlencode({"payload": json.dumps(body("github"))}).encode()
    headers = github()(content) | {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await send(address, content, headers))[1]["result"] == "unrecorded"


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"7", b"{", b"[" * 100_000, b'{"a": NaN}x'])
async def test_what_is_no_json_object_is_refused(address: str, content: bytes) -> None:
    status, answer = await send(address, content, generic()(content))
    assert (status, answer["said"]) == (400, "The body is no JSON object in UTF-8.")


async def test_a_body_of_more_than_a_megabyte_is_not_read(address: str) -> None:
    content = b" " * (1024 * 1024 + 1)
    headers = generic()(content)
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{address}/hooks/deployment", data=io.BytesIO(content), headers=JSON | headers) as answer,
    ):
        assert (answer.status, (await answer.json())["said"]) == (413, "A report has at most 1 MB.")


async def test_an_own_id_is_taken_again_when_the_outcome_is_another(work: UnitOfWork, address: str) -> None:
    states = ("success", "rolled_back", "success", "success")
    answers = [await report(address, "generic", generic(), id="812", state=state) for state in states]

    assert answers == [(202, "unrecorded"), (202, "noted"), (202, "noted"), (200, "repeated")]
    assert await count(work, Deployment) == 1


@pytest.mark.parametrize("path", ["/hooks", "/hooks/", "/hooks/deployment/", "/hooks/other"])
async def test_there_is_one_address(address: str, path: str) -> None:
    assert await send(address, b"{}", generic()(b"{}"), path=path) == (404, {})


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_it_takes_nothing_but_post(address: str, method: str) -> None:
    assert (await send(address, b"{}", {}, method=method))[0] == 405


async def test_without_a_secret_there_is_nothing(work: UnitOfWork) -> None:
    async for address in _serving(DeploymentHook(work, None)):
        assert await send(address, b"{}", argocd("")(b"{}")) == (404, {})
