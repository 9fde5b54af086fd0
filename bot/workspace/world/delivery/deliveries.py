"""Deliveries with redelivery, faults and traffic log."""

import asyncio
import uuid
from collections.abc import Coroutine
from time import perf_counter
from typing import Any

from bot.workspace.world.delivery.signed_http import SignedHttp
from bot.workspace.world.delivery.socket_mode import Sockets
from bot.workspace.world.errors import DeliveryFailed
from bot.workspace.world.page_updates import PageUpdate
from bot.workspace.world.records import Json
from bot.workspace.world.store import Store

PATIENCE = 3.0
"""Seconds that Slack waits for an acknowledgement."""

REDELIVERY_PAUSES = (0.0, 1.0, 5.0)
"""Seconds before each redelivery; shortened from Slack's 0, 60 and 300."""

_REASONS = {"operation_timeout": "timeout", "connection_failed": "connection_failed"}


class Deliveries:
    """``outstanding`` counts the deliveries under way."""

    def __init__(
        self, store: Store, patience: float = PATIENCE, redelivery_pauses: tuple[float, ...] = REDELIVERY_PAUSES
    ) -> None:
        self._store = store
        self.patience = patience
        self.redelivery_pauses = redelivery_pauses
        self.sockets = Sockets(store.app.id)
        self.http = SignedHttp(store.app)
        self.outstanding = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    async def deliver(self, kind: str, payload: Json, name: str) -> Json:
        """Deliver ``payload`` ("slash_commands", "interactive" or "events_api") and return the acknowledgement.

        Events are redelivered up to three times, everything else only while a fault says so. Raises
        DeliveryFailed when the app did not acknowledge in the end.
        """
        if kind == "interactive" and not self._store.app.interactive:
            raise DeliveryFailed("app_missing_action_url", self._store.app.name)
        self.outstanding += 1
        try:
            if self._store.faults.strike("duplicate", name):
                self.in_background(self._attempt(kind, payload, name, 0, ""))
            return await self._with_redelivery(kind, payload, name)
        except DeliveryFailed as failure:
            what = name if kind == "slash_commands" else self._store.app.name
            raise DeliveryFailed(failure.code, what) from failure
        finally:
            self.outstanding -= 1

    async def _with_redelivery(self, kind: str, payload: Json, name: str) -> Json:
        attempt, reason = 0, ""
        while True:
            try:
                return await self._attempt(kind, payload, name, attempt, reason)
            except DeliveryFailed as failure:
                if attempt >= len(self.redelivery_pauses) or not self._may_redeliver(kind, name, failure):
                    raise
                reason = failure.code
                await asyncio.sleep(self.redelivery_pauses[attempt])
                attempt += 1

    def _may_redeliver(self, kind: str, name: str, failure: DeliveryFailed) -> bool:
        if failure.code == "no_retry":
            return False
        return kind == "events_api" or self._store.faults.strike("redeliver_interactions", name) is not None

    async def _attempt(self, kind: str, payload: Json, name: str, attempt: int, reason: str) -> Json:
        entry = self._store.traffic.begin(self._store.clock.now(), "delivery", name, payload)
        entry.attempt = attempt
        began = perf_counter()
        try:
            entry.answer = await self._send(kind, payload, attempt, reason)
        except DeliveryFailed as failure:
            entry.outcome = failure.code
            raise
        else:
            entry.outcome = "acknowledged"
            if self._store.faults.strike("lose_ack", name):
                entry.outcome = "acknowledgement lost"
        finally:
            entry.duration_ms = (perf_counter() - began) * 1000
            self._store.tell(PageUpdate("traffic"))
        if entry.outcome != "acknowledged":
            raise DeliveryFailed("operation_timeout", "The app")
        return dict(entry.answer)

    async def _send(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        if not self._store.app.socket_mode:
            return await self.http.send(kind, payload, self.patience, attempt, reason)
        # Slack does not promise that a redelivered envelope keeps its id, so it gets a new one here.
        envelope = {
            "envelope_id": str(uuid.uuid4()),
            "payload": payload,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": _REASONS.get(reason, reason)}
        return await self.sockets.send(envelope, self.patience)

    def in_background(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Failed deliveries are only in the traffic log."""
        self.outstanding += 1
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: "asyncio.Task[Any]") -> None:
        self.outstanding -= 1
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) and not isinstance(error, DeliveryFailed):
            raise error

    async def close(self) -> None:
        """Cancels what is under way."""
        for task in tuple(self._tasks):
            task.cancel()
        await self.sockets.close()
        await self.http.close()
