"""Pipelines ask over real HTTP and from the command line, GitHub is called back, and Slack tells people of it."""

import asyncio
import hashlib
import hmac
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.demo.run import demo
from bot.workspace.world.records import Message
from models.lifecycle.identifiers import find_release
from models.releases.activities.go_no_go import say_go
from tests.journeys.conftest import Desk
from tests.journeys.test_kill import free_port
from tests.pipelines.bodies import payload
from tests.releases.steps import by, take_through_tests

ROOT = Path(__file__).parents[2]

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)

WEBHOOK_SECRET = "a-webhook-secret-of-githubs"


@dataclass
class GitHub:
    """What GitHub's API does for an app: it gives a key for an installation, and takes reviews with that key."""

    port: int = 0
    reviews: list[dict[str, str]] = field(default_factory=list)
    failures: int = 1
    """So many reviews fail before one is taken."""

    @asynccontextmanager
    async def served(self) -> AsyncIterator[None]:
        app = web.Application()
        app.router.add_post("/app/installations/13986380/access_tokens", self._key)
        app.router.add_post("/repos/harbour/payments/actions/runs/7/deployment_protection_rule", self._review)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = runner.addresses[0][1]
        try:
            yield
        finally:
            await runner.cleanup()

    async def _key(self, request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, KEY.public_key(), ["RS256"])
        assert claims["iss"] == "12345"
        assert claims["exp"] - claims["iat"] <= 600
        return web.json_response({"token": "ghs_key"}, status=201)

    async def _review(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer ghs_key"
        if self.failures:
            self.failures -= 1
            return web.Response(status=502)
        self.reviews.append(await request.json())
        return web.Response(status=204)


@pytest.fixture
async def github() -> AsyncIterator[GitHub]:
    found = GitHub()
    async with found.served():
        yield found


@pytest.fixture
async def asked(tmp_path: Path, github: GitHub) -> AsyncIterator[Desk]:
    """Release Desk as an app of a GitHub that is served here."""
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    changes = {
        "github_app_id": "12345",
        "github_app_private_key": pem,
        "github_app_webhook_secret": WEBHOOK_SECRET,
        "github_api_url": f"http://127.0.0.1:{github.port}",
    }
    async with demo(0, tmp_path, history=False, changes=changes) as (workspace, assembly):
        workspace.rate_limits.multiplier = None
        yield Desk(workspace, assembly)


QUESTION = {"service": "PAY", "environment": "production", "item": "pay-api", "version": "9.2.0"}


async def curl(desk: Desk, **changes: str) -> tuple[int, dict[str, Any]]:
    """Ask as `curl` does, with the secret that the demo prints."""
    settings = desk.assembly.settings
    headers = {"Authorization": f"Bearer {dict(settings.gate_keys)['PAY']}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{settings.public_url}/hooks/gate", json=QUESTION | changes, headers=headers) as answer,
    ):
        return answer.status, await answer.json()


async def releasedesk_gate(desk: Desk, folder: Path, *more: str, url: str = "") -> tuple[int, str]:
    """Exit code and output of the command as a pipeline runs it."""
    settings = desk.assembly.settings
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "gate", "--service", "PAY", "--item", "pay-api"),
        *(more if "--version" in more else ("--version", "9.2.0", *more)),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "RELEASE_DESK_URL": url or settings.public_url,
            "RELEASE_DESK_SECRET": dict(settings.gate_keys)["PAY"],
            "GITHUB_ACTOR": "dana",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def github_asks(desk: Desk, github: GitHub) -> int:
    body = payload("github/deployment_protection_rule.json")
    body["repository"]["full_name"] = "harbour/payments"
    body["deployment"] |= {"ref": "v9.2.0", "payload": {"item": "pay-api"}}
    callback = "/repos/harbour/payments/actions/runs/7/deployment_protection_rule"
    body["deployment_callback_url"] = f"http://127.0.0.1:{github.port}{callback}"
    content = json.dumps(body).encode()
    digest = hmac.new(WEBHOOK_SECRET.encode(), content, hashlib.sha256).hexdigest()
    headers = {"X-GitHub-Event": "deployment_protection_rule", "X-Hub-Signature-256": f"sha256={digest}"}
    address = f"{desk.assembly.settings.public_url}/hooks/gate/github"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, data=content, headers=headers | {"Content-Type": "application/json"}) as answer,
    ):
        return answer.status


async def in_its_window(desk: Desk) -> tuple[str, Message]:
    """Identifier and card of a release of PAY that brings pay-api 9.2.0, has its go, and may be deployed now."""
    identifier = await desk.request(**{"Configuration items": "pay-api 9.2.0"})
    card = await desk.shows(identifier)
    for person in ("U0RITA", "U0OLGA"):
        await desk.click(person, card, "Approve")
    await desk.shows(identifier, "Approved")
    work = desk.assembly.work
    async with work.reading() as snapshot:
        release, _ = await find_release(snapshot.session, identifier)
    await take_through_tests(work, release.id)
    await say_go(work, by("U0RITA"), release.id)
    await desk.workspace.clock.move(to=desk.start)
    return identifier, card


async def test_a_freeze_typed_in_slack_stops_pipelines_and_lets_them_go_when_lifted(
    asked: Desk, github: GitHub, tmp_path: Path
) -> None:
    desk, folder = asked, tmp_path
    identifier, card = await in_its_window(desk)
    await desk.workspace.command("U0RITA", "C0PAY", "/release freeze PAY until 1h Sale")
    await desk.told("U0RITA", "Payments is frozen")

    status, answer = await curl(desk)
    assert (status, answer["decision"], answer["release"]) == (409, "awaiting", identifier)
    assert [one["code"] for one in answer["reasons"]] == ["freeze"]
    assert answer["release_url"].startswith(f"{desk.workspace.base_url}/archives/C0PAY/p")
    code, said = await releasedesk_gate(desk, folder)
    assert (code, said.startswith(f"awaiting: {identifier} has to wait.")) == (10, True)
    stopped = await desk.in_thread(card, "asked to deploy", identifier, "has to wait")
    assert "pay-api 9.2.0" in str(stopped.blocks)
    assert await github_asks(desk, github) == 200
    assert (await releasedesk_gate(desk, folder, "--version", "9.3.0"))[0] == 11
    assert (await releasedesk_gate(desk, folder, "--item", "nothing"))[0] == 12

    nowhere = f"http://127.0.0.1:{free_port()}"
    assert (await releasedesk_gate(desk, folder, url=nowhere))[0] == 13
    code, said = await releasedesk_gate(desk, folder, "--desk-away", "Shop is down", url=nowhere)
    assert (code, "GOING AHEAD WITHOUT CLEARANCE" in said) == (0, True)
    # A desk that is there is asked, whatever somebody says.
    assert (await releasedesk_gate(desk, folder, "--desk-away", "Shop is down"))[0] == 10
    await desk.in_thread(card, "<@U0RITA>", f"deployed {identifier} without clearance", "broken glass")

    await desk.move(seconds=60)  # the first call failed, so it is tried again
    await desk.until(lambda: github.reviews)
    assert "state" not in github.reviews[0]
    assert "freeze" in github.reviews[0]["comment"]

    await desk.workspace.command("U0RITA", "C0PAY", "/release unfreeze PAY")
    await desk.told("U0RITA", "is lifted")
    await desk.move(seconds=30)
    await desk.until(lambda: github.reviews[-1].get("state") == "approved")
    assert github.reviews[-1]["environment_name"] == "production"
    await desk.in_thread(card, f"GitHub may deploy {identifier} now")
    status, answer = await curl(desk)
    assert (status, answer["decision"], answer["bound_to"]) == (200, "allowed", "version")
    assert (await releasedesk_gate(desk, folder))[0] == 0
