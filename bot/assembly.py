"""Release Desk put together: what `releasedesk run` runs, also beside the local workspace.

There is one :class:`Program` a process, made and run inside one event loop. The clock is handed in.
"""

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.receiving import Receiver, make_app
from bot.settings import DEFAULT_PORT, Settings
from bot.slack import identify, make_client, make_session, refused_token
from bot.socket_mode import SocketMode
from handlers.desk import Desk
from handlers.dispatch import Dispatcher
from handlers.registration import build_registry
from models.catalog.store import CatalogCache
from models.clock import Clock, SystemClock
from models.database import Database
from models.migrations.upgrade import upgrade
from models.unit_of_work import UnitOfWork
from scheduler.delivery import Delivery
from scheduler.ticks import Ticks

if TYPE_CHECKING:
    from bot.http_server import HttpServer

log = structlog.get_logger()

FAREWELL = 9.0
"""Seconds that a stop may take to finish what was begun; supervisors kill after ten as a rule."""


class Program:
    """Release Desk for one workspace: :meth:`run` it, wait for ``ready``, and :meth:`stop` it.

    ``port`` says where HTTP is served once it is ready; it is None when none is.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self._settings = settings
        self.clock = clock or SystemClock()
        self.database = Database(settings.database_url.get_secret_value())
        self.work = UnitOfWork(self.database, self.clock)
        self.catalogs = CatalogCache()
        self._session = make_session()
        self.client = make_client(settings, self._session)
        self.delivery = Delivery(self.work, self.catalogs, self.client)
        self.ticks = Ticks(self.work, self.catalogs, self.delivery)
        self._dispatcher = Dispatcher(build_registry(), Desk(self.work, self.catalogs, self.clock), self.client)
        self._socket: SocketMode | None = None
        self._http: HttpServer | None = None
        self._running: dict[str, asyncio.Task[Any]] = {}
        self._ticking = False
        self._stopping = asyncio.Event()
        self.ready = asyncio.Event()
        self.port: int | None = None

    async def run(self) -> None:
        """Bring the schema up to date, connect, and work until :meth:`stop`.

        Raises :class:`~models.errors.Invalid` when Slack refuses a token, OSError when the port is taken, and
        SQLAlchemyError when the database cannot be reached.
        """
        try:
            self._begin("start", self._start())
            self._begin("stop", self._stopping.wait())
            while not self._stopping.is_set():
                await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)
                self._look_after()
        except SlackApiError as error:
            raise refused_token("SLACK_APP_TOKEN", error) from None
        finally:
            self.ready.clear()
            await self._farewell()
            log.info("stopped")

    def stop(self) -> None:
        """Take nothing new, finish what was begun; :meth:`run` returns when that is done."""
        self._stopping.set()

    def _begin(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        self._running[name] = asyncio.create_task(work, name=name)
        return self._running[name]

    def _look_after(self) -> None:
        """Raise what a part that ended has raised; only the start may end before the stop."""
        for name, task in tuple(self._running.items()):
            if task.done():
                del self._running[name]
                task.result()

    async def _start(self) -> None:
        identity, migrations = await asyncio.gather(identify(self.client), upgrade(self.database))
        if migrations:
            log.info("schema_upgraded", migrations=migrations)
        log.info("authorized", team=identity.get("team"), bot=identity.get("user"))
        app = make_app(self.client, identity)
        self._dispatcher.attach(app)
        receiver = Receiver(app)
        self._begin("delivery", self.delivery.run())
        if self._settings.slack_app_token is not None:
            token = self._settings.slack_app_token.get_secret_value()
            self._socket = SocketMode(self.client, token, receiver.receive)
            await _until(self._socket.connected, self._begin("socket", self._socket.run()))
        await self._serve_http(receiver)
        self.ticks.start()
        self._ticking = True
        self.ready.set()

    async def _serve_http(self, receiver: Receiver) -> None:
        """Serve Slack's deliveries, or in Socket Mode the two addresses for health where a port is set."""
        if self._socket is not None and self._settings.port is None:
            return
        from bot.http_server import HttpServer, Signature

        secret = self._settings.slack_signing_secret
        if self._socket is None and secret is not None:
            self._http = HttpServer(self.parts, receiver.receive, Signature(secret.get_secret_value()))
        else:
            self._http = HttpServer(self.parts)
        port = DEFAULT_PORT if self._settings.port is None else self._settings.port
        self.port = await self._http.start(self._settings.host, port)

    async def parts(self) -> dict[str, bool]:
        """Which parts work: the database, delivery, and the connection to Slack."""
        delivering = self._running.get("delivery")
        return {
            "database": await self._database_answers(),
            "delivery": delivering is not None and not delivering.done(),
            "slack": self._socket.connected.is_set() if self._socket else self._http is not None,
        }

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(2), self.database.reading() as session:
                await session.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError, TimeoutError):
            return False
        return True

    async def _farewell(self) -> None:
        """Finish in the order in which work flows: what comes in, what it set off, what goes out."""
        try:
            async with asyncio.timeout(FAREWELL):
                await self._finish()
        except TimeoutError:
            log.warning("stopped_before_all_was_finished")
        finally:
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(*self._running.values(), return_exceptions=True)
            await self._session.close()
            await self.database.close()

    async def _finish(self) -> None:
        if "start" in self._running:
            self._running["start"].cancel()
            await self._ended("start")
        if self._socket is not None:
            self._socket.stop()
            await self._ended("socket")
        if self._http is not None:
            await self._http.stop()
        await self._dispatcher.drain()
        if self._ticking:
            await self.ticks.stop()
        self.delivery.stop()
        await self._ended("delivery")

    async def _ended(self, name: str) -> None:
        task = self._running.get(name)
        if task is not None:
            await asyncio.wait((task,))


async def _until(event: asyncio.Event, task: asyncio.Task[Any]) -> None:
    """Wait for ``event``; raises what ``task`` raises when that ends first."""
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait((waiting, task), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if task.done():
        task.result()
