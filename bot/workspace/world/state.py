"""The workspace without its people's acts: what is in it, and how it talks to the app."""

import asyncio
from pathlib import Path
from typing import Any, Self

import yaml

from bot.workspace.world import payloads
from bot.workspace.world.app import App
from bot.workspace.world.clock import MovableClock
from bot.workspace.world.delivery.deliveries import PATIENCE, REDELIVERY_PAUSES, Deliveries
from bot.workspace.world.rate_limits import RateLimits
from bot.workspace.world.records import Json
from bot.workspace.world.response_urls import ResponseUrls
from bot.workspace.world.seed import fill
from bot.workspace.world.store import Store
from bot.workspace.world.triggers import Triggers


class WorkspaceState(Store):
    """What is in the workspace, with deliveries, triggers, response URLs and rate limits of its one app.

    ``suggestions`` are the options that the app suggested last, by message or view, then by action_id.
    """

    def __init__(
        self,
        app: App,
        clock: MovableClock | None = None,
        *,
        patience: float = PATIENCE,
        redelivery_pauses: tuple[float, ...] = REDELIVERY_PAUSES,
        rate_multiplier: float | None = 1.0,
    ) -> None:
        """A workspace with nobody in it but ``app``.

        ``patience`` is how many seconds the app has to acknowledge, ``redelivery_pauses`` the seconds before each
        redelivery; ``rate_multiplier`` widens Slack's rate limits (None: no limits).
        """
        super().__init__(app, clock)
        self.rate_limits = RateLimits(self.clock.now, rate_multiplier)
        self.deliveries = Deliveries(self, patience, redelivery_pauses)
        self.triggers = Triggers(self.clock.now)
        self.response_urls = ResponseUrls(self)
        self.suggestions: dict[str, dict[str, list[Json]]] = {}
        self.calls_under_way = 0
        self.calls = 0

    @classmethod
    def from_dict(cls, description: Json, app: App, clock: MovableClock | None = None, **options: Any) -> Self:
        """A workspace filled from ``description`` (see :func:`bot.workspace.world.seed.fill`)."""
        workspace = cls(app, clock, **options)
        fill(workspace, description)
        return workspace

    @classmethod
    def from_file(cls, path: Path, app: App, clock: MovableClock | None = None, **options: Any) -> Self:
        """A workspace filled from the description in a YAML file."""
        return cls.from_dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {}, app, clock, **options)

    def send_event(self, subscription: str, inner: Json) -> None:
        """Deliver an event in the background if the app subscribes to it."""
        if subscription in self.app.events:
            body = payloads.event(self, inner)
            self.deliveries.in_background(self.deliveries.deliver("events_api", body, subscription))

    async def idle(self, quiet: float = 0.05, patience: float = 10.0) -> None:
        """Wait until no delivery and no call has been under way for ``quiet`` seconds.

        Raises TimeoutError after ``patience`` seconds.
        """
        async with asyncio.timeout(patience):
            calm, seen = 0.0, self.calls
            while calm < quiet:
                await asyncio.sleep(0.01)
                busy = self.deliveries.outstanding or self.calls_under_way or self.calls != seen
                calm, seen = 0.0 if busy else calm + 0.01, self.calls

    async def stop(self) -> None:
        """Cancel deliveries under way and close the app's connections."""
        await self.deliveries.close()
