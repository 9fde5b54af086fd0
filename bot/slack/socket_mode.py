"""Socket Mode with a limit on the envelopes in work, over a connection that is replaced when Slack asks.

slack_sdk's client starts a task for every envelope, retries an address that is good for one connection only, and
closes the old connection before the acknowledgements due on it are sent. Here the new connection opens first, and
the old one is read until Slack closes it.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import ClientWebSocketResponse, ClientWSTimeout, WSMessage, WSMsgType
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.client import PASSING, TRANSPORT_ERRORS, pause, refusal

if TYPE_CHECKING:
    from slack_bolt.response import BoltResponse

log = structlog.get_logger()

IN_WORK = 100
"""Envelopes handled at the same time."""

WAITING = 1000
"""Envelopes that may queue; reading stops until there is room for more."""

HEARTBEAT = 10.0
"""Seconds between two pings; a connection that does not answer in half that time is replaced."""

GREETING = 10.0
"""Seconds Slack may take to open a connection and say hello."""

GRACE = 15.0
"""Seconds until a replaced connection is closed if Slack has not closed it; acknowledgements take 3."""

REPLACEMENT = 2.0
"""Seconds an acknowledgement waits for a connection after its own broke; Slack waits for 3."""

Receive = Callable[[dict[str, Any], str], Awaitable["BoltResponse"]]


class SocketMode:
    """Takes envelopes from Slack, has ``receive`` handle them, and acknowledges them."""

    def __init__(
        self,
        client: AsyncWebClient,
        app_token: str,
        receive: Receive,
        *,
        in_work: int = IN_WORK,
        waiting: int = WAITING,
    ) -> None:
        self._client = client
        self._app_token = app_token
        self._receive = receive
        self._in_work = in_work
        self._envelopes: asyncio.Queue[tuple[ClientWebSocketResponse, dict[str, Any]]] = asyncio.Queue(waiting)
        self._current: ClientWebSocketResponse | None = None
        self._readers: dict[ClientWebSocketResponse, asyncio.Task[None]] = {}
        self._renew = asyncio.Event()
        self._stopping = asyncio.Event()
        self.connected = asyncio.Event()

    async def run(self) -> None:
        """Stay connected until :meth:`stop`, then finish the envelopes in work.

        Raises SlackApiError when Slack refuses the app token before the first connection.
        """
        workers = [asyncio.create_task(self._work()) for _ in range(self._in_work)]
        keeper = asyncio.create_task(self._stay_connected())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((keeper, stopping), return_when=asyncio.FIRST_COMPLETED)
            if keeper.done():
                keeper.result()
            await _end(keeper, *self._readers.values())
            await self._envelopes.join()
        finally:
            self.connected.clear()
            await _end(keeper, stopping, *self._readers.values(), *workers)
            await asyncio.gather(*(socket.close() for socket in self._readers))

    @property
    def waiting(self) -> int:
        """How many envelopes are queued."""
        return self._envelopes.qsize()

    @property
    def sockets(self) -> tuple[ClientWebSocketResponse, ...]:
        """The open connections: two while one replaces the other."""
        return tuple(self._readers)

    def stop(self) -> None:
        """Take nothing new; :meth:`run` returns once everything in work is acknowledged."""
        self._stopping.set()

    async def _stay_connected(self) -> None:
        tries = 0
        while True:
            self._renew.clear()
            try:
                await self._connect()
                tries = 0
                await self._renew.wait()
            except (SlackApiError, *TRANSPORT_ERRORS) as error:
                if self._current is None and refusal(error) not in PASSING:
                    raise
                tries += 1
                await pause(tries, error)

    async def _connect(self) -> None:
        """Open a connection beside the current one, and replace it at Slack's hello."""
        async with asyncio.timeout(GREETING):
            socket, hello = await self._open()
        replaced, self._current = self._current, socket
        self._readers[socket] = asyncio.create_task(self._read(socket))
        self.connected.set()
        log.info("connected", connections=hello.get("num_connections"), renewed=replaced is not None)
        if replaced is not None and not replaced.closed:
            asyncio.get_running_loop().call_later(GRACE, self._retire, replaced)

    async def _open(self) -> tuple[ClientWebSocketResponse, dict[str, Any]]:
        session = self._client.session
        if session is None:
            raise ValueError("the client needs a session")
        answer = await self._client.apps_connections_open(app_token=self._app_token)
        closing = ClientWSTimeout(ws_close=2.0)
        socket = await session.ws_connect(answer["url"], heartbeat=HEARTBEAT, timeout=closing, max_msg_size=0)
        try:
            return socket, _hello(await socket.receive())
        except BaseException:
            await socket.close()
            raise

    def _retire(self, socket: ClientWebSocketResponse) -> None:
        """Close a replaced connection that Slack left open."""
        reader = self._readers.pop(socket, None)
        if reader is not None:
            reader.cancel()
            reader.add_done_callback(lambda _: asyncio.ensure_future(socket.close()))

    async def _read(self, socket: ClientWebSocketResponse) -> None:
        """Queue what arrives until the connection ends."""
        while (message := await socket.receive()).type is WSMsgType.TEXT:
            envelope = _envelope(message.data)
            if "envelope_id" in envelope:
                await self._envelopes.put((socket, envelope))
            elif envelope.get("type") == "disconnect":
                log.info("reconnect_asked_for", reason=envelope.get("reason"))
                if socket is self._current:
                    self._renew.set()
        await socket.close()
        self._readers.pop(socket, None)
        if socket is self._current:
            log.warning("disconnected", code=socket.close_code)
            self.connected.clear()
            self._renew.set()

    async def _work(self) -> None:
        while True:
            socket, envelope = await self._envelopes.get()
            try:
                await self._handle(socket, envelope)
            except Exception:  # the edge: one envelope must not end its worker
                log.exception("envelope_failed", envelope=envelope["envelope_id"])
            finally:
                self._envelopes.task_done()

    async def _handle(self, socket: ClientWebSocketResponse, envelope: dict[str, Any]) -> None:
        envelope_id = str(envelope["envelope_id"])
        response = await self._receive(envelope.get("payload") or {}, envelope_id)
        if response.status != 200:
            log.warning("envelope_not_taken", envelope=envelope_id, status=response.status)
            return
        acknowledgement = _acknowledgement(envelope_id, response)
        if not (await _sent(socket, acknowledgement) or await self._sent_elsewhere(acknowledgement)):
            log.warning("acknowledgement_not_sent", envelope=envelope_id)

    async def _sent_elsewhere(self, acknowledgement: str) -> bool:
        """Send an acknowledgement over the next connection, if one opens in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REPLACEMENT):
                await self.connected.wait()
                return self._current is not None and await _sent(self._current, acknowledgement)
        return False


async def _sent(socket: ClientWebSocketResponse, text: str) -> bool:
    if socket.closed:
        return False
    try:
        await socket.send_str(text)
    except ConnectionError:
        return False
    return True


async def _end(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _hello(message: WSMessage) -> dict[str, Any]:
    if message.type is not WSMsgType.TEXT:
        raise ConnectionError("Slack closed the connection before its hello")
    return _envelope(message.data)


def _envelope(text: str) -> dict[str, Any]:
    try:
        envelope = json.loads(text)
    except ValueError:
        envelope = None
    if not isinstance(envelope, dict):
        log.warning("message_not_understood", length=len(text))
        return {}
    return envelope


def _acknowledgement(envelope_id: str, response: "BoltResponse") -> str:
    """The answer to an envelope; Bolt's body is JSON already and goes in unparsed."""
    quoted = json.dumps(envelope_id)
    if not response.body:
        return f'{{"envelope_id":{quoted}}}'
    is_json = response.headers.get("content-type", [""])[0].startswith("application/json")
    payload = response.body if is_json else json.dumps({"text": response.body})
    return f'{{"envelope_id":{quoted},"payload":{payload}}}'
