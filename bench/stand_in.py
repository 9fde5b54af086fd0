"""A Slack that costs next to nothing: it accepts every call, and sends clicks over a WebSocket at any rate."""

import asyncio
import json
import time
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web


@dataclass
class StandIn:
    """Serves the Web API and Socket Mode on one port; ``connected`` is set once it said hello to the app."""

    port: int = 0
    calls: int = 0
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    connected_at: float = 0.0
    _socket: web.WebSocketResponse | None = None
    _waiting: dict[str, asyncio.Future[float]] = field(default_factory=dict)

    async def start(self) -> None:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_post("/api/{method}", self._call)
        app.router.add_get("/api/{method}", self._call)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]

    async def stop(self) -> None:
        if self._socket is not None:
            await self._socket.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The base address of the Web API."""
        return f"http://127.0.0.1:{self.port}/api/"

    def forget(self) -> None:
        """Prepare for the next app."""
        self.connected = asyncio.Event()
        self._socket = None

    async def click(self, payload: str, number: int) -> float:
        """Send a click over the socket; returns the seconds until it was acknowledged."""
        envelope = f"e{number}"
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting[envelope] = future
        begun = time.perf_counter()
        head = f'"type":"interactive","envelope_id":"{envelope}","accepts_response_payload":true'
        text = f'{{{head},"payload":{payload}}}'
        if self._socket is None:
            raise RuntimeError("no app is connected")
        await self._socket.send_str(text)
        return await future - begun

    async def _call(self, request: web.Request) -> web.Response:
        self.calls += 1
        method = request.match_info["method"]
        await request.read()
        answer: dict[str, object] = {"ok": True}
        if method == "apps.connections.open":
            answer["url"] = f"ws://127.0.0.1:{self.port}/link"
        elif method == "auth.test":
            answer |= {"user_id": "U0BOT", "bot_id": "B0", "team_id": "T0", "team": "Bench", "url": self.url}
        elif method in ("chat.postMessage", "chat.update"):
            answer |= {"channel": "C0PAY", "ts": f"{time.time():.6f}"}
        elif method == "users.info":
            answer["user"] = {"id": "U0RITA", "name": "rita", "profile": {}, "tz": "Europe/Amsterdam"}
        return web.json_response(answer)

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        self._socket = socket
        await socket.send_str(
            json.dumps({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0"}})
        )
        self.connected_at = time.monotonic()
        self.connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self._acknowledged(message.data)
        return socket

    def _acknowledged(self, text: str) -> None:
        future = self._waiting.pop(json.loads(text).get("envelope_id", ""), None)
        if future is not None and not future.done():
            future.set_result(time.perf_counter())
