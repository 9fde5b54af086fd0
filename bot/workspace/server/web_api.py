"""The Web API over HTTP: tokens, scopes, rate limits, faults and traffic log."""

import asyncio
import json
from time import perf_counter
from typing import Any

from aiohttp import web

from bot.workspace.api.methods import METHODS, Call, Method
from bot.workspace.world.errors import CallRefused, RateLimited
from bot.workspace.world.page_updates import PageUpdate
from bot.workspace.world.records import Json
from bot.workspace.world.state import WorkspaceState
from bot.workspace.world.traffic import TrafficEntry

_NOT_JSON = "[ERROR] the body is not JSON"


class WebApi:
    def __init__(self, workspace: WorkspaceState) -> None:
        self._workspace = workspace

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer ``/api/{method}``."""
        workspace = self._workspace
        name = request.match_info["method"]
        workspace.calls += 1
        workspace.calls_under_way += 1
        entry = workspace.traffic.begin(workspace.clock.now(), "call", name, {})
        began = perf_counter()
        try:
            return await self._answer(request, name, entry)
        finally:
            workspace.calls_under_way -= 1
            entry.duration_ms = (perf_counter() - began) * 1000
            workspace.tell(PageUpdate("traffic"))

    async def _answer(self, request: web.Request, name: str, entry: TrafficEntry) -> web.StreamResponse:
        faults = self._workspace.faults
        args = await _arguments(request)
        entry.request = {key: value for key, value in args.items() if key != "token"} if args is not None else None
        if slow := faults.strike("slow", name):
            await asyncio.sleep(slow.seconds)
        if faults.strike("cut_before", name):
            entry.outcome = "connection cut before"
            return _cut(request)
        if broken := faults.strike("server_error", name):
            entry.status, entry.answer = broken.status, {"ok": False, "error": "service_unavailable"}
            return web.Response(status=broken.status, text="upstream unavailable")
        if limited := faults.strike("ratelimited", name):
            return _limited(RateLimited(max(1, round(limited.seconds))), entry)
        try:
            answer = {"ok": True, **await self._carry_out(name, args)}
        except RateLimited as refused:
            return _limited(refused, entry)
        except CallRefused as refused:
            answer = {"ok": False, "error": refused.code, **refused.more}
        entry.status, entry.answer = 200, answer
        if faults.strike("cut_after", name):
            entry.outcome = "carried out, connection cut"
            return _cut(request)
        return web.json_response(answer, headers=self._headers(name))

    def _headers(self, name: str) -> dict[str, str]:
        method = METHODS.get(name)
        scopes = {"X-OAuth-Scopes": ",".join(self._workspace.app.scopes)}
        return {**scopes, "X-Accepted-OAuth-Scopes": method.scope or ""} if method else scopes

    async def _carry_out(self, name: str, args: Json | None) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise CallRefused("unknown_method", req_method=name)
        if args is None:
            raise CallRefused("json_not_object", response_metadata={"messages": [_NOT_JSON]})
        call = Call(self._workspace, name, args)
        self._check_token(method, args.get("token"))
        if method.scope:
            call.require_scope(method.scope)
        if method.tier is not None:
            self._workspace.rate_limits.call(name, method.tier)
        return await method.handler(call)

    def _check_token(self, method: Method, token: Any) -> None:
        app = self._workspace.app
        if method.takes is None:
            return
        if not token:
            raise CallRefused("not_authed")
        if token not in (app.bot_token, app.app_token):
            raise CallRefused("invalid_auth")
        wanted = {"bot": app.bot_token, "app": app.app_token}.get(method.takes, token)
        if token != wanted:
            raise CallRefused("not_allowed_token_type")


async def _arguments(request: web.Request) -> Json | None:
    """From query, body and Authorization header; None for a broken body."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            return None
        if not isinstance(body, dict):
            return None
        args |= body
    elif request.can_read_body:
        args |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        args["token"] = header.removeprefix("Bearer ").strip()
    return args


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response()


def _limited(refused: RateLimited, entry: TrafficEntry) -> web.Response:
    answer = {"ok": False, "error": refused.code}
    entry.status, entry.answer = 429, answer
    return web.json_response(answer, status=429, headers={"Retry-After": str(refused.retry_after)})
