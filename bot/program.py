"""The running program: it connects, works until it is told to stop, and finishes what it began.

Starting is mostly loading code, and connecting is mostly waiting for Slack, so both happen at once. What Slack
sends meanwhile queues in Socket Mode, well within the three seconds for an acknowledgement.
"""

import asyncio
import gc
import sys
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.config.settings import DEFAULT_PORT, Settings
from bot.slack.client import identify, make_client, make_session, refused_token
from bot.slack.socket_mode import SocketMode
from models.time.clock import Clock, SystemClock

if TYPE_CHECKING:
    from slack_bolt.response import BoltResponse

    from bot.assembly import Assembly
    from bot.http.server import HttpServer

log = structlog.get_logger()

STOP_LIMIT = 9.0
"""Seconds for a stop to finish what was begun; supervisors usually kill after ten."""


class Program:
    """Release Desk for one workspace: :meth:`run` it, wait for ``ready``, and :meth:`stop` it.

    Create it inside the running loop. Once it is ready, ``assembly`` holds its parts, and ``port`` is where it
    serves HTTP, if it does.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or SystemClock()
        self._session = make_session()
        self.client = make_client(settings, self._session)
        self._socket: SocketMode | None = None
        if settings.slack_app_token is not None:
            self._socket = SocketMode(self.client, settings.slack_app_token.get_secret_value(), self._receive)
        self._http: HttpServer | None = None
        self._running: dict[str, asyncio.Task[Any]] = {}
        self._assembled = asyncio.Event()
        self._stopping = asyncio.Event()
        self.assembly: Assembly | None = None
        self.ready = asyncio.Event()
        self.port: int | None = None

    async def run(self) -> None:
        """Connect, bring the schema up to date, and work until :meth:`stop`.

        Raises :class:`~models.errors.Invalid` when Slack refuses a token, OSError when the port is taken, and
        SQLAlchemyError when the database cannot be used.
        """
        try:
            self._begin("start", self._start())
            self._begin("stop", self._stopping.wait())
            while not self._stopping.is_set():
                await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)
                self._raise_failures()
        except SlackApiError as error:
            raise refused_token("SLACK_APP_TOKEN", error) from None
        finally:
            self.ready.clear()
            await self._end()
            log.info("stopped")

    def stop(self) -> None:
        """Take nothing new and finish what was begun; :meth:`run` returns once that is done."""
        self._stopping.set()

    async def health(self) -> dict[str, bool]:
        """Which parts work: the database, delivery, and the connection to Slack."""
        delivering = self._running.get("delivery")
        return {
            "database": self.assembly is not None and await self.assembly.database_answers(),
            "delivery": delivering is not None and not delivering.done(),
            "slack": self._socket.connected.is_set() if self._socket else self._http is not None,
        }

    def _begin(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        self._running[name] = asyncio.create_task(work, name=name)
        return self._running[name]

    def _raise_failures(self) -> None:
        """Raise what a part raised that has ended; only the start ends before the stop."""
        for name, task in tuple(self._running.items()):
            if task.done():
                del self._running[name]
                task.result()

    async def _start(self) -> None:
        connection = self._begin("socket", self._socket.run()) if self._socket else None
        identity, _ = await asyncio.gather(identify(self.client), asyncio.to_thread(_load))
        log.info("authorized", team=identity.get("team"), bot=identity.get("user"))
        from bot.assembly import Assembly

        self.assembly = Assembly(self._settings, self._clock, self.client)
        self._running["delivery"] = await self.assembly.start(identity)
        self._assembled.set()
        if self._socket and connection:
            await _until(self._socket.connected, connection)
        await self._serve_http(self.assembly)
        log.info("ready")
        self.ready.set()

    async def _receive(self, payload: dict[str, Any], payload_id: str) -> "BoltResponse":
        await self._assembled.wait()
        assert self.assembly is not None
        return await self.assembly.receive(payload, payload_id)

    async def _serve_http(self, assembly: "Assembly") -> None:
        """Serve Slack and everybody else; in Socket Mode only the latter, and only with a port."""
        if self._socket is not None and self._settings.port is None:
            return
        from bot.http.server import HttpServer
        from bot.http.signatures import SlackSignature

        secret = self._settings.slack_signing_secret
        if self._socket is None and secret is not None:
            signature = SlackSignature(secret.get_secret_value())
            self._http = HttpServer(self.health, assembly.receive, signature, pages=assembly.pages)
        else:
            self._http = HttpServer(self.health, pages=assembly.pages)
        port = DEFAULT_PORT if self._settings.port is None else self._settings.port
        self.port = await self._http.start(self._settings.host, port)

    async def _end(self) -> None:
        """Finish in the order in which work flows: what came in, what it set off, what goes out."""
        try:
            async with asyncio.timeout(STOP_LIMIT):
                await self._finish()
        except TimeoutError:
            log.warning("stopped_before_all_was_finished")
        finally:
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)
            if self.assembly is not None:
                await self.assembly.close()
            await self._session.close()

    async def _finish(self) -> None:
        start = self._running.get("start")
        if start is not None:
            start.cancel()
            await asyncio.wait((start,))
        connection = self._running.get("socket")
        if self._socket is not None and connection is not None and self._assembled.is_set():
            self._socket.stop()
            await asyncio.wait((connection,))
        if self._http is not None:
            await self._http.stop()
        if self.assembly is not None:
            await self.assembly.stop()


def _load() -> None:
    """Import everything else. That makes little garbage, so the collector pauses and skips it from then on."""
    if "bot.assembly" in sys.modules:
        return
    interval = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)  # the connection opens at the same time
    gc.disable()
    try:
        import bot.assembly  # noqa: F401
    finally:
        gc.freeze()
        gc.enable()
        sys.setswitchinterval(interval)


async def _until(event: asyncio.Event, task: asyncio.Task[Any]) -> None:
    """Wait for ``event``. Raises what ``task`` raises if it ends first."""
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait((waiting, task), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if task.done():
        task.result()
