"""Socket Mode: the app's connections, and envelopes sent over them."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, WSMsgType, web

from bot.workspace.world.errors import CallRefused, DeliveryFailed
from bot.workspace.world.records import Json

MOST_CONNECTIONS = 10

GRACE = 10.0
"""Seconds between asking for a reconnect and closing the old connection."""


@dataclass(eq=False)
class _Connection:
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None = None
    draining: bool = False
    unanswered: "dict[str, asyncio.Future[Json]]" = field(default_factory=dict)


class Sockets:
    """Each envelope goes over one of the connections, in turn."""

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
        """Connections that take envelopes: not those that were asked to reconnect."""
        return sum(not one.draining for one in self._connections)

    def ticket(self) -> str:
        """Good for one connection. Raises CallRefused when ten are open."""
        if len(self._connections) >= MOST_CONNECTIONS:
            raise CallRefused("too_many_websockets")
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it closes."""
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
            acknowledged = connection.unanswered.get(answer.get("envelope_id", ""))
            if acknowledged and not acknowledged.done():
                acknowledged.set_result(answer.get("payload") or {})

    def _forget(self, connection: _Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        for acknowledged in connection.unanswered.values():
            if not acknowledged.done():
                acknowledged.set_exception(DeliveryFailed("connection_failed", "The connection"))

    async def send(self, envelope: Json, patience: float) -> Json:
        """Returns the payload of the acknowledgement.

        Raises DeliveryFailed without a connection, when it breaks, and after ``patience`` seconds.
        """
        open_ones = [one for one in self._connections if not one.draining]
        if not open_ones:
            raise DeliveryFailed("dispatch_failed", "Reaching the app")
        self._turn += 1
        connection = open_ones[self._turn % len(open_ones)]
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.unanswered[envelope["envelope_id"]] = answer
        try:
            await connection.socket.send_json(envelope)
            return await asyncio.wait_for(answer, patience)
        except TimeoutError:
            raise DeliveryFailed("operation_timeout", "The app") from None
        except ConnectionError:
            raise DeliveryFailed("connection_failed", "The connection") from None
        finally:
            del connection.unanswered[envelope["envelope_id"]]
            if answer.done() and not answer.cancelled():
                answer.exception()

    async def ask_reconnect(self, reason: str = "refresh_requested", grace: float = GRACE) -> None:
        """Announce that the connections will close ("warning", "refresh_requested" or "link_disabled").

        Except after a warning they get no more envelopes and close ``grace`` seconds later.
        """
        for connection in tuple(self._connections):
            announcement = {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}
            await connection.socket.send_json(announcement)
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
        """Break every connection without announcing it; returns how many."""
        dropped = tuple(self._connections)
        for connection in dropped:
            self._forget(connection)
            if connection.transport:
                connection.transport.abort()
        return len(dropped)

    async def close(self) -> None:
        for task in tuple(self._closers):
            task.cancel()
        for connection in tuple(self._connections):
            await connection.socket.close(code=WSCloseCode.GOING_AWAY)
