"""The parts of Release Desk, put together around one database and one Slack client."""

import asyncio
from dataclasses import replace
from typing import Any

import structlog
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.config.settings import Settings
from bot.http.calendar_page import CalendarPage
from bot.http.deployment_hook import DeploymentHook
from bot.http.gate_hook import GateHook, GateKeys
from bot.http.gate_secrets import GateSecrets
from bot.http.sealing import unseal
from bot.http.server import Page
from bot.http.signatures import HookSignature
from bot.slack.client import make_patient_client
from bot.slack.receiving import Receiver, make_app
from handlers.dispatch.desk import Desk
from handlers.dispatch.dispatcher import Dispatcher
from handlers.registration import build_registry
from models.membership.rights import Workspace
from models.migrations.upgrade import upgrade
from models.pipelines.links import GATE, Links
from models.storage.database import Database
from models.subscriptions import posts_for
from models.time.clock import Clock
from models.unit_of_work import UnitOfWork
from scheduler.callbacks import CallbackKeys, Callbacks
from scheduler.delivery import Delivery
from scheduler.github_app import GitHubApp
from scheduler.jobs import JobRunner

log = structlog.get_logger()


class Assembly:
    """The parts for one workspace. Create it inside the running loop."""

    def __init__(self, settings: Settings, clock: Clock, client: AsyncWebClient) -> None:
        self._client = client
        self.settings = settings
        self.database = Database(settings.database_url.get_secret_value())
        self.work = UnitOfWork(self.database, clock, posts_for)
        self.delivery = Delivery(self.work, client)
        self._links = Links(settings.reached_at)
        secrets = GateSecrets(settings.gate_keys)
        hosts = settings.callback_hosts
        keys = CallbackKeys(
            secrets.sign, lambda service, sealed: unseal(secrets.first(service), sealed), _github_app(settings)
        )
        self.jobs = JobRunner(self.work, self.delivery, Callbacks(self.work, hosts, self._links, keys))
        webhook = settings.github_app_webhook_secret
        github = HookSignature(webhook.get_secret_value()) if webhook else None
        gate = GateHook(
            self.work,
            GateKeys(secrets, github, settings.github_api_url),
            hosts,
            self._links,
            lambda: self.jobs.run_soon("callbacks"),
        )
        self._desk = Desk(self.work, clock, settings.reached_at)
        hook = DeploymentHook(self.work, settings.deployment_hook_secret)
        self.pages: dict[str, Page] = {
            "calendar": CalendarPage(self.work),
            "hooks": lambda request: (gate if request.path.startswith(GATE) else hook).answer(request),
        }
        self._dispatcher: Dispatcher | None = None
        self._receiver: Receiver | None = None
        self._delivering: asyncio.Task[None] | None = None

    async def start(self, identity: dict[str, Any]) -> asyncio.Task[None]:
        """Bring the schema up to date, then receive and deliver; returns the task that delivers.

        ``identity`` is Slack's answer to ``auth.test``.
        """
        self._links.workspace = str(identity.get("url") or "")
        migrations = await upgrade(self.database)
        if migrations:
            log.info("schema_upgraded", migrations=migrations)
        await self.delivery.take_over()
        workspace = self.delivery.directory.workspace = Workspace.of(identity)
        app = make_app(self._client, identity)
        self._dispatcher = Dispatcher(
            build_registry(),
            replace(self._desk, workspace=workspace),
            make_patient_client(self._client),
            self.delivery.directory,
        )
        self._dispatcher.attach(app)
        self._receiver = Receiver(app)
        self._delivering = asyncio.create_task(self.delivery.run(), name="delivery")
        self.jobs.start()
        return self._delivering

    async def receive(self, payload: dict[str, Any], payload_id: str) -> BoltResponse:
        """The answer to ``payload``; only after :meth:`start`."""
        if self._receiver is None:
            raise RuntimeError("the assembly has not been started")
        return await self._receiver.receive(payload, payload_id)

    async def stop(self) -> None:
        """Finish what was begun, in the order in which work flows: handlers, jobs, calls to Slack."""
        if self._dispatcher is not None:
            await self._dispatcher.drain()
        await self.jobs.stop()
        self.delivery.stop()
        if self._delivering is not None:
            await asyncio.wait((self._delivering,))

    async def database_answers(self) -> bool:
        """Whether the database can be read within two seconds."""
        try:
            async with asyncio.timeout(2), self.database.reading() as session:
                await (await session.connection()).execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError, TimeoutError):
            return False
        return True

    async def close(self) -> None:
        """Close the database, also after a stop that did not finish."""
        if self._delivering is not None:
            self._delivering.cancel()
            await asyncio.gather(self._delivering, return_exceptions=True)
        await self.database.close()


def _github_app(settings: Settings) -> GitHubApp | None:
    key = settings.github_app_private_key
    if not settings.github_app_id or key is None:
        return None
    return GitHubApp(settings.github_app_id, key.get_secret_value(), settings.github_api_url)
