"""Calls tools back with the answer they wait for: over HTTPS, to hosts that the settings allow, no redirects."""

import asyncio
import json
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from models.pipelines.callback_hosts import CallbackHosts
from models.pipelines.callbacks import DueCallback, callback_failed, callback_sent, claim_callback
from models.pipelines.formats.azure import check_result
from models.pipelines.formats.github import protection_rule_review
from models.pipelines.formats.terraform import run_task_result
from models.pipelines.links import Links
from models.pipelines.question import Tool
from models.time.clock import SystemClock
from models.unit_of_work import UnitOfWork
from scheduler.github_app import GitHubApp, GitHubRefused

log = structlog.get_logger()

PATIENCE = aiohttp.ClientTimeout(total=15)

AT_MOST = 100
"""Calls in one run."""

FOR_GOOD = frozenset((400, 401, 403, 404, 405, 410, 422))
"""Answers that the next try would get, too."""


@dataclass(frozen=True, slots=True)
class CallbackKeys:
    """``sign`` makes the headers that show a service's pipelines that the body is ours, from a time and the body.

    ``unseal`` opens the key that a tool sent along; None if it can't be opened any more.
    """

    sign: Callable[[str, str, bytes], Mapping[str, str]]
    unseal: Callable[[str, str], str | None]
    github: GitHubApp | None = None


class Unsendable(Exception):
    """No try will succeed."""


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    body: bytes
    headers: Mapping[str, str]


class Callbacks:
    def __init__(self, work: UnitOfWork, hosts: CallbackHosts, links: Links, keys: CallbackKeys) -> None:
        self._work = work
        self._hosts = hosts
        self._links = links
        self._keys = keys

    async def send_due(self) -> None:
        """Make the calls that are due; one that fails is tried again later."""
        for _ in range(AT_MOST):
            due = await claim_callback(self._work)
            if due is None:
                return
            await self._send(due)

    async def _send(self, due: DueCallback) -> None:
        try:
            failure, for_good = await self._try(due)
        except (Unsendable, GitHubRefused) as error:
            failure, for_good = str(error), getattr(error, "for_good", True)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            failure, for_good = type(error).__name__, False
        if not failure:
            await callback_sent(self._work, due.id)
            return
        again = await callback_failed(self._work, due, failure, for_good=for_good)
        log.warning("callback_failed", tool=due.tool.value, service=due.service, error=failure, again=again)

    async def _try(self, due: DueCallback) -> tuple[str, bool]:
        """What went wrong, empty if nothing did, and whether it always will."""
        url = str(due.about["url"])
        if problem := self._hosts.problem(url):
            raise Unsendable(problem)
        connector = aiohttp.TCPConnector(resolver=_CheckedResolver(self._hosts), limit=1)
        async with aiohttp.ClientSession(connector=connector, timeout=PATIENCE, trust_env=False) as session:
            self._check_literal(url)
            call = await self._call(session, due)
            async with session.request(
                call.method,
                URL(url, encoded=True),
                data=call.body,
                headers=call.headers,
                allow_redirects=False,
            ) as answer:
                status = answer.status
        if 200 <= status < 300:
            return "", False
        if due.tool is Tool.GITHUB and status == 401 and self._keys.github is not None:
            self._keys.github.forget(str(due.about["installation"]))
            return f"answered with {status}", False
        return f"answered with {status}", status in FOR_GOOD or 300 <= status < 400

    def _check_literal(self, url: str) -> None:
        """An address in the place of a name is never resolved, so it is looked at here."""
        found = URL(url, encoded=True)
        host = found.host or ""
        if _is_literal(host) and not self._hosts.may_reach(host, found.explicit_port, host):
            raise Unsendable(f"{host} may not be called")

    async def _call(self, session: aiohttp.ClientSession, due: DueCallback) -> _Call:
        answer = self._links.into(due.answer, due.card)
        link = answer["release_url"]
        if due.tool is Tool.GITHUB:
            if self._keys.github is None:
                raise Unsendable("GITHUB_APP_ID is not set")
            headers = await self._keys.github.headers(session, str(due.about["installation"]))
            return _json_call("POST", protection_rule_review(due.about, answer, link), headers)
        if due.tool is Tool.AZURE:
            return _json_call("POST", check_result(due.about, answer), self._bearer(due))
        if due.tool is Tool.TERRAFORM:
            headers = {**self._bearer(due), "Content-Type": "application/vnd.api+json"}
            return _json_call("PATCH", run_task_result(due.about, answer, link), headers)
        call = _json_call("POST", answer, {})
        # Pipelines check the time that was signed, so it is the real one.
        signed = self._keys.sign(due.service, str(int(SystemClock().now().timestamp())), call.body)
        return _Call(call.method, call.body, {**call.headers, **signed})

    def _bearer(self, due: DueCallback) -> Mapping[str, str]:
        token = self._keys.unseal(due.service, due.bearer)
        if not token:
            raise Unsendable("the tool's key can't be opened any more: the service's secret has changed")
        return {"Authorization": f"Bearer {token}"}


def _json_call(method: str, content: Mapping[str, Any], headers: Mapping[str, str]) -> _Call:
    return _Call(method, json.dumps(content).encode(), {"Content-Type": "application/json", **headers})


def _is_literal(host: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, host.partition("%")[0])
        except OSError:
            continue
        return True
    return False


class _CheckedResolver(AbstractResolver):
    """Resolves names, and refuses addresses that may not be called: what is checked is what is connected to."""

    def __init__(self, hosts: CallbackHosts) -> None:
        self._hosts = hosts

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, type=socket.SOCK_STREAM, family=socket.AF_UNSPEC
        )
        results = [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST,
            )
            for kind, _, protocol, _, address in found
        ]
        if not results or not all(self._hosts.may_reach(host, port, one["host"]) for one in results):
            raise Unsendable(f"{host} leads to an address that may not be called")
        return results

    async def close(self) -> None:
        """Nothing is kept."""
