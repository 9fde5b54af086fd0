"""Socket Mode: the connections of the app, and envelopes sent over them."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, WSMsgType, web

from bot.workspace.world.errors import DeliveryFailed, Refused
from bot.workspace.world.records import Json

MOST_CONNECTIONS = 10

GRACE = 10.0
"""Seconds between asking for a reconnect and closing the old connection."""


@dataclass(eq=False)
class _Connection:
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None = None
    draining: bool = False
    waiting: "dict[str, asyncio.Future[Json]]" = field(default_factory=dict)


class Sockets:
    """Up to ten connections; each envelope goes to one of them, in turn."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._connections: list[_Connection] = []
        self._turn = 0
        self._closers: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._connections)

    @property
    def ready(self) -> int:
        """Connections that take envelopes: those that were not asked to reconnect."""
        return sum(not one.draining for one in self._connections)

    def ticket(self) -> str:
        """A ticket for one connection. Raises Refused when ten are open."""
        if len(self._connections) >= MOST_CONNECTIONS:
            raise Refused("too_many_websockets")
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Run one connection until it closes."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=404, text="unknown or used ticket")
        self._tickets.remove(ticket)
        socket = web.WebSocketResponse(max_msg_size=4 * 1024 * 1024)
        await socket.prepare(request)
        connection = _Connection(socket, request.transport)
        self._connections.append(connection)
        try:
            await socket.send_json(self._hello())
            await self._listen(connection)
        finally:
            self._forget(connection)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": {"host": "applink-local", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._app_id},
        }

    @staticmethod
    async def _listen(connection: _Connection) -> None:
        async for message in connection.socket:
            if message.type != WSMsgType.TEXT or not message.data.startswith("{"):
                continue
            answer = json.loads(message.data)
            waiting = connection.waiting.get(answer.get("envelope_id", ""))
            if waiting and not waiting.done():
                waiting.set_result(answer.get("payload") or {})

    def _forget(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for waiting in connection.waiting.values():
            if not waiting.done():
                waiting.set_exception(DeliveryFailed("connection_failed", "The connection"))

    async def send(self, envelope: Json, patience: float) -> Json:
        """Send an envelope over one connection and return the payload of its acknowledgement.

        Raises DeliveryFailed when no connection is open, when it breaks, or after ``patience`` seconds.
        """
        open_ones = [one for one in self._connections if not one.draining]
        if not open_ones:
            raise DeliveryFailed("dispatch_failed", "Reaching the app")
        self._turn += 1
        connection = open_ones[self._turn % len(open_ones)]
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = answer
        try:
            await connection.socket.send_json(envelope)
            return await asyncio.wait_for(answer, patience)
        except TimeoutError:
            raise DeliveryFailed("operation_timeout", "The app") from None
        except ConnectionError:
            raise DeliveryFailed("connection_failed", "The connection") from None
        finally:
            del connection.waiting[envelope["envelope_id"]]
            if answer.done() and not answer.cancelled():
                answer.exception()

    async def ask_reconnect(self, reason: str = "refresh_requested", grace: float = GRACE) -> None:
        """Tell the app that its connections are about to close ("warning", "refresh_requested", "link_disabled").

        After all but a warning they get no more envelopes and are closed ``grace`` seconds later.
        """
        for connection in tuple(self._connections):
            notice = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}
            await connection.socket.send_json(notice)
            if reason != "warning":
                connection.draining = True
                task = asyncio.create_task(self._close_after(connection, grace))
                self._closers.add(task)
                task.add_done_callback(self._closers.discard)

    @staticmethod
    async def _close_after(connection: _Connection, grace: float) -> None:
        await asyncio.sleep(grace)
        await connection.socket.close(code=WSCloseCode.GOING_AWAY)

    async def drop(self) -> int:
        """Break every connection without a word; returns how many there were."""
        dropped = tuple(self._connections)
        for connection in dropped:
            self._forget(connection)
            if connection.transport:
                connection.transport.abort()
        return len(dropped)

    async def close(self) -> None:
        """Close every connection properly: the workspace ends."""
        for task in tuple(self._closers):
            task.cancel()
        for connection in tuple(self._connections):
            await connection.socket.close(code=WSCloseCode.GOING_AWAY)
