"""The HTTP server: signed requests from Slack, health checks, and the pages of other modules.

It uses aiohttp's low-level server without routes and middlewares: three paths are fixed, and pages are found by the
first part of their path.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.response import BoltResponse

from bot.http.bodies import decode
from bot.http.signatures import SlackSignature

log = structlog.get_logger()

Receive = Callable[[dict[str, Any], str], Awaitable[BoltResponse]]

Readiness = Callable[[], Awaitable[Mapping[str, bool]]]

Page = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
"""Answers every request below the first part of a path, whatever its method."""


class HttpServer:
    """Serves ``/healthz`` and ``/readyz``, ``/slack/events`` with a ``signature``, and ``pages``.

    ``ready`` says which parts of the program work. The page ``hooks`` gets ``/hooks`` and everything below it.
    """

    def __init__(
        self,
        ready: Readiness,
        receive: Receive | None = None,
        signature: SlackSignature | None = None,
        pages: Mapping[str, Page] | None = None,
    ) -> None:
        self._ready = ready
        self._pages = dict(pages or {})
        self._receive = receive
        self._signature = signature
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=8.0)

    async def start(self, host: str, port: int) -> int:
        """Listen on ``port``, or on a free one if it is 0; returns the port. Raises OSError when it is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port, backlog=512).start()
        port = int(self._runner.addresses[0][1])
        log.info("listening", host=host, port=port)
        return port

    async def stop(self) -> None:
        """Take no new requests, and answer those in work."""
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == "/slack/events" and self._receive and self._signature:
            if request.method == "POST":
                return await self._from_slack(request, self._receive, self._signature)
            # Slack checks the certificate now and then; any other method is a mistake.
            return web.Response() if "ssl_check" in request.query else _only("POST")
        page = self._pages.get(request.path.split("/", 2)[1])
        if page is not None:
            return await page(request)
        if request.path not in ("/healthz", "/readyz"):
            return web.Response(status=404)
        if request.method not in ("GET", "HEAD"):
            return _only("GET, HEAD")
        parts = await self._ready() if request.path == "/readyz" else {"up": True}
        return _json(200 if all(parts.values()) else 503, parts)

    @staticmethod
    async def _from_slack(request: web.BaseRequest, receive: Receive, signature: SlackSignature) -> web.Response:
        body = await request.read()
        if not signature.holds(request.headers, body):
            log.warning("signature_refused", remote=request.remote)
            return web.Response(status=401)
        try:
            payload = decode(body.decode(), request.content_type)
        except ValueError:
            return web.Response(status=400)
        if payload.get("type") == "url_verification":
            return _json(200, {"challenge": payload.get("challenge")})
        if "ssl_check" in payload:
            return web.Response()
        response = await receive(payload, _payload_id(request, payload))
        kind = response.headers.get("content-type", ["text/plain;charset=utf-8"])[0]
        return web.Response(
            status=response.status,
            body=response.body.encode(),
            headers={"Content-Type": kind} if response.body else {},
        )


def _payload_id(request: web.BaseRequest, payload: dict[str, Any]) -> str:
    """How the log names the payload: by its event id, or by the time of the request."""
    return str(payload.get("event_id") or request.headers.get("X-Slack-Request-Timestamp", ""))


def _only(methods: str) -> web.Response:
    return web.Response(status=405, headers={"Allow": methods})


def _json(status: int, content: Mapping[str, Any]) -> web.Response:
    return web.Response(status=status, body=json.dumps(content).encode(), content_type="application/json")
