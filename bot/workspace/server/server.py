"""Serving the workspace on 127.0.0.1."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from aiohttp import web

from bot.workspace.page.routes import add_routes
from bot.workspace.server.control_interface import add_control
from bot.workspace.server.web_api import WebApi
from bot.workspace.workspace import Workspace
from bot.workspace.world.errors import CallRefused

HOST = "127.0.0.1"

_OURS = ("127.0.0.1", "localhost")

_FROM_THE_APP = ("/api/", "/link/", "/response/")

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(workspace: Workspace) -> web.Application:
    app = web.Application(middlewares=[_only_from_here], client_max_size=4 * 1024 * 1024)
    app.router.add_route("*", "/api/{method}", WebApi(workspace).serve)
    app.router.add_get("/link/", workspace.deliveries.sockets.serve)
    app.router.add_post("/response/{key}", _response_url(workspace))
    add_control(app, workspace)
    add_routes(app, workspace)
    return app


@web.middleware
async def _only_from_here(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuse other sites that reach this machine through the browser of somebody on it.

    A foreign ``Host`` is a name that resolves to this machine, a foreign ``Origin`` a page that posts here. What
    the app calls needs a secret anyway.
    """
    if not request.path.startswith(_FROM_THE_APP):
        if urlsplit(f"//{request.host}").hostname not in _OURS:
            raise web.HTTPForbidden(text="This workspace answers only to 127.0.0.1 and localhost.")
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            raise web.HTTPForbidden(text="This workspace takes no requests from other sites.")
    return await handler(request)


def _response_url(workspace: Workspace) -> _Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        workspace.calls += 1
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        entry = workspace.traffic.begin(workspace.clock.now(), "call", "response_url", body)
        entry.status, entry.answer = 200, {"ok": True}
        try:
            workspace.response_urls.answer(request.match_info["key"], body)
        except CallRefused as refused:
            entry.status = 404 if refused.code.endswith("_url") else 400
            entry.answer = {"ok": False, "error": refused.code, **refused.more}
            return web.json_response(entry.answer, status=entry.status)
        return web.Response(text="ok")

    return answer


@asynccontextmanager
async def serve(workspace: Workspace, port: int = 0) -> AsyncIterator[str]:
    """Yield the base URL of the Web API (``http://127.0.0.1:port/api/``) while it is served.

    Port 0 picks a free one. Raises OSError when the port is taken.
    """
    runner = web.AppRunner(application(workspace), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, HOST, port)
        await site.start()
        workspace.base_url = f"http://{HOST}:{runner.addresses[0][1]}"
        yield f"{workspace.base_url}/api/"
    finally:
        await workspace.stop()
        await runner.cleanup()
